import type { Call, Route } from './interface.ts'

/** Stands for a piece of text that is not known, inside texts the evaluators produce. */
export const unknown = '\u0001'

/** A route's path in the app's own notation, whatever the framework's: `/users/<int:id>`, `/users/{id}` → `/users/:id`. */
export function normalisePath(path: string): string {
  const named = path
    .replace(/<(?:path|re_path):(\w+)>/g, '*')
    .replace(/\{(\w+):path\}/g, '*')
    .replace(/<(?:[^<>:]{1,60}:)?(\w+)>/g, ':$1')
    .replace(/\{(\w+)(?::[^{}]{0,80})?\??\}/g, ':$1')
    .replace(/:(\w+)(?:\([^()]{0,80}\))?[?]?/g, ':$1')
    .replace(/\*\w+/g, '*')
    .replace(/:\w*\*/g, '*')
  const joined = `/${named}`.replace(/\/{2,}/g, '/')
  return joined.length > 1 ? joined.replace(/\/$/, '') : joined
}

/** Two pieces of a path as one, with one slash between. */
export function joinPaths(prefix: string, path: string): string {
  if (prefix === '' || prefix === '/') return path
  if (path === '') return prefix
  return `${prefix.replace(/\/$/, '')}/${path.replace(/^\//, '')}`
}

/** A route's path with its parameters unnamed, to compare routes: `/users/:id` → `/users/:`. */
export function shapeOf(path: string): string {
  return path.replace(/:\w+/g, ':')
}

/** Whether a route answers a call's path, whatever the method; parameters on both sides match any one segment. */
export function servesPath(
  route: Pick<Route, 'path' | 'prefixUnknown'>,
  call: Pick<Call, 'path' | 'baseUnknown' | 'openEnd'>,
): boolean {
  if (call.path === undefined) return false
  const served = segmentsOf(route.path)
  const called = segmentsOf(call.path)
  if (route.prefixUnknown && call.baseUnknown)
    return endsAlike(served, called, call.openEnd) || endsAlike(called, served, false)
  if (call.baseUnknown) return endsAlike(served, called, call.openEnd)
  if (route.prefixUnknown) return endsAlike(called, served, false)
  return alike(served, called, call.openEnd)
}

/** A route that answers everything under a prefix says nothing about which API exists. */
export function isCatchAll(path: string): boolean {
  return path.endsWith('*') && segmentsOf(path).length <= 1
}

/** Whether the method of a call is one the route answers. */
export function servesMethod(route: Pick<Route, 'method'>, method: string): boolean {
  return (
    route.method === 'ALL' || method === '*' || route.method === method || (route.method === 'GET' && method === 'HEAD')
  )
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}

/** `longer` ends with `shorter`, segment by segment. */
function endsAlike(longer: readonly string[], shorter: readonly string[], openEnd: boolean): boolean {
  if (shorter.length === 0 || longer.length < shorter.length) return false
  return alike(longer.slice(longer.length - shorter.length), shorter, openEnd)
}

function alike(served: readonly string[], called: readonly string[], openEnd: boolean): boolean {
  for (const [at, segment] of served.entries()) {
    if (segment === '*') return true
    const other = called[at]
    // Behind an open end the call may go on, but only from its last segment.
    if (other === undefined) return openEnd && at >= called.length
    if (openEnd && at === called.length - 1 && segment.startsWith(other)) continue
    if (!segmentAlike(segment, other)) return false
  }
  return called.length === served.length
}

function segmentAlike(served: string, called: string): boolean {
  if (served.includes('*')) return true
  if (served.startsWith(':') || called === ':') return true
  if (!served.includes(':') && !called.includes(':')) return served === called
  const [before = '', after = ''] = [called.slice(0, called.indexOf(':')), called.slice(called.lastIndexOf(':') + 1)]
  if (called.includes(':') && !served.includes(':')) {
    return served.length >= before.length + after.length && served.startsWith(before) && served.endsWith(after)
  }
  // Both sides have text around parameters (`:file.json`): close enough to believe they meet.
  return true
}
