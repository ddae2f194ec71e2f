import type { Exchange } from '#bench/findings'
import { type Reachable, send } from '#bench/launch'
import { CookieJar } from './cookies.ts'
import type { SpecRequest } from './format.ts'
import { fillJson, fillText, type Values } from './template.ts'

/** Milliseconds an app may take for one answer. */
const patience = 10_000
/** Bytes of an answer that are kept. */
const kept = 256 * 1024

/** What a request is sent with besides itself. */
export interface Visitor {
  readonly cookies: CookieJar
  /** Sent as `Authorization: Bearer` unless the request has one of its own. */
  bearer?: string
}

export interface Sending {
  readonly purpose: string
  readonly values: Values
  readonly signal: AbortSignal
  /** Of the page that sends it; the app's own unless told. */
  readonly origin?: string
}

/** Somebody the app has not seen yet. */
export function newVisitor(): Visitor {
  return { cookies: new CookieJar() }
}

/** The same person going on alone: what happens from here is not shared. */
export function copyOf(visitor: Visitor): Visitor {
  return { ...visitor, cookies: visitor.cookies.copy() }
}

/** Sends what a step asks for, as the browser of this visitor would: with cookies and, where something changes, the origin. */
export async function sendAs(
  visitor: Visitor,
  app: Reachable,
  request: SpecRequest,
  { purpose, values, signal, origin = app.origin }: Sending,
): Promise<Exchange> {
  const { body, type } = bodyOf(request, values)
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name, fillText(value, values)] as const)
  const names = new Set(given.map(([name]) => name.toLowerCase()))
  const bearer = request.bearer === undefined ? visitor.bearer : fillText(request.bearer, values)
  const cookie = visitor.cookies.header()
  const own: readonly (readonly [string, string | undefined])[] = [
    ['content-type', type],
    ['cookie', cookie],
    ['authorization', bearer && `Bearer ${bearer}`],
    ['origin', request.method === 'GET' || request.method === 'HEAD' ? undefined : origin],
  ]
  const exchange = await send(app, {
    purpose,
    method: request.method,
    path: pathOf(request, values),
    headers: [
      ...own.flatMap(([name, value]) => (value === undefined || names.has(name) ? [] : [[name, value] as const])),
      ...given,
    ],
    ...(body !== undefined && { body }),
    signal,
    timeout: patience,
    keep: kept,
  })
  if (exchange.response) visitor.cookies.take(exchange.response.headers)
  return exchange
}

function pathOf({ path, query }: SpecRequest, values: Values): string {
  const filled = encodeURI(
    path.replace(/\{\{\s*(\w+)\s*\}\}/g, (name) => encodeURIComponent(fillText(name, values))),
  ).replace(/%25([0-9A-Fa-f]{2})/g, '%$1')
  const pairs = Object.entries(query ?? {}).map(([name, value]): [string, string] => [
    name,
    fillText(String(value), values),
  ])
  if (pairs.length === 0) return filled
  return `${filled}${filled.includes('?') ? '&' : '?'}${new URLSearchParams(pairs)}`
}

function bodyOf({ json, form, text }: SpecRequest, values: Values): { readonly body?: string; readonly type?: string } {
  if (json !== undefined) return { body: JSON.stringify(fillJson(json, values)), type: 'application/json' }
  if (form !== undefined) {
    const pairs = Object.entries(form).flatMap(([name, value]) =>
      [value].flat().map((each): [string, string] => [name, fillText(each, values)]),
    )
    return { body: new URLSearchParams(pairs).toString(), type: 'application/x-www-form-urlencoded' }
  }
  return text === undefined ? {} : { body: fillText(text, values) }
}
