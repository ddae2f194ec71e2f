import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, open, serverUrl, startBrowser, titled, visit } from './browser.ts'

describe.skipIf(!serverUrl)(titled('keyboard'), () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  test('goes everywhere without a mouse', { timeout: 60_000 }, async () => {
    const { context, page } = await visit(browser, { width: 1440, scheme: 'light' })
    await open(page, '/studies')

    await page.keyboard.press('g')
    await page.keyboard.press('f')
    await page.waitForURL('**/findings')
    await page.locator('[data-row="0"]').waitFor()

    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.locator('[data-row="1"]:focus').waitFor()
    await page.keyboard.press('k')
    await page.locator('[data-row="0"]:focus').waitFor()
    const title = await page.locator('[data-row="0"]').textContent()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/findings/*')
    await page.getByRole('heading', { level: 1, name: title ?? '' }).waitFor()

    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await page.waitForURL('**/studies')
    await page.locator('[data-row-link]').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('grid').waitFor()
    await context.close()
  })

  test('search, filters and the address belong together', { timeout: 60_000 }, async () => {
    const { context, page } = await visit(browser, { width: 1440, scheme: 'light' })
    await open(page, '/findings')
    await page.keyboard.press('/')
    await page.keyboard.type('sql')
    await page.waitForURL('**/findings?q=sql')
    await page.keyboard.press('Escape')
    await page.getByRole('checkbox', { name: /^Critical/ }).check({ force: true })
    await page.waitForURL(/severity=critical/)
    const { total } = await ask<{ total: number }>(page, '/findings?q=sql&severity=critical')
    expect(total).toBeGreaterThan(1)
    const counted = `${total.toLocaleString('en')} findings`
    await page.getByText(counted, { exact: true }).waitFor()

    // A colleague opens the same address and sees the same.
    const other = await context.newPage()
    await other.goto(page.url())
    await other.getByText(counted, { exact: true }).waitFor()
    expect(await other.getByRole('checkbox', { name: /^Critical/ }).isChecked()).toBe(true)
    await context.close()
  })
})
