import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import type { Runner, Sandbox, SandboxGateway, SandboxLimits, SandboxProcess } from '#bench/sandbox'
import { messageOf } from '#platform/errors'
import { findChromium } from './chromium.ts'
import { BrowserUnavailable } from './errors.ts'

export interface BrowserRequest {
  readonly runner: Runner
  /**
   * All it can reach. For an app of `#bench/launch`: `{ port: Number(new URL(app.origin).port), socket: app.socket }`, and
   * `http://localhost:PORT` in the browser is the app. Other hosts do not resolve.
   */
  readonly gateways: readonly SandboxGateway[]
  readonly limits?: Partial<SandboxLimits>
  /** Stops the browser and its sandbox. */
  readonly signal: AbortSignal
}

/** A browser in a sandbox of its own. Stop it in `finally` or by `await using`. */
export interface SandboxedBrowser {
  /** `156.0.8078.79`. */
  readonly version: string
  readonly sandbox: Sandbox
  /** Somebody new: cookies, storage and cache are shared with nobody. Close the context when done. */
  visitor(options?: BrowserContextOptions): Promise<BrowserContext>
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Threads count as processes, and a page of its own process has some thirty. */
const browserLimits: SandboxLimits = {
  memory: 2048,
  processes: 1024,
  openFiles: 4096,
  cpuSeconds: 600,
  disk: 512,
  wallSeconds: 900,
}

const startMilliseconds = 30_000
const profile = '/tmp/profile'

const flags: readonly string[] = [
  '--headless=new',
  // The sandbox is the one around it: inside, nothing is left to give up, and its own needs rights it does not have.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--remote-debugging-port=0',
  `--user-data-dir=${profile}`,
  // Nothing else can be reached; said at once, instead of after a search for name servers.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-features=Translate,MediaRouter,OptimizationHints,HttpsUpgrades',
  '--no-first-run',
  '--no-default-browser-check',
  '--password-store=basic',
  '--mute-audio',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--force-color-profile=srgb',
]

/**
 * Starts Chromium in a sandbox whose only ways out are the gateways, and connects to it over a unix socket: neither pages
 * nor programs of this machine reach its DevTools.
 *
 * @example
 * await using browser = await openSandboxedBrowser({ runner, gateways: [{ port: 8000, socket: app.socket }], signal })
 * const visitor = await browser.visitor()
 * const page = await visitor.newPage()
 * await page.goto('http://localhost:8000/')
 *
 * @throws BrowserUnavailable when no browser is installed or it does not start
 * @throws SandboxUnavailable when the runner cannot provide a sandbox here
 */
export async function openSandboxedBrowser(request: BrowserRequest): Promise<SandboxedBrowser> {
  const { runner, gateways, signal } = request
  const { executable, mounts } = findChromium()
  const sandbox = await runner.start({ mounts, gateways, limits: { ...browserLimits, ...request.limits }, signal })
  try {
    const chromium = await sandbox.start({ argv: [executable, ...flags, 'about:blank'], cwd: '/tmp' })
    const browser = await connect(sandbox, await devTools(chromium, signal), signal)
    const stop = async (): Promise<void> => {
      // A browser that is gone cannot be asked to close: its sandbox ends it in any case.
      await browser.close().catch(() => undefined)
      await sandbox.stop()
    }
    return {
      version: browser.version(),
      sandbox,
      visitor: (options) => browser.newContext({ ...options, acceptDownloads: false, serviceWorkers: 'block' }),
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await sandbox.stop()
    throw error
  }
}

/** The address Chromium prints when its DevTools listen. */
async function devTools(chromium: SandboxProcess, signal: AbortSignal): Promise<URL> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<URL>()
  let printed = ''
  const fail = (what: string): void =>
    reject(
      new BrowserUnavailable(`Chromium ${what}.${printed ? ` It printed: ${printed.trim().slice(-400)}` : ''}`, {
        next: 'Try `assay doctor`; reinstall the browser, or name another one in CHROMIUM_PATH.',
      }),
    )
  const unsubscribe = chromium.onOutput(({ text }) => {
    printed = (printed + text).slice(-4000)
    const address = /DevTools listening on (ws:\S+)\s/.exec(printed)?.[1]
    if (address !== undefined) resolve(new URL(address))
  })
  const deadline = setTimeout(() => fail(`did not start within ${startMilliseconds / 1000} s`), startMilliseconds)
  const cancel = (): void => reject(signal.reason)
  signal.addEventListener('abort', cancel, { once: true })
  void chromium.exited.then(({ code, signal: by }) => fail(`ended at once (${by ?? `exit code ${code}`})`))
  try {
    return await promise
  } finally {
    clearTimeout(deadline)
    unsubscribe()
    signal.removeEventListener('abort', cancel)
  }
}

async function connect(sandbox: Sandbox, address: URL, signal: AbortSignal): Promise<Browser> {
  const [{ chromium }, socket] = await Promise.all([import('playwright-core'), sandbox.expose(Number(address.port))])
  try {
    return await chromium.connectOverCDP(`ws+unix://${socket}:${address.pathname}`, { timeout: startMilliseconds })
  } catch (error) {
    signal.throwIfAborted()
    throw new BrowserUnavailable(`Chromium does not answer: ${messageOf(error)}`, {
      cause: error,
      next: 'Try `assay doctor`; reinstall the browser, or name another one in CHROMIUM_PATH.',
    })
  }
}
