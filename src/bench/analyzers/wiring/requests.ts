import type { RawFinding } from '#bench/findings'
import { type Call, isCatchAll, type Route, servesMethod, servesPath } from '#bench/interfaces'
import { findingAt, type Wiring } from './finding.ts'

/** Frameworks whose routes are found completely enough to say that one does not exist. */
const readable: ReadonlySet<string> = new Set([
  'flask',
  'fastapi',
  'django',
  'express',
  'fastify',
  'koa',
  'hono',
  'next',
  'sveltekit',
  'quart',
])
const mockedBackend = /["'](?:json-server|msw|miragejs|axios-mock-adapter|fetch-mock)["']/
const fileName = /\.[a-z][a-z0-9]{1,4}$/i

/** A call and the routes that answer it. */
export interface Match {
  readonly call: Call
  readonly route: Route
}

export interface Judged {
  readonly findings: readonly RawFinding[]
  readonly matches: readonly Match[]
  /** Calls whose URL is not known well enough. */
  readonly unresolved: number
  /** Calls to hosts that are not part of the app. */
  readonly external: number
  readonly unmatched: number
}

/** Calls of the frontend against the routes of the backend. */
export function judgeRequests(wiring: Wiring): Judged {
  const findings: RawFinding[] = []
  const matches: Match[] = []
  let unresolved = 0
  let external = 0
  let unmatched = 0
  const complete = routesAreKnown(wiring)
  for (const call of wiring.calls) {
    if (call.server) continue
    if (call.origin !== undefined && !isLocal(call.origin)) {
      external++
      continue
    }
    const paths = call.path === undefined ? undefined : pathsSeen(call, wiring)
    if (paths === undefined) {
      unresolved++
      continue
    }
    const serving = wiring.routes.filter(
      (route) => !isCatchAll(route.path) && paths.some((path) => servesPath(route, { ...call, path })),
    )
    const mounted = serving.filter((route) => route.mounted)
    const answering = mounted.filter((route) => servesMethod(route, call.method))
    if (answering.length > 0) {
      matches.push(...bestOf(answering, paths).map((route) => ({ call, route })))
      continue
    }
    const judged = complete && !call.baseUnknown && call.method !== 'WS' && !isStaticFile(call)
    if (!judged) {
      unresolved++
      continue
    }
    unmatched++
    const path = call.path ?? ''
    if (mounted.some((route) => !onlyCaptures(route, path))) findings.push(methodMismatch(wiring, call, mounted, path))
    else if (mounted.length > 0 || serving[0] === undefined || serving[0].method === 'ALL' || !serving[0].prefixUnknown)
      findings.push(missingRoute(wiring, call, path))
    else findings.push(behindUnmounted(wiring, call, serving[0], path))
  }
  return { findings, matches, unresolved, external, unmatched }
}

function methodMismatch(wiring: Wiring, call: Call, routes: readonly Route[], path: string): RawFinding {
  const methods = [...new Set(routes.map(({ method }) => method))].join(', ')
  return findingAt(
    wiring,
    'method-mismatch',
    call,
    `${call.method} ${path} is requested here, but the backend answers only ${methods} at this path.`,
    {
      subject: `${call.method} ${path}`,
      related: routes
        .slice(0, 3)
        .map((route) => ({ ...route, message: `${route.method} ${route.path} is declared here.` })),
    },
  )
}

function missingRoute(wiring: Wiring, call: Call, path: string): RawFinding {
  const closest = closestRoute(path, wiring.routes)
  const method = call.method === '*' ? '' : `${call.method} `
  const hint = closest === undefined ? '' : ` The closest is ${closest.method} ${closest.path}.`
  return findingAt(
    wiring,
    'missing-route',
    call,
    `${method}${path} is requested here, but the backend has no such route.${hint}`,
    {
      subject: `${call.method} ${path}`,
      ...(call.openEnd && { confidence: 'medium' as const }),
      related:
        closest === undefined ? [] : [{ ...closest, message: `The closest route: ${closest.method} ${closest.path}.` }],
    },
  )
}

function behindUnmounted(wiring: Wiring, call: Call, route: Route, path: string): RawFinding {
  return findingAt(
    wiring,
    'missing-route',
    call,
    `${call.method} ${path} is requested here, but the router that declares it is never mounted.`,
    {
      subject: `${call.method} ${path}`,
      related: [{ ...route, message: `${route.method} ${route.path} is declared here, on a router nothing mounts.` }],
    },
  )
}

/** Whether every route of the app is visible, so that an absent one is really absent. */
function routesAreKnown({ routes, sources }: Wiring): boolean {
  if (!routes.some(({ mounted }) => mounted)) return false
  if (
    sources.components.some(
      ({ role, framework }) =>
        role !== 'frontend' && role !== 'static' && role !== 'library' && !readable.has(framework),
    )
  )
    return false
  if ([...sources.other].some(([path, text]) => path.endsWith('package.json') && mockedBackend.test(text))) return false
  // A route whose own path is computed may be any route.
  return !routes.some(({ prefixUnknown, mounted, path }) => mounted && prefixUnknown && /^\/\*?$/.test(path))
}

/** The paths the backend may see for a call, proxies considered; undefined when a proxy is not understood. */
function pathsSeen(call: Call, { delivery }: Wiring): string[] | undefined {
  const path = call.path ?? ''
  const paths = [path]
  for (const { prefix, rewritten, target } of delivery.proxies) {
    if (prefix !== '/' && path !== prefix && !path.startsWith(`${prefix.replace(/\/$/, '')}/`)) continue
    if (rewritten === undefined || (target !== undefined && /^https?:/.test(target) && !isProxied(target)))
      return undefined
    const rest = path.slice(prefix === '/' ? 0 : prefix.replace(/\/$/, '').length)
    paths.push(`${rewritten.replace(/\/$/, '')}${rest}` || '/')
  }
  return [...new Set(paths)]
}

/** Local addresses and single-word names, which are services of a compose file. */
function isProxied(target: string): boolean {
  return isLocal(target) || /^https?:\/\/[\w-]+(?::\d+)?(?:\/|$)/.test(target)
}

export function isLocal(origin: string): boolean {
  return /^\w+:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::\d+)?(?:\/|$)/.test(origin)
}

