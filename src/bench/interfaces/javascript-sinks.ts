import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import { argumentsOf, type Module } from './javascript-modules.ts'
import { textual } from './javascript-text.ts'
import { type Place, propertyOf, resolve, type Trace, type World } from './javascript-values.ts'
import { joinPaths, unknown } from './pattern.ts'

/** The parts of one place that makes a request, unevaluated. */
export interface Request {
  readonly via: string
  readonly url: Place
  readonly base?: Place
  /** A literal method, or where to find it; `optional` when it may be left out for GET. */
  readonly method: string | { readonly place: Place; readonly state: 'present' | 'unclear' }
  readonly body?: Place
}

const verbs = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options'])
const clients = /^(?:axios|\$http|ky|got|superagent|wretch|this\.(?:\$?http|httpClient|\$axios|axios)|\$axios)$/
const hasBody = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** What a call or `new` expression requests, if it is one of the browser's or a client library's ways to request. */
export function requestOf(place: Place, world: World, trace: Trace): Request | undefined {
  const { node } = place
  const [first, second, third] = argumentsOf(node).map((argument) => ({ ...place, node: argument }))
  if (first === undefined) return undefined
  if (node.type === 'new_expression') {
    const name = fieldOf(node, 'constructor')
    const kind = name === undefined ? '' : textOf(name)
    if (kind === 'EventSource') return { via: 'EventSource', url: first, method: 'GET' }
    if (kind === 'WebSocket') return { via: 'WebSocket', url: first, method: 'WS' }
    return undefined
  }
  const callee = fieldOf(node, 'function')
  if (callee === undefined) return undefined
  const name = textOf(callee)
  if (/^(?:(?:window|globalThis|self)\.)?fetch$|^(?:\$fetch|ofetch|useFetch|fetchWithTimeout)$/.test(name)) {
    if (isLocal(place, name)) return undefined
    return withOptions('fetch', first, second, 'body', world, trace)
  }
  if (name === 'navigator.sendBeacon') return { via: 'beacon', url: first, method: 'POST' }
  if (/^(?:\$|jQuery)\.(?:ajax|get|post|getJSON)$/.test(name)) return jqueryRequest(name, first, second, world, trace)
  if (name === 'axios' || name === 'ky') {
    if (isObject(first, world, trace)) return fromConfig(name, first, world, trace)
    return withOptions(name, first, second, name === 'ky' ? 'json' : 'data', world, trace)
  }
  if (callee.type === 'member_expression') return memberRequest(place, callee, [first, second, third], world, trace)
  // An instance called as a function: `api({ url, method })`, `api('/x', {...})`.
  if (callee.type === 'identifier') {
    const instance = instanceOf({ ...place, node: callee }, world, trace)
    if (instance === undefined) return undefined
    const request = isObject(first, world, trace)
      ? fromConfig(instance.via, first, world, trace)
      : withOptions(instance.via, first, second, instance.via === 'ky' ? 'json' : 'data', world, trace)
    return request === undefined ? undefined : { ...request, ...(instance.base && { base: instance.base }) }
  }
  return undefined
}

function memberRequest(
  place: Place,
  callee: CodeNode,
  [first, second, third]: readonly [Place, Place | undefined, Place | undefined],
  world: World,
  trace: Trace,
): Request | undefined {
  const object = fieldOf(callee, 'object')
  const property = fieldOf(callee, 'property')
  if (object === undefined || property === undefined) return undefined
  const verb = textOf(property)
  if (verb === 'open' && first.node.type === 'string' && second !== undefined) {
    const method = textOf(first.node).slice(1, -1).toUpperCase()
    return verbs.has(method.toLowerCase()) ? { via: 'XMLHttpRequest', url: second, method } : undefined
  }
  if (!verbs.has(verb) && verb !== 'request') return undefined
  const name = textOf(object)
  const instance =
    clients.test(name) && isClient(place, name)
      ? { via: name.replace(/^this\./, ''), base: undefined }
      : instanceOf({ ...place, node: object }, world, trace)
  if (instance === undefined) return undefined
  const base = instance.base === undefined ? {} : { base: instance.base }
  if (verb === 'request') {
    const request = isObject(first, world, trace) ? fromConfig(instance.via, first, world, trace) : undefined
    return request === undefined ? undefined : { ...base, ...request }
  }
  const method = verb.toUpperCase()
  const wrapsBody = instance.via === 'ky' || instance.via === 'got' || method === 'DELETE'
  const config = wrapsBody ? second : third
  const body = wrapsBody
    ? optionBody(config, instance.via === 'ky' || instance.via === 'got' ? 'json' : 'data', world, trace)
    : second
  return { via: instance.via, url: first, method, ...base, ...(hasBody.has(method) && body && { body }) }
}

