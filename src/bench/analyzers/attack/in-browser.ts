import { setTimeout as sleep } from 'node:timers/promises'
import { BrowserUnavailable, openBrowserFor, type SandboxedBrowser } from '#bench/browser'
import type { Exchange } from '#bench/findings'
import { SandboxUnavailable } from '#bench/sandbox'
import { usual } from './classes/each-target.ts'
import type { Lab } from './lab.ts'
import type { Proof } from './proof.ts'

/** Pages that are opened: each takes a moment. */
const most = 6
/** Milliseconds a script has to run after its page has loaded. */
const patience = 300

/** The markup of each family with a script that sets a property of the window named by the word. */
const scripts: Readonly<Record<string, (word: string, value: string) => string>> = {
  element: (word) => `'"></title></textarea></script><img src=x onerror=window.${word}=1>`,
  'bare element': (word, value) => `${value}<img src=x onerror=window.${word}=1>`,
  attribute: (word) => `a" autofocus tabindex="1" onfocus="window.${word}=1`,
  'quoted attribute': (word) => `a' autofocus tabindex='1' onfocus='window.${word}=1`,
  script: (word) => `a';window.${word}=1//`,
  'double-quoted script': (word) => `a";window.${word}=1//`,
}

/** What came of asking a browser. */
export interface BrowserTrial {
  readonly proofs: readonly Proof[]
  /** Why no browser was asked. */
  readonly unavailable?: string
}

/**
 * Lets Chromium, in a sandbox of its own, open the pages in which markup of ours was seen: where its script runs, the proof is of
 * high confidence. The others stay as they are.
 */
export async function runInBrowser(lab: Lab, proofs: readonly Proof[]): Promise<BrowserTrial> {
  const candidates = proofs.filter(({ rule, parameter }) => rule === 'cross-site-scripting' && parameter !== undefined)
  if (candidates.length === 0) return { proofs }
  const { running, signal } = lab.parts
  try {
    await using browser = await openBrowserFor(running, signal)
    const confirmed = new Map<Proof, Proof>()
    for (const proof of candidates.slice(0, most)) {
      const ran = lab.timeLeft() ? await confirm(lab, browser, proof) : undefined
      if (ran !== undefined) confirmed.set(proof, ran)
    }
    return { proofs: proofs.map((proof) => confirmed.get(proof) ?? proof) }
  } catch (error) {
    if (error instanceof BrowserUnavailable || error instanceof SandboxUnavailable)
      return { proofs, unavailable: error.message }
    throw error
  }
}

async function confirm(lab: Lab, browser: SandboxedBrowser, proof: Proof): Promise<Proof | undefined> {
  const [kind = '', family = ''] = (proof.family ?? '').split(', ')
  const write = scripts[family]
  const { endpoint, parameter } = proof
  if (write === undefined || parameter === undefined) return undefined
  const word = lab.word()
  const target = { endpoint, parameter }
  const sent = await lab.attempt(target, write(word, usual(lab, target)), 'sends markup with a script')
  const page = kind === 'stored' ? proof.exchanges.at(-1) : sent
  if (page === undefined || !(await runs(lab, browser, page, word))) return undefined
  return {
    ...proof,
    message: `${proof.message.replace(/\.$/, '')}, and its script ran in a browser.`,
    exchanges: [sent, ...proof.exchanges.slice(kind === 'stored' ? 1 : 0)],
    observed: [
      ...(proof.observed ?? []),
      `Chromium ${browser.version} opened ${new URL(page.request.url).pathname} and ran the script: it set window.${word}.`,
    ],
    confidence: 'high',
  }
}

/** Opens the page as the visitor and looks whether the property is there. */
async function runs(lab: Lab, browser: SandboxedBrowser, { request }: Exchange, word: string): Promise<boolean> {
  const context = await browser.visitor()
  try {
    await context.addCookies(
      lab.visitor.jar.all().map(({ name, value }) => ({ name, value, url: lab.parts.running.origin })),
    )
    const page = await context.newPage()
    let first = true
    await page.route('**/*', (route) => {
      if (!first) return route.continue()
      first = false
      const kept = request.headers.filter(([name]) => /^(?:content-type|authorization|x-)/i.test(name))
      return route.continue({
        method: request.method,
        headers: { ...route.request().headers(), ...Object.fromEntries(kept) },
        ...(request.body !== undefined && { postData: request.body }),
      })
    })
    await page.goto(request.url, { waitUntil: 'load', timeout: 8000 })
    await sleep(patience, undefined, { signal: lab.parts.signal })
    return await page.evaluate((name) => name in globalThis, word)
  } catch (error) {
    // A page that does not load runs nothing; a browser that is gone is found out by the next one.
    if (error instanceof Error && /Timeout|net::|closed/.test(error.message)) return false
    throw error
  } finally {
    await context.close()
  }
}
