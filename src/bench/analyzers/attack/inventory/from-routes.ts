import type { Call, Route } from '#bench/interfaces'
import type { Endpoint, Parameter, Place } from './endpoint.ts'
import { parametersIn, pathParameters, type SourceText } from './from-source.ts'
import { codeAt, handlerPlace, withCalled } from './handler.ts'

const writes: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** The routes frameworks declare, with what their handlers read of a request. WebSockets and catch-alls are left out. */
export function endpointsOfRoutes(routes: readonly Route[], sources: readonly SourceText[]): Endpoint[] {
  const texts = new Map(sources.map(({ path, text }) => [path, text]))
  return routes
    .filter(
      ({ method, path, mounted }) =>
        mounted && method !== 'WS' && method !== 'HEAD' && method !== 'OPTIONS' && !/^\/?\*$/.test(path),
    )
    .flatMap((route) =>
      (route.method === 'ALL' ? ['GET', 'POST'] : [route.method]).map((method) => endpointOf(route, method, texts)),
    )
}

function endpointOf(route: Route, method: string, texts: ReadonlyMap<string, string>): Endpoint {
  const text = texts.get(route.file) ?? ''
  const path = route.path.replace(/\*$/, ':rest')
  const handler = handlerPlace(route.file, text, route.line)
  const code = withCalled(codeAt(text, namedHandler(route, text) ?? handler), route.file, text)
  const read = parametersIn(code, method)
  const body: Place = bodyPlace(route, code, read)
  const parameters: Parameter[] = [
    ...pathParameters(path),
    ...route.request.query.map(({ name, required }): Parameter => ({ name, required, place: 'query' })),
    ...(writes.has(method) ? route.request.body : [])
      .filter(({ name }) => !read.some((parameter) => parameter.place === 'file' && parameter.name === name))
      .map(({ name, required }): Parameter => ({ name, required, place: body })),
  ]
  for (const parameter of read) {
    const place = parameter.place === 'json' || parameter.place === 'form' ? body : parameter.place
    if (
      parameters.some(
        (known) => known.name === parameter.name && (known.place === place || place === body || known.place === 'path'),
      )
    )
      continue
    parameters.push({ ...parameter, place })
  }
  return { method, path, parameters, origins: ['route'], handler, code, open: route.request.open }
}

/** `router.get('/x', show)`: the function of that name in the same file. */
function namedHandler({ handler, file, line }: Route, text: string) {
  if (handler === undefined || file.endsWith('.py')) return undefined
  const name = handler.split('.').at(-1) ?? handler
  const lines = text.split('\n')
  const at = lines.findIndex((candidate) =>
    new RegExp(`\\b(?:function|const|let|async)\\s+${name.replace(/\W/g, '')}\\b`).test(candidate),
  )
  return at < 0 || at + 1 === line ? undefined : handlerPlace(file, text, at + 1)
}

function bodyPlace(route: Route, code: string, read: readonly Parameter[]): Place {
  if (/get_json|request\.json|await request\.json|JSON\.parse/.test(code)) return 'json'
  if (read.some(({ place }) => place === 'form' || place === 'file') || /request\.form|Form\(/.test(code)) return 'form'
  return /flask|django|quart/.test(route.framework) && !/\.json\b/.test(code) ? 'form' : 'json'
}

/** What the front end's own requests show: methods, addresses and the fields they send. */
export function endpointsOfCalls(calls: readonly Call[]): Endpoint[] {
  return calls.flatMap((call): Endpoint[] => {
    if (call.server || call.path === undefined || call.baseUnknown || call.method === 'WS') return []
    if (call.origin !== undefined && !/\/\/(?:localhost|127\.0\.0\.1)/.test(call.origin)) return []
    let number = 0
    const path = call.path.replace(/:(?!\w)/g, () => `:id${number++ === 0 ? '' : number}`)
    const method = call.method === '*' ? 'GET' : call.method
    const place: Place = call.via === 'form' ? 'form' : 'json'
    return [
      {
        method,
        path,
        parameters: [
          ...pathParameters(path),
          ...call.query.map((name): Parameter => ({ name, place: 'query', required: false })),
          ...(writes.has(method) ? (call.sent?.names ?? []) : []).map(
            (name): Parameter => ({ name, place, required: true }),
          ),
        ],
        origins: ['call'],
        open: call.sent?.open ?? true,
      },
    ]
  })
}
