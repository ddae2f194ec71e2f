import type { BrowserContext } from 'playwright-core'
import type { AppSnapshot } from '#bench/apps'
import { openBrowserFor, type SandboxedBrowser } from '#bench/browser'
import type { RunningApp } from '#bench/launch'
import { signedInVisitor } from '#bench/specs'
import { messageOf } from '#platform/errors'
import type { AnalysisContext, AnalysisResult, Check } from '../contract.ts'
import { NotApplicable } from '../errors.ts'
import { startApp } from '../running-app.ts'
import { findingsOf } from './findings.ts'
import type { PageReport } from './look.ts'
import { signedInLimits, type Tour, takeTour } from './tour.ts'

/** Starts the app and the browser, each in a sandbox of its own, and takes the tour. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const { signal } = context
  await using running = await startApp(app, context)
  const { origin, socket } = running
  await using browser = await openBrowserFor(running, signal)
  const reachable = { origin, socket }
  const asStranger = await takeTour(await browser.visitor(), reachable, context)
  const somebody = await signIn(app, running, browser, context)
  const signedIn = somebody && (await takeTour(somebody, reachable, context, signedInLimits, asStranger))
  const tour = signedIn ? joined(asStranger, signedIn) : asStranger
  signal.throwIfAborted()
  if (!running.alive()) context.log('The app ended while its pages were looked at.')
  const [start] = tour.pages
  if (start === undefined) {
    throw new NotApplicable(`There is no page to look at: ${tour.gaps[0]?.reason ?? 'the app serves none.'}`)
  }
  const foreign = new Set(
    tour.pages.flatMap(({ complaints }) => complaints.foreign.map(({ url }) => new URL(url).host)),
  )
  const findings = findingsOf(tour, origin)
  return {
    findings,
    metrics: metricsOf(tour, start, foreign.size),
    coverage: { analysed: tour.pages.length, total: tour.pages.length + tour.gaps.length, gaps: gapsOf(tour, foreign) },
    checks: checksOf(
      tour,
      foreign,
      findings.some(({ rule }) => rule === 'page-failed'),
    ),
  }
}

/** Somebody who has signed up; undefined where the app has no accounts, or gives out no cookie for them. */
async function signIn(
  app: AppSnapshot,
  running: RunningApp,
  browser: SandboxedBrowser,
  { signal, log }: AnalysisContext,
): Promise<BrowserContext | undefined> {
  if (!running.alive()) return undefined
  const scene = { app: running, backend: running.backend ?? running, seed: 'browser', signal }
  const cookies = (await signedInVisitor(app, scene))?.cookies.all() ?? []
  if (cookies.length === 0) return undefined
  const visitor = await browser.visitor()
  // Secure cookies reach localhost without TLS, and names may demand that they are.
  const url = running.origin.replace(/^http:/, 'https:')
  try {
    await visitor.addCookies(cookies.map(([name, value]) => ({ name, value, url, secure: true })))
    return visitor
  } catch (error) {
    log(`The browser does not take the cookies of whoever signed up: ${messageOf(error)}`)
    return undefined
  }
}

function joined(one: Tour, other: Tour): Tour {
  return {
    pages: [...one.pages, ...other.pages],
    dead: [...one.dead, ...other.dead],
    gaps: [...one.gaps, ...other.gaps],
    known: one.known + other.known,
  }
}

function metricsOf({ pages, dead }: Tour, start: PageReport, hosts: number): Record<string, number> {
  const clicked = pages.reduce((sum, { controls }) => sum + controls.clicked, 0)
  const violations = pages.flatMap(({ violations: found }) => found)
  const slowest = Math.max(...pages.map(({ vitals }) => vitals.slowestInteraction ?? 0))
  return {
    pages: pages.length,
    'errors.page': pages.reduce((sum, { complaints }) => sum + complaints.errors.length, 0),
    'requests.failed': pages.reduce((sum, { complaints }) => sum + complaints.failed.length, 0),
    'hosts.foreign': hosts,
    'links.dead': dead.length,
    'controls.clicked': clicked,
    'controls.dead': pages.reduce((sum, { controls }) => sum + controls.dead.length, 0),
    'accessibility.rules': new Set(violations.map(({ rule }) => rule)).size,
    'accessibility.places': violations.reduce((sum, { places }) => sum + places.length, 0),
    'largest-paint.milliseconds': Math.round(start.vitals.largestPaint),
    'layout-shift.max': Math.round(Math.max(...pages.map(({ vitals }) => vitals.layoutShift)) * 1000) / 1000,
    ...(slowest > 0 && { 'slowest-interaction.milliseconds': Math.round(slowest) }),
  }
}

/** What pages bring from other hosts is not there in the sandbox: what depends on it is not judged. */
function gapsOf(tour: Tour, foreign: ReadonlySet<string>): { path: string; reason: string }[] {
  const hosts = [...foreign].slice(0, 5).join(', ')
  const incomplete = tour.pages.filter((page) => page.incomplete.scripts || page.incomplete.styles)
  const missing = incomplete.map(({ path, incomplete: { scripts, styles } }) => {
    const what = scripts && styles ? 'Scripts and styles' : scripts ? 'Scripts' : 'Styles'
    const unjudged = scripts ? 'its errors and buttons' : 'its layout and contrast'
    return { path, reason: `${what} from ${hosts} are not reached from the sandbox, so ${unjudged} are not judged.` }
  })
  return [...tour.gaps, ...missing]
}

function checksOf({ pages }: Tour, foreign: ReadonlySet<string>, hasFailed: boolean): Check[] {
  const blind = pages.filter(({ incomplete }) => incomplete.scripts).length
  const controls: Check =
    blind === pages.length
      ? {
          id: 'controls',
          title: 'Buttons do something',
          outcome: 'not_applicable',
          reason: `Every page needs scripts from ${[...foreign].slice(0, 3).join(', ')}, which the sandbox does not reach.`,
        }
      : judged(
          'controls',
          'Buttons do something',
          pages.some(({ controls }) => controls.dead.some(({ confidence }) => confidence !== 'low')),
        )
  return [
    judged('served', 'Every page looked at is served', hasFailed),
    controls,
    judged(
      'accessible',
      'No page breaks WCAG 2.2 AA as far as axe can tell',
      pages.some(({ violations }) => violations.length > 0),
    ),
  ]
}

function judged(id: string, title: string, failed: boolean): Check {
  return failed ? { id, title, outcome: 'fail', reason: 'See the findings.' } : { id, title, outcome: 'pass' }
}
