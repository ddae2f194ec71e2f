import { elementsOf, type HtmlElement } from '../http/html.ts'
import type { Endpoint, Parameter } from './endpoint.ts'

/** What a page leads to. */
export interface PageContents {
  readonly endpoints: readonly Endpoint[]
  /** Values the app wants back, such as CSRF tokens, by field name. */
  readonly tokens: ReadonlyMap<string, string>
  /** Scripts of the same origin, to be read for requests. */
  readonly scripts: readonly string[]
}

/** Names of CSRF tokens. */
const tokenName = /csrf|xsrf|authenticity|request_?verification|^_token$|nonce/i

/** Whether the app sets the parameter for each visit. */
export function isToken({ token, name }: Parameter): boolean {
  return token === true || tokenName.test(name)
}

/**
 * The forms and links of a page, those of the same origin only.
 *
 * @param page the address it was found at, absolute
 */
export function readPage(html: string, page: string): PageContents {
  const endpoints: Endpoint[] = []
  const tokens = new Map<string, string>()
  const scripts: string[] = []
  let form: { action: URL; method: string; multipart: boolean; fields: Parameter[] } | undefined
  const finish = () => {
    if (form !== undefined) endpoints.push(formEndpoint(form, page))
    form = undefined
  }
  for (const element of elementsOf(html)) {
    const { name, attributes } = element
    if (name === 'form') {
      finish()
      const action = local(attributes.get('action') ?? '', page)
      if (action !== undefined)
        form = {
          action,
          method: (attributes.get('method') ?? 'GET').toUpperCase(),
          multipart: attributes.get('enctype') === 'multipart/form-data',
          fields: [],
        }
    } else if (name === 'meta' && tokenName.test(attributes.get('name') ?? '')) {
      tokens.set(attributes.get('name') ?? '', attributes.get('content') ?? '')
    } else if (name === 'a' || name === 'area') {
      const link = linkEndpoint(attributes.get('href'), page)
      if (link !== undefined) endpoints.push(link)
    } else if (name === 'script') {
      const source = local(attributes.get('src'), page)
      if (source !== undefined) scripts.push(`${source.pathname}${source.search}`)
    } else {
      const field = fieldOf(element)
      if (field === undefined) continue
      if (field.token === true) tokens.set(field.name, field.sample ?? '')
      if (form !== undefined && !form.fields.some((known) => known.name === field.name)) form.fields.push(field)
    }
  }
  finish()
  return { endpoints, tokens, scripts }
}

function formEndpoint(
  { action, method, multipart, fields }: { action: URL; method: string; multipart: boolean; fields: Parameter[] },
  page: string,
): Endpoint {
  const get = method !== 'POST'
  const parameters = fields.map(
    (field): Parameter => ({ ...field, place: field.place === 'file' ? 'file' : get ? 'query' : 'form' }),
  )
  return {
    method: get ? 'GET' : 'POST',
    path: action.pathname,
    parameters: [
      ...parameters,
      ...queryOf(action).filter(({ name }) => !parameters.some((known) => known.name === name)),
    ],
    origins: ['form'],
    page: new URL(page).pathname,
    open: multipart,
  }
}

function fieldOf({ name, attributes, text }: HtmlElement): Parameter | undefined {
  const field = attributes.get('name')
  if (field === undefined || field === '' || !/^(?:input|textarea|select|button)$/.test(name)) return undefined
  const type = attributes.get('type') ?? (name === 'input' ? 'text' : name)
  if (type === 'reset' || type === 'image') return undefined
  if (name === 'button' && attributes.get('value') === undefined) return undefined
  const sample = attributes.get('value') ?? (name === 'textarea' ? text.trim() : undefined)
  return {
    name: field,
    place: type === 'file' ? 'file' : 'form',
    required: attributes.has('required'),
    ...(sample !== undefined && sample !== '' && { sample }),
    ...(type === 'number' ? { type: 'integer' } : type === 'date' ? { type: 'date' } : {}),
    ...(type === 'hidden' && tokenName.test(field) && { token: true as const }),
  }
}

function linkEndpoint(href: string | undefined, page: string): Endpoint | undefined {
  const url = href === undefined || /^(?:javascript|mailto|tel|data|#)/i.test(href) ? undefined : local(href, page)
  if (url === undefined) return undefined
  return { method: 'GET', path: decodePath(url.pathname), parameters: queryOf(url), origins: ['link'], open: false }
}

function queryOf(url: URL): Parameter[] {
  return [...new Map(url.searchParams)].map(
    ([name, sample]): Parameter => ({ name, place: 'query', required: true, ...(sample !== '' && { sample }) }),
  )
}

function local(address: string | undefined, page: string): URL | undefined {
  if (address === undefined || !URL.canParse(address, page)) return undefined
  const url = new URL(address, page)
  return url.origin === new URL(page).origin ? url : undefined
}

function decodePath(path: string): string {
  return /%[0-7][\da-f]/i.test(path) && !/%2f|%25|%3f|%23/i.test(path) ? decodeURIComponent(path) : path
}
