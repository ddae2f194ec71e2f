import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, open, serverUrl, startBrowser, titled, type View, violations, visit } from './browser.ts'

interface Listed {
  readonly items: readonly { readonly id: string }[]
}

/** Every screen's address, with ids of what the server really holds. */
const addresses = async (page: Page): Promise<Record<string, string>> => {
  const first = async (path: string) => {
    const [item] = (await ask<Listed>(page, path)).items
    if (!item) throw new Error(`The server under test has nothing at ${path}: run a study on it first`)
    return item.id
  }
  const study = await first('/studies')
  const finding = await first('/findings')
  const matrix = await ask<{ rows: { app: { id: string }; cells: { analysisId: string }[] }[] }>(
    page,
    `/studies/${study}/matrix`,
  )
  const app = matrix.rows[0]?.app.id
  const analysis = matrix.rows[0]?.cells[0]?.analysisId
  return {
    studies: '/studies',
    'new study': '/studies?new=1',
    matrix: `/studies/${study}`,
    models: `/studies/${study}/models`,
    'models by severity': `/studies/${study}/models?metric=high`,
    'findings of a study': `/studies/${study}/findings`,
    activity: `/studies/${study}/activity`,
    analysis: `/analyses/${analysis}`,
    apps: '/apps',
    app: `/apps/${app}`,
    code: `/apps/${app}/code`,
    'findings of an app': `/apps/${app}/findings`,
    findings: '/findings',
    'findings, filtered': '/findings?severity=critical,high&state=open&sort=path',
    'findings by rule': '/findings?by=rule',
    finding: `/findings/${finding}`,
    system: '/system',
    members: '/members',
    keys: '/members/keys',
    audit: '/members/audit',
    'nothing there': '/nowhere',
    'a study that is gone': '/studies/01890000-0000-7000-8000-ffffffffffff',
  }
}

const views: readonly View[] = [
  { width: 1440, scheme: 'light' },
  { width: 1440, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
]

describe.skipIf(!serverUrl)(titled('screens'), () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  test.each(views)('are accessible, whole and quiet at $width, $scheme', { timeout: 180_000 }, async (view) => {
    const { context, page, complaints } = await visit(browser, view)
    const wrong: string[] = []
    for (const [name, address] of Object.entries(await addresses(page))) {
      complaints.length = 0
      await open(page, address)
      for (const violation of await violations(page)) wrong.push(`${name}: ${violation}`)
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      if (beyond > 0) wrong.push(`${name}: ${beyond} pixels wider than the window`)
      // The browser reports the 404 the last screen is about.
      for (const complaint of complaints) if (!complaint.includes('404')) wrong.push(`${name}: ${complaint}`)
    }
    await context.close()
    expect(wrong).toEqual([])
  })

  test('dialogs and menus are accessible', { timeout: 60_000 }, async () => {
    const { context, page } = await visit(browser, { width: 1440, scheme: 'light' })
    await open(page, '/findings')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Analyzer/ }).click()
    await page.getByRole('checkbox').nth(5).waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Account/ }).click()
    await page.getByRole('menuitemradio').first().waitFor()
    expect(await violations(page)).toEqual([])
    await context.close()
  })
})
