import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** Where the server under test listens, e.g. `http://127.0.0.1:7420`; without it the browser tests are skipped. */
export const serverUrl = process.env['ASSAY_E2E_URL']

/** The title of a group of tests, with the reason when they are skipped. */
export const titled = (title: string): string => {
  const missing = process.env['ASSAY_E2E_MISSING']
  return missing ? `${title} (${missing})` : title
}

/** The system's Chromium. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })

export interface View {
  readonly width: 1440 | 390
  readonly scheme: 'light' | 'dark'
}

/** A fresh visitor; what the pages complain about on the console is collected. */
export const visit = async (
  browser: Browser,
  { width, scheme }: View,
): Promise<{ readonly context: BrowserContext; readonly page: Page; readonly complaints: string[] }> => {
  const context = await browser.newContext({
    viewport: { width, height: width === 390 ? 844 : 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    ...(serverUrl ? { baseURL: serverUrl } : {}),
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return { context, page, complaints }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const axeRules: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}

/** What axe finds wrong on the page as it stands, one line each: rule, number of places, the first of them. */
export const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axeSource)
  const results = await page.evaluate(
    (rules) => (window as unknown as { axe: { run(rules: RunOptions): Promise<AxeResults> } }).axe.run(rules),
    axeRules,
  )
  return results.violations.map(({ id, nodes }) => `${id} ×${nodes.length}: ${nodes[0]?.target.join(' ')}`)
}

/** Opens an address and waits until it shows its content. */
export const open = async (page: Page, path: string): Promise<void> => {
  await page.goto(path, { waitUntil: 'load' })
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('main')?.textContent?.includes('Loading '))
}

/** The JSON the API answers with, asked as the page would. */
export const ask = async <T>(page: Page, path: string): Promise<T> => {
  const answer = await page.request.get(`/api/v1${path}`)
  if (!answer.ok()) throw new Error(`GET ${path} answered ${answer.status()}`)
  return (await answer.json()) as T
}