/** A client made with a base: `axios.create({ baseURL })`, `ky.create({ prefixUrl })`, `axios.defaults.baseURL = …`. */
function instanceOf(
  place: Place,
  world: World,
  trace: Trace,
): { readonly via: string; readonly base?: Place } | undefined {
  const made = resolve(place, world, trace)
  if (made.node.type !== 'call_expression') return undefined
  const callee = fieldOf(made.node, 'function')
  const match = callee === undefined ? null : /^(axios|ky|ofetch|\$fetch)\.(?:create|extend)$/.exec(textOf(callee))
  if (match?.[1] === undefined) return undefined
  const config = argumentsOf(made.node)[0]
  if (config === undefined) return { via: match[1] }
  for (const key of ['baseURL', 'prefixUrl', 'prefix', 'baseUrl']) {
    const found = propertyOf({ ...made, node: config }, key, world, trace)
    if (found.state === 'present') return { via: match[1], base: found.value }
  }
  return { via: match[1] }
}

function withOptions(
  via: string,
  url: Place,
  options: Place | undefined,
  bodyKey: string,
  world: World,
  trace: Trace,
): Request {
  if (options === undefined) return { via, url, method: 'GET' }
  const body = optionBody(options, bodyKey, world, trace)
  return { via, url, method: methodIn(options, 'method', world, trace), ...(body && { body }) }
}

function fromConfig(via: string, config: Place, world: World, trace: Trace): Request | undefined {
  const url = propertyOf(config, 'url', world, trace)
  if (url.state !== 'present') return undefined
  const base = propertyOf(config, 'baseURL', world, trace)
  const body = optionBody(config, 'data', world, trace)
  return {
    via,
    url: url.value,
    method: methodIn(config, 'method', world, trace),
    ...(base.state === 'present' && { base: base.value }),
    ...(body && { body }),
  }
}

function jqueryRequest(
  name: string,
  first: Place,
  second: Place | undefined,
  world: World,
  trace: Trace,
): Request | undefined {
  if (name.endsWith('.ajax')) {
    const config = isObject(first, world, trace) ? first : second
    const url =
      config === first ? propertyOf(first, 'url', world, trace) : ({ state: 'present', value: first } as const)
    if (config === undefined || url.state !== 'present') return undefined
    const key = propertyOf(config, 'type', world, trace).state === 'present' ? 'type' : 'method'
    const body = optionBody(config, 'data', world, trace)
    return { via: 'jQuery', url: url.value, method: methodIn(config, key, world, trace), ...(body && { body }) }
  }
  const method = name.endsWith('.post') ? 'POST' : 'GET'
  return { via: 'jQuery', url: first, method, ...(method === 'POST' && second && { body: second }) }
}

function methodIn(options: Place, key: string, world: World, trace: Trace): Request['method'] {
  const found = propertyOf(options, key, world, trace)
  if (found.state === 'absent') return 'GET'
  return found.state === 'present' ? { place: found.value, state: 'present' } : { place: options, state: 'unclear' }
}

function optionBody(options: Place | undefined, key: string, world: World, trace: Trace): Place | undefined {
  if (options === undefined) return undefined
  const found = propertyOf(options, key, world, trace)
  return found.state === 'present' ? found.value : undefined
}

/** The whole text of a request's URL, base first. */
export function urlText(request: Request, world: World, trace: Trace): string {
  const url = textual(request.url, world, trace)
  if (/^\w+:\/\//.test(url)) return url
  const base = request.base === undefined ? defaultBase(request, world, trace) : textual(request.base, world, trace)
  return base === undefined ? url : joinPaths(base, url)
}

function defaultBase({ via }: Request, world: World, trace: Trace): string | undefined {
  if (via !== 'axios') return undefined
  for (const module of world.modules.all) {
    const assigned = module.assignments.get('axios.defaults.baseURL')?.[0]
    const value = assigned === undefined ? undefined : fieldOf(assigned, 'right')
    if (value !== undefined) return textual({ node: value, module, frame: { bound: new Map() } }, world, trace)
  }
  return undefined
}

/** The method of a request; `*` when it is not visible. */
export function methodText({ method }: Request, world: World, trace: Trace): string {
  if (typeof method === 'string') return method
  if (method.state === 'unclear') return '*'
  const text = textual(method.place, world, trace)
  return text.includes(unknown) ? '*' : text.toUpperCase()
}

function isObject(place: Place, world: World, trace: Trace): boolean {
  return resolve(place, world, trace).node.type === 'object'
}

/** `this.http` is a client only where Angular's is injected. */
function isClient({ module }: Place, name: string): boolean {
  if (!name.startsWith('this.')) return true
  return module.source.text.includes('HttpClient') || name.includes('axios') || name.includes('$http')
}

function isLocal({ module }: Place, name: string): boolean {
  return (
    (module.declarations.get(name) ?? []).some(({ kind }) => kind !== 'import') &&
    !name.includes('.') &&
    isFunctionNamed(module, name)
  )
}

function isFunctionNamed(module: Module, name: string): boolean {
  return (module.declarations.get(name) ?? []).some(
    (each) => each.kind === 'value' && each.value?.type === 'function_declaration',
  )
}
