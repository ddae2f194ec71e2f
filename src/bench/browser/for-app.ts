import type { RunningApp } from '#bench/launch'
import { runners } from '#bench/sandbox'
import { BrowserUnavailable } from './errors.ts'
import { openSandboxedBrowser, type SandboxedBrowser } from './open.ts'

/**
 * A browser whose only way out leads to a running app, under the app's origin; in the kind of sandbox the app has.
 *
 * @example
 * await using browser = await openBrowserFor(running, signal)
 * const page = await (await browser.visitor()).newPage()
 * await page.goto(running.origin)
 *
 * @throws BrowserUnavailable, SandboxUnavailable
 */
export async function openBrowserFor(
  { origin, socket, sandbox }: Pick<RunningApp, 'origin' | 'socket' | 'sandbox'>,
  signal: AbortSignal,
): Promise<SandboxedBrowser> {
  const runner = runners.find(({ id }) => id === sandbox.runner)
  if (runner === undefined) throw new BrowserUnavailable(`There is no runner ${sandbox.runner} for a browser.`)
  return openSandboxedBrowser({ runner, gateways: [{ port: Number(new URL(origin).port), socket }], signal })
}
