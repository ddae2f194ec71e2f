import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, open, serverUrl, startBrowser, titled, visit } from './browser.ts'

describe.skipIf(!serverUrl)(titled('decisions and keys in the browser'), () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  test('a finding is accepted with a reason, and reopened', { timeout: 60_000 }, async () => {
    const { context, page } = await visit(browser, { width: 1440, scheme: 'light' })
    await page.goto('/')
    const { items } = await ask<{ items: { id: string }[] }>(page, '/findings?state=open&severity=low')
    await open(page, `/findings/${items[0]?.id}`)
    expect(await page.getByRole('button', { name: 'Accept' }).isDisabled()).toBe(true)
    await page.getByLabel('Reason').fill('Only ever run in the class room.')
    await page.getByRole('button', { name: 'Accept' }).click()
    await page.getByRole('status').getByText('Accepted').waitFor()
    const history = page.locator('section').filter({ has: page.getByRole('heading', { name: 'History' }) })
    await history.getByText('Only ever run in the class room.').first().waitFor()

    await page.reload()
    await history.getByText('Only ever run in the class room.').first().waitFor()
    await page.getByLabel('Reason').fill('The class room has the network now.')
    await page.getByRole('button', { name: 'Reopen' }).click()
    await page.getByRole('status').getByText('Reopened').waitFor()
    await history.getByText('The class room has the network now.').first().waitFor()
    await page.getByRole('button', { name: 'Accept' }).waitFor()
    await context.close()
  })

  test('a key is shown once, works, and is revoked', { timeout: 60_000 }, async () => {
    const { context, page } = await visit(browser, { width: 1440, scheme: 'light' })
    await open(page, '/members/keys')
    await page.getByRole('button', { name: 'Create a key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('CI of the shop')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('dialog', { name: /CI of the shop/ }).waitFor()
    const secret = (await page.getByRole('dialog').locator('code').first().textContent()) ?? ''
    expect(secret.length).toBeGreaterThan(20)
    const withKey = async (): Promise<number> => {
      const answer = await fetch(`${serverUrl}/api/v1/keys`, { headers: { authorization: `Bearer ${secret}` } })
      return answer.status
    }
    // A viewer's key is known, and may not look at keys.
    expect(await withKey()).toBe(403)
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await page.getByRole('table', { name: 'Keys' }).getByText('CI of the shop').waitFor()
    expect(await page.getByText(secret).count()).toBe(0)

    await page.getByRole('button', { name: 'Revoke CI of the shop' }).click()
    await page.getByRole('button', { name: 'Revoke CI of the shop?' }).click()
    await page.getByText('No keys yet').waitFor()
    expect(await withKey()).toBe(401)
    await context.close()
  })
})
