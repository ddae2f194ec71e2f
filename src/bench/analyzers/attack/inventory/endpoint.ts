/** Where a parameter travels in a request. `xml` and `raw` are whole bodies. */
export const places = ['path', 'query', 'form', 'json', 'file', 'header', 'cookie', 'xml', 'raw'] as const
export type Place = (typeof places)[number]

/** One thing a request can carry. */
export interface Parameter {
  readonly name: string
  readonly place: Place
  readonly required: boolean
  /** A value the app is known to take: a default of a form, an example of a document, one of its choices. */
  readonly sample?: string
  /** As documents name it: `integer`, `boolean`, `array`, `email`, `date`, … */
  readonly type?: string
  /** Set by the app for each visit, such as a CSRF token: sent back as it came. */
  readonly token?: true
}

/** The code that answers, for the reader and for joining with what was found in it. */
export interface HandlerPlace {
  readonly path: string
  readonly startLine: number
  readonly endLine: number
}

/** How an endpoint became known. */
export type Origin = 'route' | 'source' | 'document' | 'form' | 'link' | 'call'

/** One address of the app that takes requests. */
export interface Endpoint {
  /** In capitals. */
  readonly method: string
  /** With named parameters: `/api/users/:id`. */
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly origins: readonly Origin[]
  readonly handler?: HandlerPlace
  /** The text of the handler, for choosing what to try first. */
  readonly code?: string
  /** The page whose form leads here. */
  readonly page?: string
  /** More fields may be read than are known. */
  readonly open: boolean
}

/** What two findings about the same endpoint share. */
export function endpointKey({ method, path }: Pick<Endpoint, 'method' | 'path'>): string {
  return `${method} ${path.replace(/:\w+/g, ':')}`
}

/**
 * The same endpoints known from several origins as one each: parameters united by name and place, samples and handlers
 * kept. A concrete path (`/notes/7`) joins the route that serves it. Order of first appearance.
 */
export function unite(endpoints: readonly Endpoint[]): Endpoint[] {
  const patterns = endpoints.filter(({ path }) => path.includes(':'))
  const united = new Map<string, Endpoint>()
  for (const endpoint of endpoints) {
    const served = endpoint.path.includes(':') ? endpoint : { ...endpoint, ...routed(endpoint, patterns) }
    const key = endpointKey(served)
    const known = united.get(key)
    united.set(key, known === undefined ? served : joined(known, served))
  }
  return [...united.values()]
}

/** The path of the pattern a concrete path belongs to, with the concrete pieces as samples. */
function routed(endpoint: Endpoint, patterns: readonly Endpoint[]): Partial<Endpoint> {
  const exact = patterns.length === 0
  if (exact) return {}
  for (const pattern of patterns) {
    if (pattern.method !== endpoint.method) continue
    const samples = matchPath(pattern.path, endpoint.path)
    if (samples === undefined || Object.values(samples).some((value) => !/\d/.test(value))) continue
    const inPath = Object.entries(samples).map(
      ([name, sample]): Parameter => ({ name, place: 'path', required: true, sample }),
    )
    return { path: pattern.path, parameters: [...inPath, ...endpoint.parameters] }
  }
  return {}
}

/** The values of a pattern's parameters in a concrete path; undefined when it is another path. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split('/')
  const given = path.split('/')
  if (expected.length !== given.length) return undefined
  const values: Record<string, string> = {}
  for (const [at, segment] of expected.entries()) {
    const actual = given[at] ?? ''
    if (segment.startsWith(':') && actual !== '') values[segment.slice(1)] = actual
    else if (segment !== actual) return undefined
  }
  return values
}

function joined(one: Endpoint, other: Endpoint): Endpoint {
  const parameters = new Map<string, Parameter>()
  for (const parameter of [...one.parameters, ...other.parameters]) {
    const key = `${parameter.place === 'form' || parameter.place === 'json' ? 'body' : parameter.place} ${parameter.name}`
    const known = parameters.get(key)
    parameters.set(
      key,
      known === undefined
        ? parameter
        : { ...parameter, ...defined(known), required: known.required || parameter.required },
    )
  }
  return {
    ...other,
    ...defined(one),
    parameters: sameBody([...parameters.values()], other),
    origins: [...new Set([...one.origins, ...other.origins])],
    open: one.open && other.open,
  }
}

/** What a form or document says about the kind of body outweighs what is guessed from code. */
function sameBody(parameters: readonly Parameter[], newer: Endpoint): readonly Parameter[] {
  const said = newer.parameters.find(({ place }) => place === 'form' || place === 'json')?.place
  const certain = newer.origins.some((origin) => origin === 'form' || origin === 'document' || origin === 'call')
  if (said === undefined || !certain) return parameters
  return parameters.map((parameter) =>
    parameter.place === 'form' || parameter.place === 'json' ? { ...parameter, place: said } : parameter,
  )
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T
}
