import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeApps } from './apps.ts'
import { ask, open, serverUrl, startBrowser, titled, visit } from './browser.ts'

const wide = { width: 1440, scheme: 'light' } as const
const patience = 120_000

/** Fills the dialog for a study over the apps of a folder and starts it; the address is then that of the study. */
const startStudy = async (page: Page, folder: string, name: string): Promise<void> => {
  await open(page, '/studies')
  await page
    .getByRole('link', { name: 'New study' })
    .or(page.getByRole('button', { name: 'New study' }))
    .first()
    .click()
  const dialog = page.getByRole('dialog', { name: 'New study' })
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByLabel('Folder').fill(folder)
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await dialog.getByText(/imported and chosen/).waitFor()
  await dialog.getByRole('button', { name: 'Start the study' }).click()
  await page.waitForURL(/\/studies\/[0-9a-f-]{36}$/)
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

const state = (page: Page) => page.getByRole('region', { name: 'Progress' })

describe.skipIf(!serverUrl)(titled('studies in the browser'), () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  test('from a folder through the dialog to a matrix that fills in', { timeout: patience }, async () => {
    await using apps = await writeApps(['quick'], 2)
    const { context, page, complaints } = await visit(browser, wide)
    await startStudy(page, apps.path, 'From a folder')
    await state(page).getByText('Completed', { exact: true }).waitFor({ timeout: 90_000 })
    const grid = page.getByRole('grid', { name: 'Apps and analyzers' })
    const dataflow = grid.getByRole('link', { name: /^dataflow: completed, [1-9]\d* findings, worst/ })
    expect(await dataflow.count()).toBe(2)
    await dataflow.first().click()
    await page.waitForURL('**/analyses/*')
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('cancel, resume, export, delete', { timeout: 2 * patience }, async () => {
    await using apps = await writeApps(['quick', 'slow'], 12)
    const { context, page } = await visit(browser, wide)
    const name = `Stopped on the way, ${apps.path}`
    await startStudy(page, apps.path, name)

    await page.getByRole('button', { name: 'Cancel' }).click()
    await state(page).getByText('Cancelled', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await state(page).getByText('Completed', { exact: true }).waitFor({ timeout: patience })

    await page.getByRole('button', { name: 'Export' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^SARIF/ }).click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/\.sarif$/)
    const sarif = JSON.parse(await readFile(await file.path(), 'utf8'))
    expect(sarif.version).toBe('2.1.0')
    const { findings } = await ask<{ findings: { total: number; lowConfidence: number } }>(
      page,
      new URL(page.url()).pathname,
    )
    expect(sarif.runs.flatMap((run: { results: unknown[] }) => run.results)).toHaveLength(
      findings.total + findings.lowConfidence,
    )
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the study' }).click()
    await page.waitForURL('**/studies')
    await page.getByRole('link', { name: 'Starter study' }).waitFor()
    expect(await page.getByText(name).count()).toBe(0)
    await context.close()
  })

  test('what ended in error is run again on demand', { timeout: patience }, async () => {
    const { context, page } = await visit(browser, wide)
    await page.goto('/')
    const { items } = await ask<{ items: { id: string }[] }>(page, '/apps')
    // An option there is not: the analyzer refuses it each time.
    const options = { dependencies: { nonsense: true } }
    const wanted = { name: 'A wrong option', apps: [items[0]?.id], analyzers: ['dependencies'], options }
    const id = await page.evaluate(async (body) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch('/api/v1/studies', { method: 'POST', headers, body: JSON.stringify(body) })
      return (await answer.json()).id as string
    }, wanted)
    await open(page, `/studies/${id}`)
    await page.getByRole('link', { name: /^dependencies: error/ }).waitFor()
    const retried = page.waitForResponse((response) => response.url().endsWith('/retry'))
    await page.getByRole('button', { name: 'Retry 1 analysis' }).click()
    expect((await (await retried).json()).progress).toMatchObject({ total: 1, finished: 0 })
    await page.getByRole('button', { name: 'Retry 1 analysis' }).waitFor()
    await context.close()
  })

  test('says what is wrong with a folder, and keeps what was typed', { timeout: patience }, async () => {
    const { context, page } = await visit(browser, wide)
    await open(page, '/studies?new=1')
    const dialog = page.getByRole('dialog', { name: 'New study' })
    await dialog.getByLabel('Name', { exact: true }).fill('Nowhere')
    await dialog.getByLabel('Folder').fill('/no/such/folder')
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await dialog.getByRole('alert').getByText('/no/such/folder').waitFor()
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('Nowhere')
    expect(await dialog.getByRole('button', { name: 'Start the study' }).isDisabled()).toBe(true)
    await context.close()
  })
})
