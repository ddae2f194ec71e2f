import type { Hit } from '../../analysis/engine.ts'
import type { Code } from './code.ts'
import type { Guards } from './guards.ts'
import { type Identity, larger } from './identity.ts'
import { type Level, openRoute } from './names.ts'
import type { Route } from './route.ts'

/** A route with what it asks for and what it does. */
export interface Judged {
  readonly route: Route
  /** What it surely asks for. */
  readonly level: Level
  /** It asks for something else: a secret kept with the record, a number only people signed in have. */
  readonly spared: boolean
  readonly changes: boolean
  /** The first word of its path that names a thing. */
  readonly resource: string
  readonly uses: 'part' | 'argument' | undefined
}

const deleting =
  /delete|remove|destroy|update|edit|change|rename|set_?|close|clear|reset|purge|approve|reject|promote|ban|toggle|cancel/i
const reading =
  /(?:^|[\s/_-])(?:search|query|calculat|predict|convert|translat|validate|check|lookup|filter|generate|chat|ask|complet|analy[sz]e|summar|recommend|estimate|quote|compare|format|parse|render|export|download)/i
/** What people may send to most sites without an account. */
const usuallyOpen =
  /comment|like|vote|view|rate|rating|review|cart|basket|checkout|share|react|message|inquir|enquir|apply|application|rsvp|book|reserv|quote|visit|click|event|score|guess|answer|play|game|room|chat|join|report|survey|respon|submission|donat/i
const powerful = /role|promote|demote|permission|grant|revoke|(?:^|[/_-])ban|impersonat|admin/i

export function judged(
  routes: readonly Route[],
  code: Code,
  strict: { readonly identity: Identity; readonly guards: Guards },
  lenient: { readonly identity: Identity; readonly guards: Guards },
): Judged[] {
  const { guards, identity } = strict
  return routes.map((route) => {
    let level: Level = 0
    for (const guard of route.guards) level = larger(level, guards.levelOf(guard))
    const uses = route.handlers.map((id) => identity.uses(id)).find((used) => used !== undefined)
    const inside = route.handlers.map((id) => guards.handler(id))
    if (inside.length > 0) level = larger(level, inside.includes(0) ? 0 : inside.includes(1) ? 1 : 2)
    // Whoever is not signed in has no number: the function fails before it changes anything.
    const spared =
      uses !== undefined || isSignUp(route, code) || route.handlers.some((id) => lenient.guards.handler(id) > 0)
    const writes = route.methods.some((method) => method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS')
    const changes =
      (writes && !isReading(route)) ||
      (route.handlers.some((id) => guards.changes(id)) &&
        (route.methods.length === 0 || deleting.test(`${route.path} ${route.name}`)))
    return { route, level, spared, changes, resource: resourceOf(route, code), uses }
  })
}

/** POST is also used to ask: searching, calculating, checking. */
function isReading({ path, name, methods }: Route): boolean {
  return methods.every((method) => method === 'POST' || method === 'GET') && reading.test(`${path} ${name}`)
}

function resourceOf({ path, name }: Route, _code: Code): string {
  const parts = path.split('/').filter((part) => part !== '' && !/^(?:api|v\d+|rest|[:<{[(*].*)$/.test(part))
  return (parts[0] ?? name.replace(/^[a-z]+_/, '')).toLowerCase().replace(/s$/, '')
}

function isOpen({ path, name }: Route): boolean {
  return openRoute.test(`${path} ${name}`)
}

/** Making an account cannot ask for one. */
function isSignUp(route: Route, code: Code): boolean {
  if (hasObject(route)) return false
  return route.handlers.some((id) => {
    const { ir, module } = code.facts(id)
    return /password/i.test(module.text.slice(ir.start, Math.min(ir.end, ir.start + 4000)))
  })
}

/** Routes that change data and ask for less than the routes beside them. */
export function missingChecks(all: readonly Judged[]): Hit[] {
  if (all.every(({ level, uses, route }) => level === 0 && (uses === undefined || isOpen(route)))) return []
  const hits: Hit[] = []
  const seen = new Set<string>()
  for (const one of all) {
    const { route } = one
    if (!one.changes || isOpen(route)) continue
    const beside = all.filter(
      (other) =>
        other !== one &&
        (other.route.router === route.router || (other.resource === one.resource && one.resource !== '')),
    )
    const verdict =
      one.level === 0 && !one.spared
        ? withoutSignIn(one, beside)
        : one.level === 1
          ? withoutRights(one, beside)
          : undefined
    const key = `${route.place.path} ${route.place.start}`
    if (verdict === undefined || seen.has(key)) continue
    seen.add(key)
    hits.push({ rule: 'missing-authentication', place: route.place, sure: true, sink: '', ...verdict })
  }
  return hits
}

type Said = { readonly message: string; readonly confidence: 'medium' | 'low' }

function withoutSignIn(one: Judged, beside: readonly Judged[]): Said | undefined {
  const asking = ({ level, uses, route }: Judged): boolean => level > 0 || (uses !== undefined && !isOpen(route))
  const guarded = beside.filter(asking)
  const same = guarded.filter(({ resource }) => resource === one.resource)
  const [example] = [...same, ...guarded]
  if (example === undefined) return undefined
  const isUnlike = (other: Judged): boolean => !asking(other) && !other.spared && other.changes && !isOpen(other.route)
  const open = beside.filter(isUnlike).length + 1
  const isCreating = !hasObject(one.route)
  const isReadBehind = same.some(
    ({ route }) => route.methods.length > 0 && route.methods.every((method) => method === 'GET'),
  )
  // A form everybody may send, whose answers only administrators see.
  const isForm =
    isCreating &&
    (usuallyOpen.test(`${one.route.path} ${one.route.name}`) ||
      guarded.every(({ level }) => level === 2) ||
      (same.length === 0 && guarded.length < 3))
  const isOutlier = (isReadBehind && !isCreating) || open <= guarded.filter(({ level }) => level > 0).length
  return {
    message: `${described(one.route)} changes data without asking who it is; ${described(example.route)} asks.`,
    confidence: isOutlier && !isForm ? 'medium' : 'low',
  }
}

function withoutRights(one: Judged, beside: readonly Judged[]): Said | undefined {
  if (one.uses === 'argument') return undefined
  const { route } = one
  const guarded = beside.filter(({ level, resource }) => level === 2 && resource === one.resource)
  const example = guarded.find((other) => {
    const inAdmin = /admin/i.test(route.path) && /admin/i.test(other.route.path)
    const isReading = other.route.methods.length > 0 && other.route.methods.every((method) => method === 'GET')
    return inAdmin || isReading || (other.changes && powerful.test(`${route.path} ${route.name}`))
  })
  if (example === undefined) return undefined
  const open =
    beside.filter(({ level, changes, resource }) => level === 1 && changes && resource === one.resource).length + 1
  return {
    message: `${described(route)} changes data for anybody signed in; ${described(example.route)} asks for certain rights.`,
    confidence: open > guarded.length + 1 ? 'low' : 'medium',
  }
}

/** Whether the route is about one thing that already exists. */
function hasObject({ methods, path, name }: Route): boolean {
  if (methods.some((method) => /^(?:PUT|PATCH|DELETE)$/.test(method)) || deleting.test(`${path} ${name}`)) return true
  return /[:<{[][^/]*$/.test(path)
}

function described({ methods, path, name }: Route): string {
  const shown = path === '/' && name !== '' ? name : path
  return methods.length === 0 ? `The route ${shown}` : `${methods[0] ?? ''} ${shown}`
}
