import type { Exchange } from '#bench/findings'
import { bodyOf, headerOf, jsonOf, succeeded } from '../http/answer.ts'
import type { Endpoint, Parameter } from '../inventory/endpoint.ts'
import { isToken } from '../inventory/from-page.ts'
import { idsIn } from '../inventory/learn.ts'
import type { Change, Lab } from '../lab.ts'
import { isAccountRoute } from '../session/routes.ts'
import type { Visitor } from '../session/visitor.ts'
import { valueFor } from '../values.ts'

/** The routes around one kind of object: where it is made, listed, seen, changed and removed. */
export interface Kind {
  readonly create: Endpoint
  readonly list: Endpoint | undefined
  readonly show: Endpoint | undefined
  readonly change: readonly Endpoint[]
  readonly remove: readonly Endpoint[]
}

/** An object somebody made, with a word in it that nobody else knows. */
export interface MadeObject {
  readonly kind: Kind
  readonly id: string
  readonly word: string
  readonly made: Exchange
}

/** The kinds of object an app has, by its routes. */
export function kindsOf(lab: Lab): Kind[] {
  const items = lab.endpoints.filter(({ path }) => /:\w+/.test(path))
  return lab.endpoints
    .filter(
      (endpoint) =>
        endpoint.method === 'POST' &&
        !isAccountRoute(endpoint, lab.accounts) &&
        texts(endpoint).length > 0 &&
        !/:\w+$/.test(endpoint.path),
    )
    .map((create) => {
      const base = create.path.replace(/\/(?:new|create|add|submit)\/?$/i, '').replace(/\/$/, '')
      const names = new Set([base, plural(base)])
      const belongs = (path: string) => {
        const before = path.slice(0, path.lastIndexOf('/:'))
        const stem = before.replace(/\/(?:edit|update|view|delete|show|remove)$/i, '')
        return names.has(stem) || names.has(plural(stem))
      }
      const own = items.filter(({ path }) => belongs(path.replace(/\/(?:edit|update|delete|remove|view)\/?$/i, '')))
      return {
        create,
        list: lab.endpoints.find(({ method, path }) => method === 'GET' && names.has(path.replace(/\/$/, ''))),
        show: own.find(
          ({ method, path }) => method === 'GET' && !/\/(?:edit|update|delete|remove)(?:\/|$)/i.test(path),
        ),
        change: own.filter(
          ({ method, path }) =>
            method === 'PUT' || method === 'PATCH' || (method === 'POST' && !/delete|remove/i.test(path)),
        ),
        remove: own.filter(
          ({ method, path }) => method === 'DELETE' || (method === 'POST' && /delete|remove/i.test(path)),
        ),
      }
    })
    .filter(
      ({ show, list, change, remove }) =>
        show !== undefined || list !== undefined || change.length > 0 || remove.length > 0,
    )
}

/** Makes an object of a kind as somebody, with a fresh word in its texts; undefined when the app does not make it or does not say which it is. */
export async function make(
  lab: Lab,
  kind: Kind,
  visitor: Visitor,
  change: Change = {},
): Promise<MadeObject | undefined> {
  const word = lab.word()
  const before =
    kind.list === undefined ? [] : idsOn(await lab.submit(kind.list, 'lists the objects', {}, visitor), kind)
  const made = await lab.submit(
    kind.create,
    `${visitor.title} makes an object`,
    { ...change, set: [...textsWith(kind.create, word), ...(change.set ?? [])] },
    visitor,
  )
  if (!succeeded(made)) return undefined
  const [direct] = idsIn(jsonOf(made))
  const led = /\/(\d+|[0-9a-f-]{16,})\/?(?:[?#]|$)/i.exec(headerOf(made, 'location') ?? '')?.[1]
  const listed =
    kind.list === undefined
      ? []
      : idsOn(await lab.submit(kind.list, 'lists the objects', {}, visitor), kind).filter((id) => !before.includes(id))
  const id = direct ?? led ?? listed[0]
  return id === undefined ? undefined : { kind, id, word, made }
}

/** Asks for an endpoint of one object. */
export function of(
  lab: Lab,
  endpoint: Endpoint,
  id: string,
  purpose: string,
  visitor: Visitor,
  change: Change = {},
): Promise<Exchange> {
  const parameter = endpoint.parameters.filter(({ place }) => place === 'path').at(-1)
  const set = parameter === undefined ? [] : [[parameter, id] as const]
  return lab.submit(endpoint, purpose, { ...change, set: [...set, ...(change.set ?? [])] }, visitor)
}

/** The text fields of an endpoint's body, each filled with the word. */
export function textsWith(endpoint: Endpoint, word: string): (readonly [Parameter, string])[] {
  return texts(endpoint).map((parameter) => [parameter, `note ${word}`])
}

/** Fields that take any text. */
function texts(endpoint: Endpoint): Parameter[] {
  const nobody = { name: 'n', email: 'e', password: 'p' }
  return endpoint.parameters.filter(
    (parameter) =>
      (parameter.place === 'json' || parameter.place === 'form') &&
      !isToken(parameter) &&
      parameter.sample === undefined &&
      /^(?:word|name) /.test(String(valueFor(parameter, nobody, ''))),
  )
}

/** Ids in an answer: of its JSON, or in links of a page to objects of the kind. */
function idsOn(exchange: Exchange, { show, create }: Kind): string[] {
  const json = jsonOf(exchange)
  if (json !== undefined) return idsIn(json)
  const stem = (show?.path ?? `${create.path}/:id`).replace(/:\w+.*$/, '')
  return [...bodyOf(exchange).matchAll(/["'](\/[^"']{1,200})["']/g)].flatMap(([, path = '']) => {
    const rest = path.startsWith(stem) ? /^(\d+|[0-9a-f-]{16,})/.exec(path.slice(stem.length)) : null
    return rest === null ? [] : [rest[1] ?? '']
  })
}

function plural(path: string): string {
  return path.endsWith('s') ? path : `${path}s`
}
