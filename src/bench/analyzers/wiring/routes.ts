import type { RawFinding } from '#bench/findings'
import { isCatchAll, type Route, servesMethod, shapeOf } from '#bench/interfaces'
import { findingAt, type Wiring } from './finding.ts'
import type { Judged } from './requests.ts'

/** Routes that are called by others than the frontend. */
const calledByOthers =
  /health|ready|live|status|ping|metric|webhook|hook|callback|oauth|admin|static|docs|openapi|swagger|redoc|favicon|robots|sitemap|manifest|upload|media|file|download|image|asset|export|version|internal|cron|seed|debug|test/i

/** Frameworks that try routes in the order of their declaration. Sources: the routing guides of Express, Koa Router, FastAPI. */
const orderMatters: ReadonlySet<string> = new Set(['express', 'koa', 'fastapi'])

/** What is wrong with routes by themselves, and routes nobody calls. */
export function judgeRoutes(wiring: Wiring, judged: Judged): RawFinding[] {
  return [...duplicates(wiring), ...shadowed(wiring), ...unmounted(wiring), ...unused(wiring, judged)]
}

function duplicates(wiring: Wiring): RawFinding[] {
  const first = new Map<string, Route>()
  return wiring.routes.flatMap((route): RawFinding[] => {
    if (!route.mounted || route.prefixUnknown || isCatchAll(route.path)) return []
    const key = `${backendOf(route, wiring)} ${route.method} ${shapeOf(route.path)}`
    const earlier = first.get(key)
    if (earlier === undefined) {
      first.set(key, route)
      return []
    }
    // A router mounted twice declares nothing twice.
    if (earlier.file === route.file && earlier.line === route.line) return []
    return [
      findingAt(
        wiring,
        'duplicate-route',
        route,
        `${route.method} ${route.path} is already declared in ${earlier.file}:${earlier.line}.`,
        {
          subject: `${route.method} ${shapeOf(route.path)}`,
          related: [{ ...earlier, message: 'The first declaration, which answers.' }],
        },
      ),
    ]
  })
}

function backendOf({ file }: Route, { sources }: Wiring): string {
  const owners = sources.components.filter(
    ({ path, role }) => role !== 'frontend' && role !== 'static' && (path === '' || file.startsWith(`${path}/`)),
  )
  return owners.toSorted((one, other) => other.path.length - one.path.length)[0]?.path ?? ''
}

function shadowed(wiring: Wiring): RawFinding[] {
  const findings: RawFinding[] = []
  const routes = wiring.routes
    .filter(({ framework, mounted }) => mounted && orderMatters.has(framework))
    .toSorted((one, other) => one.order - other.order)
  for (const [at, route] of routes.entries()) {
    const earlier = routes
      .slice(0, at)
      .find((other) => other.router === route.router && hides(other, route) && !isConstrained(other, wiring))
    if (earlier === undefined) continue
    findings.push(
      findingAt(
        wiring,
        'shadowed-route',
        route,
        `${route.method} ${route.path} is never reached: ${earlier.method} ${earlier.path} is declared before it and matches the same requests.`,
        {
          subject: `${route.method} ${route.path}`,
          related: [{ ...earlier, message: 'Declared first, so it answers.' }],
        },
      ),
    )
  }
  return findings
}

/** Whether a route with parameters matches everything a later, more literal one would. */
function hides(earlier: Route, later: Route): boolean {
  if (!servesMethod(earlier, later.method) || isCatchAll(earlier.path) || earlier.path === later.path) return false
  const general = earlier.path.split('/')
  const literal = later.path.split('/')
  if (general.length !== literal.length || shapeOf(earlier.path) === shapeOf(later.path)) return false
  return general.every((segment, at) => {
    const other = literal[at] ?? ''
    if (/^:\w+$/.test(segment)) return !other.includes('*')
    return segment === other && !segment.includes('*')
  })
}

/** `/:id(\\d+)` and `{id:int}` match only some values. */
function isConstrained({ file, line }: Route, { texts }: Wiring): boolean {
  const lines =
    texts
      .get(file)
      ?.split('\n')
      .slice(line - 1, line + 2)
      .join('\n') ?? ''
  return /:\w+\(|\{\w+:\w+\}|next\(/.test(lines)
}

function unmounted(wiring: Wiring): RawFinding[] {
  const reported = new Set<string>()
  return wiring.routes.flatMap((route): RawFinding[] => {
    if (route.mounted || reported.has(route.router)) return []
    reported.add(route.router)
    const routes = wiring.routes.filter(({ router }) => router === route.router).length
    return [
      findingAt(
        wiring,
        'unmounted-router',
        route,
        `The router of ${route.method} ${route.path}${routes > 1 ? ` and ${routes - 1} more` : ''} is never mounted on the app.`,
        {
          subject: route.file,
        },
      ),
    ]
  })
}

function unused(wiring: Wiring, { matches, unresolved }: Judged): RawFinding[] {
  // A call whose URL is not known may be the one that uses the route.
  if (matches.length === 0 || unresolved > 0) return []
  const called = new Set(matches.map(({ route }) => route))
  const served = wiring.routes.filter((route) => called.has(route))
  const linked = linksIn(wiring)
  const pages = wiring.sources.markup.some(({ path }) => /(?:^|\/)(?:templates|views)\//.test(path))
  return wiring.routes.flatMap((route): RawFinding[] => {
    if (called.has(route) || !route.mounted || route.path === '/' || route.path.includes('*')) return []
    if (
      calledByOthers.test(route.path) ||
      route.method === 'OPTIONS' ||
      route.method === 'HEAD' ||
      route.method === 'WS'
    )
      return []
    if (served.some((other) => other.file === route.file && other.line === route.line && route.method === 'ALL'))
      return []
    if (pages && route.method === 'GET' && !/\bapi\b/.test(route.path)) return []
    const words = route.path
      .split('/')
      .filter((segment) => segment !== '' && !segment.startsWith(':') && segment !== 'api')
    if (route.method === 'GET' && words.length > 0 && linked.some((link) => words.every((word) => link.includes(word))))
      return []
    return [
      findingAt(wiring, 'unused-route', route, `No request of the frontend reaches ${route.method} ${route.path}.`, {
        subject: `${route.method} ${route.path}`,
      }),
    ]
  })
}

/** Addresses the frontend goes to without a script's request: links, images, navigation. */
function linksIn({ sources }: Wiring): string[] {
  return [...sources.scripts, ...sources.markup].flatMap(({ text }) =>
    [
      ...text.matchAll(/(?:href|src|action|location|open|assign|replace)\s{0,3}[=(:]\s{0,3}\{?["'`]([^"'`\n]{1,300})/g),
    ].map((match) => match[1] ?? ''),
  )
}
