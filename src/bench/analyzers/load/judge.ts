import type { Evidence, Location, RawFinding } from '#bench/findings'
import type { Concurrency } from './concurrency.ts'
import { type Alone, type Measurement, profilePart, type Subject } from './course.ts'
import type { Endpoint } from './endpoints.ts'
import type { RequestAccounts } from './generator/tally.ts'
import { memoryTrend } from './memory-trend.ts'
import type { LoadPlan } from './options.ts'
import { thresholds } from './rules.ts'

/** What is wrong with the app, by what was measured. */
export function findingsOf(
  measured: Measurement,
  endpoints: readonly Endpoint[],
  { origin, ending }: Pick<Subject, 'origin' | 'ending'>,
  plan: LoadPlan,
): readonly RawFinding[] {
  const at = (path: string): Location => ({ kind: 'endpoint', method: 'GET', url: `${origin}${path}` })
  return [
    ...measured.alone.flatMap((one) => slow(one, at)),
    ...measured.concurrency.flatMap((one) => serial(one, at)),
    // Of an app that has ended, that requests fail goes without saying.
    ...(isSmall(plan) && measured.died !== profilePart
      ? (measured.main?.each ?? []).flatMap((one) => failing(one, endpoints, at))
      : []),
    ...died(measured, ending, at),
    ...growing(measured, at),
  ]
}

type At = (path: string) => Location

function slow({ endpoint, milliseconds }: Alone, at: At): RawFinding[] {
  if (milliseconds === undefined || milliseconds < thresholds.slow) return []
  return [
    {
      rule: 'slow-endpoint',
      message: `GET ${endpoint.path} takes ${duration(milliseconds)} when nothing else is asked of the app.`,
      location: at(endpoint.path),
      severity: milliseconds < thresholds.verySlow ? 'low' : 'medium',
      evidence: { ...shown(endpoint), facts: { 'alone-ms': round(milliseconds) } },
    },
  ]
}

function serial(one: Concurrency, at: At): RawFinding[] {
  const oneByOne = one.alone * one.together
  if (one.lastAnswered < thresholds.serial * oneByOne) return []
  const held = one.bystander !== undefined && one.bystander.beside >= one.bystander.alone + one.alone / 2
  const observed = [busyMeanwhile(one)]
  if (one.bystander !== undefined) {
    const { path, alone, beside } = one.bystander
    observed.push(`Beside one such request, GET ${path} took ${duration(beside)}; alone it takes ${duration(alone)}.`)
  }
  return [
    {
      rule: 'serial-handling',
      message: `${one.together} requests for ${one.endpoint.path} at once took ${duration(one.lastAnswered)}, about as long as one after the other (${duration(one.alone)} each)${held ? '; other addresses wait meanwhile' : ''}.`,
      location: at(one.endpoint.path),
      ...(held && one.alone >= thresholds.verySlow ? { severity: 'high' as const } : {}),
      evidence: {
        ...shown(one.endpoint),
        observed,
        facts: {
          'alone-ms': round(one.alone),
          'at-once': one.together,
          'last-answered-ms': round(one.lastAnswered),
          'processor-ms': round(one.cpuSeconds * 1000),
        },
      },
    },
  ]
}

/** Between computing and waiting lies a machine with other things to do: of that only the figure is said. */
function busyMeanwhile({ cpuSeconds, lastAnswered }: Concurrency): string {
  const busy = cpuSeconds * 1000
  const used = `The app used ${duration(busy)} of processor time meanwhile`
  if (busy >= thresholds.computing * lastAnswered) return `${used}: it computes.`
  if (busy <= thresholds.waiting * lastAnswered) return `${used}: it waits, and lets nobody else in.`
  return `${used}.`
}

/** Nothing is said of errors under a load that would bring down many a sound app. */
function isSmall({ model }: LoadPlan): boolean {
  return Math.max(...model.stretches.flatMap(({ from, to }) => [from, to])) <= thresholds.smallRate
}

function failing(accounts: RequestAccounts, endpoints: readonly Endpoint[], at: At): RawFinding[] {
  // An app that says "too many requests" does what it should.
  const refusedPolitely = accounts.statuses[429] ?? 0
  const failed = accounts.due - accounts.succeeded - refusedPolitely
  if (failed < thresholds.fewestErrors || failed / accounts.due <= thresholds.errors) return []
  const { path } = accounts.request
  const endpoint = endpoints.find((one) => one.path === path)
  // Given by the user, and wrong from the first: not the load's doing.
  const status = endpoint?.probe.response?.status
  if (endpoint === undefined || status === undefined || status >= 400) return []
  return [
    {
      rule: 'errors-under-load',
      message: `${failed} of ${accounts.due} requests for ${path} failed under a small load: ${kinds(accounts)}.`,
      location: at(path),
      ...(failed / accounts.due >= thresholds.manyErrors ? { severity: 'high' as const } : {}),
      evidence: { ...shown(endpoint), artifacts: ['load.json', 'latency.svg'] },
    },
  ]
}

/** `12 × 500, 3 × timeout`. */
function kinds({ statuses, failures }: RequestAccounts): string {
  const answers = Object.entries(statuses).filter(([status]) => Number(status) >= 400 && status !== '429')
  return [...answers, ...Object.entries(failures)].map(([kind, count]) => `${count} × ${kind}`).join(', ')
}

function died({ died: during, main }: Measurement, ending: () => readonly string[], at: At): RawFinding[] {
  if (during === undefined) return []
  const observed = [...ending()]
  return [
    {
      rule: 'app-dies-under-load',
      message: `The app ended during ${during}.`,
      location: at('/'),
      // What comes after the profile asks for as much as an app can give.
      severity: main === undefined || during === profilePart ? 'high' : 'medium',
      evidence: observed.length === 0 ? {} : { observed },
    },
  ]
}

function growing({ usage, main }: Measurement, at: At): RawFinding[] {
  // The first third belongs to caches and pools that fill once.
  const trend = memoryTrend(usage.main.slice(Math.floor(usage.main.length / 3)))
  if (trend === undefined || main === undefined || trend.low <= 0 || trend.to - trend.from < thresholds.memoryGrowth)
    return []
  const slope = `${trend.slope.toFixed(1)} MiB a second (95 % interval ${trend.low.toFixed(1)} to ${trend.high.toFixed(1)})`
  return [
    {
      rule: 'memory-growth',
      message: `Memory grew by ${Math.round(trend.to - trend.from)} MiB in ${trend.seconds.toFixed(1)} s of load, ${slope}.`,
      location: at('/'),
      evidence: {
        artifacts: ['load.json'],
        facts: {
          'slope-mib-per-second': round(trend.slope),
          'slope-low': round(trend.low),
          'slope-high': round(trend.high),
        },
      },
    },
  ]
}

function shown({ path, probe, route }: Endpoint): Evidence {
  const related = route && {
    location: { kind: 'file' as const, path: route.file, region: { startLine: route.line } },
    message: `GET ${path} is declared here.`,
  }
  return { exchanges: [probe], ...(related === undefined ? {} : { related: [related] }) }
}

function duration(milliseconds: number): string {
  return milliseconds >= 1000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
