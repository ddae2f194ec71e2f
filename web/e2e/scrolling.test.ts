import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { open, serverUrl, startBrowser, titled, visit } from './browser.ts'
import { fillFindings, type Server, startServer } from './server.ts'

const findings = 100_000
/** With those of low confidence, which are folded away unasked. */
const everything = '/findings?confidence=high,medium,low'

describe.skipIf(!serverUrl)(titled('scrolling through 100,000 findings'), () => {
  let browser: Browser
  let server: Server
  beforeAll(async () => {
    browser = await startBrowser()
    server = await startServer({
      flags: ['--workers', '0'],
      prepare: (environment) => fillFindings(environment, findings),
    })
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('draws few rows, and those that belong there', { timeout: 240_000 }, async () => {
    const { context, page } = await visit(browser, { width: 1440, scheme: 'light' })
    await open(page, `${server.url}${everything}`)
    await page.getByText('100,000 findings', { exact: true }).waitFor()
    const table = page.getByRole('table', { name: 'Findings' })
    // Pages open by cursor: the way to the end leads through all of them.
    for (const share of [0, 0.03, 0.1, 0.01]) {
      await table.evaluate((element, to) => {
        const box = element.parentElement
        if (box) box.scrollTop = to * (box.scrollHeight - box.clientHeight)
      }, share)
      // Rows come from the server; until then they stand there empty.
      const isThere = (to: number) => {
        const box = document.querySelector('table[aria-label="Findings"]')?.parentElement
        const edge = box?.getBoundingClientRect()
        const top = edge && document.elementFromPoint(edge.left + 60, edge.top + 70)?.closest('tr')
        const row = top?.querySelector('[data-row]')?.getAttribute('data-row')
        return row != null && Math.abs(Number(row) - to) < 60
      }
      await page.waitForFunction(isThere, share * findings, { timeout: 90_000 })
      expect(await table.locator('tbody tr').count()).toBeLessThan(80)
    }
    await context.close()
  })

  test('a far row is reached, and found again on coming back', { timeout: 120_000 }, async () => {
    const { context, page } = await visit(browser, { width: 1440, scheme: 'light' })
    await open(page, `${server.url}${everything}`)
    await page.locator('[data-row="0"]').waitFor()
    const last = (await page.locator('table[aria-label="Findings"]').getAttribute('aria-rowcount')) ?? '2'
    const target = Math.min(Number(last) - 1, 30_000)
    await page.getByLabel('Row', { exact: true }).fill(String(target))
    await page.keyboard.press('Enter')
    const row = page.locator(`[data-row="${target - 1}"]`)
    await row.waitFor({ timeout: 60_000 })
    const title = await row.textContent()
    await row.press('Enter')
    await page.getByRole('heading', { level: 1, name: title ?? '' }).waitFor()
    await page.goBack()
    await page.locator(`[data-row="${target - 1}"]`).waitFor({ timeout: 10_000 })
    await context.close()
  })
})
