import type { Endpoint, Parameter } from '../inventory/endpoint.ts'

/** A JSON value, for bodies. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A file as a form sends it. */
export interface FileValue {
  readonly fileName: string
  readonly type: string
  readonly content: string
}

/** The values of one request by {@link parameterKey}. `rawPath`: a path parameter's value that is not encoded again. */
export interface Values {
  readonly fields: ReadonlyMap<string, Json>
  readonly files?: ReadonlyMap<string, FileValue>
  /** Query pieces as they are to be sent, `name[$ne]=1`. */
  readonly rawQuery?: string
}

/** Method, address, headers and body of a request, before a session is added. */
export interface Draft {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string
}

/** What tells the parameters of an endpoint apart. */
export function parameterKey({ place, name }: Pick<Parameter, 'place' | 'name'>): string {
  return `${place} ${name}`
}

const boundary = '----assay7d1f0c2b9e'

/** Puts the values where the parameters travel. A parameter without a value is left out, unless it is part of the path. */
export function draftOf(endpoint: Endpoint, { fields, files = new Map(), rawQuery = '' }: Values): Draft {
  const at = (place: Parameter['place']) =>
    endpoint.parameters.flatMap((parameter): [string, Json][] => {
      const value = parameter.place === place ? fields.get(parameterKey(parameter)) : undefined
      return value === undefined ? [] : [[parameter.name, value]]
    })
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeSegment(textOf(fields.get(parameterKey({ place: 'path', name })) ?? '1')),
  )
  const query = [
    ...at('query').map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(textOf(value))}`),
    ...(rawQuery === '' ? [] : [rawQuery]),
  ].join('&')
  const cookies = at('cookie').map(([name, value]) => `${name}=${encodeURIComponent(textOf(value))}`)
  const body = bodyOf(at, endpoint, files)
  return {
    method: endpoint.method,
    path: query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`,
    headers: [
      ...at('header').map(([name, value]): [string, string] => [name.toLowerCase(), headerSafe(textOf(value))]),
      ...(cookies.length === 0 ? [] : [['cookie', cookies.join('; ')] as const]),
      ...(body === undefined ? [] : [['content-type', body.type] as const]),
    ],
    ...(body !== undefined && { body: body.text }),
  }
}

function bodyOf(
  at: (place: Parameter['place']) => [string, Json][],
  endpoint: Endpoint,
  files: ReadonlyMap<string, FileValue>,
): { readonly type: string; readonly text: string } | undefined {
  const [whole] = [...at('xml'), ...at('raw')]
  if (whole !== undefined) {
    const xml = endpoint.parameters.some(({ place }) => place === 'xml')
    return { type: xml ? 'application/xml' : 'text/plain', text: textOf(whole[1]) }
  }
  const form = at('form')
  if (files.size > 0) return { type: `multipart/form-data; boundary=${boundary}`, text: multipart(form, files) }
  if (form.length > 0)
    return {
      type: 'application/x-www-form-urlencoded',
      text: new URLSearchParams(form.map(([name, value]): [string, string] => [name, textOf(value)])).toString(),
    }
  const json = at('json')
  if (json.length > 0) return { type: 'application/json', text: JSON.stringify(Object.fromEntries(json)) }
  const takesJson = endpoint.parameters.some(({ place }) => place === 'json')
  return takesJson && endpoint.method !== 'GET' ? { type: 'application/json', text: '{}' } : undefined
}

function multipart(fields: readonly [string, Json][], files: ReadonlyMap<string, FileValue>): string {
  const parts = [
    ...fields.map(([name, value]) => `content-disposition: form-data; name="${name}"\r\n\r\n${textOf(value)}`),
    ...[...files].map(
      ([name, { fileName, type, content }]) =>
        `content-disposition: form-data; name="${name}"; filename="${fileName}"\r\ncontent-type: ${type}\r\n\r\n${content}`,
    ),
  ]
  return `${parts.map((part) => `--${boundary}\r\n${part.replace(/^content-disposition/, 'Content-Disposition').replace('\r\ncontent-type', '\r\nContent-Type')}\r\n`).join('')}--${boundary}--\r\n`
}

/** A value as the text it travels as. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A leading `raw:` keeps what is encoded already. */
function encodeSegment(text: string): string {
  return text.startsWith('raw:') ? text.slice(4) : encodeURIComponent(text)
}

function headerSafe(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[^\x20-\x7e]/g, '?')
}