/** `/polls/new` only falls into `/polls/:id`: a word where the route has a value was not meant for that route. */
function onlyCaptures({ path }: Route, called: string): boolean {
  const segments = called.split('/')
  return path.split('/').some((segment, at) => segment.startsWith(':') && /^[a-z][a-z-]*$/.test(segments[at] ?? ''))
}

/** `/data/cities.json` may lie in the folder of public files. */
function isStaticFile({ method, path = '' }: Call): boolean {
  return method === 'GET' && fileName.test(path) && !path.includes(':')
}

/** Literal routes win over ones with parameters. */
function bestOf(routes: readonly Route[], paths: readonly string[]): readonly Route[] {
  const exact = routes.filter(({ path }) => paths.includes(path))
  return exact.length > 0 ? exact : routes
}

/** The route with most segments in common, if it has any that says something. */
function closestRoute(path: string, routes: readonly Route[]): Route | undefined {
  const called = path.split('/').filter((segment) => segment !== '' && segment !== ':')
  let best: { readonly route: Route; readonly score: number } | undefined
  for (const route of routes) {
    const served = route.path.split('/').filter((segment) => segment !== '' && !segment.startsWith(':'))
    const shared = called.filter(
      (segment) => segment !== 'api' && served.some((other) => similar(segment, other)),
    ).length
    const score = shared * 2 - Math.abs(served.length - called.length) * 0.5
    if (shared > 0 && (best === undefined || score > best.score)) best = { route, score }
  }
  return best?.route
}

function similar(one: string, other: string): boolean {
  return (
    one === other ||
    `${one}s` === other ||
    one === `${other}s` ||
    one.replace(/[-_]/g, '') === other.replace(/[-_]/g, '')
  )
}
