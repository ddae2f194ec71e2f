import { type Json, parameterKey, type Values } from './http/request.ts'
import type { Endpoint, Parameter } from './inventory/endpoint.ts'

/** Who a request is made for: fills in the fields that name a person. */
export interface Person {
  readonly name: string
  readonly email: string
  readonly password: string
}

/** What is known of the app's objects, newest first. */
export interface KnownIds {
  /** Of the objects under a path such as `/api/notes`, or of objects of any kind. */
  idsOf(path: string): readonly string[]
}

const noIds: KnownIds = { idsOf: () => [] }

/**
 * A value the app is likely to take for a field, by its sample, its type and its name. The same input gives the same value.
 *
 * @param word a short text of letters and digits for fields that take any text
 */
export function valueFor(parameter: Parameter, person: Person, word: string): Json {
  const { name, sample, type, place } = parameter
  const asJson = place === 'json'
  if (sample !== undefined && sample !== '' && !/pass|email|user/i.test(name))
    return asJson ? typed(sample, type) : sample
  const known = byName.find(([pattern]) => pattern.test(plain(name)))
  if (known !== undefined) {
    const value = known[1](person, word)
    return asJson ? value : String(value)
  }
  const typedValue = byType[type ?? '']
  if (typedValue !== undefined) return asJson ? typedValue : String(typedValue)
  return `word ${word}`
}

/** Values for every parameter of an endpoint; files apart. Fields that only seem optional are sent as well. */
export function valuesFor(endpoint: Endpoint, person: Person, word: string, ids: KnownIds = noIds): Values {
  const fields = new Map<string, Json>()
  for (const parameter of endpoint.parameters) {
    if (parameter.place === 'file' || parameter.place === 'cookie' || parameter.place === 'header') continue
    const id =
      parameter.place === 'path' || /(?:^|_|[a-z])id$/i.test(parameter.name)
        ? idFor(endpoint, parameter, ids)
        : undefined
    const value = id ?? valueFor(parameter, person, word)
    if (parameter.place === 'xml')
      fields.set(parameterKey(parameter), `<?xml version="1.0"?><data><name>${word}</name></data>`)
    else if (parameter.place === 'path' && typeof value === 'string' && value.startsWith('word '))
      fields.set(parameterKey(parameter), isWordy(parameter.name) ? word : '1')
    else fields.set(parameterKey(parameter), value)
  }
  const files = endpoint.parameters
    .filter(({ place }) => place === 'file')
    .map(({ name }) => [name, { fileName: `${word}.txt`, type: 'text/plain', content: `text ${word}` }] as const)
  return { fields, ...(files.length > 0 && { files: new Map(files) }) }
}

function idFor(endpoint: Endpoint, parameter: Parameter, ids: KnownIds): string | undefined {
  if (parameter.place !== 'path')
    return (
      ids.idsOf(`/${parameter.name.replace(/_?id$/i, '')}`)[0] ?? (parameter.sample === undefined ? '1' : undefined)
    )
  const before = endpoint.path.slice(0, endpoint.path.indexOf(`:${parameter.name}`))
  return ids.idsOf(before.replace(/\/$/, ''))[0] ?? parameter.sample
}

function isWordy(name: string): boolean {
  return !/(?:^|_)(?:id|pk|num|number|page|index)\d*$|Id$/i.test(name)
}

/** Small letters, words apart: `newPassword` → `new_password`. */
function plain(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[-\s.]/g, '_')
    .toLowerCase()
}

type Maker = (person: Person, word: string) => Json

/** In this order: the first that matches decides. */
const byName: readonly (readonly [RegExp, Maker])[] = [
  [/pass(?:word|wd|phrase)?|pwd|confirm$|repeat/, ({ password }) => password],
  [/e_?mail|mail$/, ({ email }) => email],
  [/^(?:user|login|account)(?:_?name)?$|user_?name|nick|handle$|owner$|author$/, ({ name }) => name],
  [/first_?name|given/, () => 'Ada'],
  [/last_?name|surname|family/, () => 'Muster'],
  [/^(?:full_?)?name$|display_?name/, (_, word) => `name ${word}`],
  [/(?:^|_)(?:date|day|birthday|dob|due|deadline|start|end|from|until)(?:_|$)|_at$/, () => '2031-05-17'],
  [/(?:^|_)time$/, () => '10:30'],
  [/phone|mobile|tel$/, () => '+4915112345678'],
  [/url|link|href|website|homepage|webhook|callback|redirect|next$|return/, () => '/'],
  [/(?:^|_)(?:ip|host|hostname|address_ip|target|domain|server)$/, () => '127.0.0.1'],
  [/colou?r/, () => '#336699'],
  [/currency/, () => 'EUR'],
  [/(?:^|_)(?:lang|language|locale)$/, () => 'en'],
  [/country/, () => 'DE'],
  [/zip|postal/, () => '12345'],
  [/price|amount|cost|total|balance|salary|fee/, () => 12],
  [
    /quantity|qty|count|number|num$|age$|size|limit|offset|page|rating|score|stock|year|width|height|length|priority|duration|capacity|^n$|^a$|^b$|^x$|^y$/,
    () => 3,
  ],
  [/^(?:is|has|can)_|active|enabled|done|completed?$|pinned|public|published|agree|terms|accept|remember/, () => true],
  [/tags|items|list$|options|choices|ingredients/, (_, word) => [word]],
  [/file_?name|^file$|^path$|document|attachment|template|page$/, () => 'sample.txt'],
  [/status|state$/, () => 'open'],
  [/(?:^|_)id$/, () => 1],
]

const byType: Readonly<Record<string, Json>> = {
  integer: 3,
  number: 3,
  boolean: true,
  array: [],
  object: {},
  date: '2031-05-17',
  'date-time': '2031-05-17T10:30:00Z',
  uuid: '6f1c1e0a-6a0e-4d53-9d2c-5a6b1f0c9e11',
}

function typed(sample: string, type: string | undefined): Json {
  if ((type === 'integer' || type === 'number') && Number.isFinite(Number(sample))) return Number(sample)
  if (type === 'boolean') return sample === 'true'
  return sample
}
