import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { open, serverUrl, startBrowser, titled, type View, violations, visit } from './browser.ts'
import { fillPath, type Server, startServer } from './server.ts'

const wide = { width: 1440, scheme: 'light' } as const
const views: readonly View[] = [
  wide,
  { width: 1440, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
]

describe.skipIf(!serverUrl)(titled('the path of a finding'), () => {
  let browser: Browser
  let server: Server
  let finding: string
  let app: string
  beforeAll(async () => {
    browser = await startBrowser()
    server = await startServer({ flags: ['--workers', '0'], prepare: fillPath })
    const { items } = await (await fetch(`${server.url}/api/v1/findings`)).json()
    finding = items[0].id
    app = items[0].app.id
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const path = (page: Page) => page.getByRole('region', { name: /^Path/ })
  const stands = (page: Page, text: string | RegExp) => path(page).getByRole('status').getByText(text).waitFor()

  test('is walked by buttons and keys, with its step in the address', { timeout: 60_000 }, async () => {
    const { context, page, complaints } = await visit(browser, wide)
    await open(page, `${server.url}/findings/${finding}`)
    await stands(page, 'comes from the query string')
    await path(page).getByText('name = request.args["name"]').waitFor()

    await path(page).getByRole('button', { name: 'Next' }).click()
    await page.waitForURL('**/findings/*?step=2')
    await page.keyboard.press('n')
    await page.keyboard.press('n')
    await page.keyboard.press('n')
    await page.waitForURL('**/findings/*?step=5')
    await stands(page, 'put into text')
    // The path has crossed into another file.
    await path(page).getByText('def find(text):').waitFor()
    await page.keyboard.press('p')
    await stands(page, 'passed to this call')
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('Next step of the path').waitFor()
    await page.keyboard.press('Escape')

    await path(page).getByRole('link', { name: /^Sink/ }).click()
    await page.waitForURL('**/findings/*?step=6')
    expect(await path(page).locator('[aria-current=step]').textContent()).toContain('reaches connection.execute')
    // At the end there is nothing further, and the button keeps the focus.
    await path(page).getByRole('button', { name: 'Next' }).press('Enter')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Next')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('goes on in the code view, from file to file', { timeout: 60_000 }, async () => {
    const { context, page } = await visit(browser, wide)
    await open(page, `${server.url}/findings/${finding}?step=4`)
    await path(page).getByRole('link', { name: 'Whole file' }).click()
    await page.waitForURL(/\/code\?.*path=app\.py.*step=4/)
    await page.getByRole('heading', { level: 2, name: 'app.py' }).waitFor()
    expect(await page.locator('[data-line="12"] > .bg-mark').count()).toBe(1)
    await page.keyboard.press('n')
    await page.waitForURL(/path=shop\/store\.py.*step=5/)
    await page.locator('[data-line="8"] > .bg-mark').waitFor()
    await path(page).getByRole('button', { name: 'Previous' }).click()
    await page.locator('[data-line="12"] > .bg-mark').waitFor()

    // A colleague is sent no more than the step.
    await open(page, `${server.url}/apps/${app}/code?finding=${finding}&step=6`)
    await page.locator('[data-line="9"] > .bg-mark').waitFor()
    await path(page).getByRole('link', { name: 'Leave the path' }).click()
    await path(page).waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toContain('path=shop/store.py')
    await context.close()
  })

  test.each(views)('is accessible and whole at $width, $scheme', { timeout: 60_000 }, async (view) => {
    const { context, page } = await visit(browser, view)
    for (const address of [`/findings/${finding}?step=5`, `/apps/${app}/code?finding=${finding}&step=5`, '/findings']) {
      await open(page, `${server.url}${address}`)
      await page.waitForLoadState('networkidle')
      expect([address, await violations(page)]).toEqual([address, []])
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect([address, Math.max(0, beyond)]).toEqual([address, 0])
      const folder = process.env['ASSAY_E2E_PICTURES']
      const name = `${address.replace(/\W+/g, '-').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '')}-${view.width}-${view.scheme}`
      if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
    }
    await context.close()
  })

  test('what is of low confidence is folded away, counted, and shown on demand', { timeout: 60_000 }, async () => {
    const { context, page } = await visit(browser, wide)
    await open(page, `${server.url}/findings`)
    await page.getByText('1 finding', { exact: true }).waitFor()
    const note = page.getByRole('status').filter({ hasText: '1 finding of low confidence not shown' })
    await note.getByRole('button', { name: 'Show' }).click()
    await page.waitForURL('**/findings?confidence=high,medium,low')
    await page.getByText('2 findings', { exact: true }).waitFor()
    expect(await note.count()).toBe(0)
    await page.getByRole('link', { name: 'Perhaps nothing' }).waitFor()
    await page.getByRole('button', { name: /^Confidence/ }).click()
    await page.getByRole('dialog', { name: 'Confidence' }).getByRole('checkbox', { name: /^Low/ }).uncheck()
    await page.waitForURL('**/findings')
    await note.waitFor()
    await context.close()
  })
})
