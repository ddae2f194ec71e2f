import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import { fastapiRead } from './fastapi-request.ts'
import type { Route } from './interface.ts'
import { joinPaths, normalisePath, unknown } from './pattern.ts'
import {
  decoratorsOf,
  type PythonModule,
  type PythonPlace,
  type PythonWorld,
  pythonArguments,
  pythonText,
  resolvePython,
} from './python-modules.ts'
import { pythonRequestRead } from './python-request.ts'

const verbs: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options'])

/** What routes hang on: the call that makes an app, a blueprint or a router. */
interface Hub {
  readonly kind: 'app' | 'blueprint' | 'router'
  readonly framework: string
  readonly prefix: string
}

interface Mount {
  readonly parent: CodeNode
  /** Replaces a blueprint's own prefix; comes before a router's own. */
  readonly prefix: string | undefined
}

interface Graph {
  readonly hubs: Map<CodeNode, Hub>
  readonly mounts: Map<CodeNode, Mount[]>
  /** Hubs are mounted in a way that is not visible (a loop over a list): all count as mounted. */
  loose: boolean
}

interface Draft {
  readonly hub: CodeNode | undefined
  readonly methods: readonly string[]
  readonly path: string
  readonly module: PythonModule
  readonly node: CodeNode
  readonly handler: CodeNode | undefined
  readonly guards: readonly string[]
}

/** Routes of Flask (with blueprints, views, Flask-RESTful) and FastAPI apps, across files. */
export function pythonRoutes(world: PythonWorld): Route[] {
  const graph: Graph = { hubs: new Map(), mounts: new Map(), loose: false }
  const modules = world.all.filter(({ source }) =>
    /\b(?:flask|fastapi|quart|starlette|sanic)\b|Blueprint|APIRouter|\.route\(|\.(?:get|post|put|delete|patch)\(/.test(
      source.text,
    ),
  )
  const drafts: Draft[] = []
  for (const module of modules) {
    for (const call of module.calls) {
      const hub = hubMade({ module, node: call }, world)
      if (hub?.kind === 'app' && hub.framework !== 'restful') graph.hubs.set(call, hub)
    }
  }
  for (const module of modules) {
    for (const node of module.decorated) drafts.push(...decoratedRoutes(node, module, world, graph))
    for (const call of module.calls) {
      mount(call, module, world, graph)
      drafts.push(...addedRoutes(call, module, world, graph))
    }
  }
  return drafts.flatMap((draft, order) => routesOf(draft, order, graph, world))
}

function decoratedRoutes(node: CodeNode, module: PythonModule, world: PythonWorld, graph: Graph): Draft[] {
  const definition = fieldOf(node, 'definition')
  if (definition === undefined) return []
  const decorators = decoratorsOf(node)
  const isRoute = (decorator: CodeNode) =>
    decorator.type === 'call' &&
    /\.(?:route|api_route|websocket|get|post|put|patch|delete|head|options)$/.test(
      textOf(fieldOf(decorator, 'function') ?? decorator),
    )
  const guards = decorators
    .filter((decorator) => !isRoute(decorator))
    .map((decorator) => textOf(decorator.type === 'call' ? (fieldOf(decorator, 'function') ?? decorator) : decorator))
  return decorators.filter(isRoute).flatMap((decorator): Draft[] => {
    const callee = fieldOf(decorator, 'function')
    const object = fieldOf(callee, 'object')
    const verb = textOf(fieldOf(callee, 'attribute') ?? decorator)
    if (object === undefined) return []
    const hub = hubOf({ module, node: object }, world, graph)
    if (hub === undefined && !isHandedIn(object, module)) return []
    const { positional, keyword } = pythonArguments(decorator)
    const rule = positional[0] ?? keyword.get('rule') ?? keyword.get('path')
    if (rule === undefined) return []
    const text = pythonText({ module, node: rule }, world)
    if (text !== '' && !text.startsWith('/') && !text.startsWith(unknown)) return []
    const common = {
      hub,
      path: text,
      module,
      node: decorator,
      guards: [...guards, ...dependencies(keyword.get('dependencies'), definition)],
    }
    if (definition.type === 'class_definition')
      return methodsOf(definition).map(([method, handler]) => ({ ...common, methods: [method], handler }))
    const methods = verbs.has(verb)
      ? [verb.toUpperCase()]
      : verb === 'websocket'
        ? ['WS']
        : namedMethods(keyword.get('methods'), module, world)
    return [{ ...common, methods, handler: definition }]
  })
}

/** `def register(app): @app.route(…)`: an app that comes in as a parameter. */
function isHandedIn(object: CodeNode, module: PythonModule): boolean {
  return (
    object.type === 'identifier' &&
    /^(?:app|application|api|bp|router|blueprint|server)$/.test(textOf(object)) &&
    !module.values.has(textOf(object))
  )
}

function namedMethods(node: CodeNode | undefined, module: PythonModule, world: PythonWorld): string[] {
  if (node === undefined) return ['GET']
  const methods = node.children.map((each) => pythonText({ module, node: each }, world).toUpperCase())
  return methods.length === 0 || methods.some((method) => method.includes(unknown)) ? ['ALL'] : methods
}

/** FastAPI's `dependencies=[Depends(f)]` and `x = Depends(f)` parameters. */
function dependencies(list: CodeNode | undefined, definition: CodeNode): string[] {
  const text = `${list === undefined ? '' : textOf(list)} ${textOf(fieldOf(definition, 'parameters') ?? definition).slice(0, 2000)}`
  return [...text.matchAll(/\b(?:Depends|Security)\(\s{0,5}([\w.]+)/g)].map((match) => match[1] ?? '')
}

/** `get`, `post`, … defined in a class-based view. */
function methodsOf(definition: CodeNode): [string, CodeNode][] {
  return (fieldOf(definition, 'body')?.children ?? []).flatMap((each): [string, CodeNode][] => {
    const method = each.type === 'decorated_definition' ? fieldOf(each, 'definition') : each
    const name = method?.type === 'function_definition' ? textOf(fieldOf(method, 'name') ?? method) : ''
    return method !== undefined && verbs.has(name) ? [[name.toUpperCase(), method]] : []
  })
}

function addedRoutes(call: CodeNode, module: PythonModule, world: PythonWorld, graph: Graph): Draft[] {
  const callee = fieldOf(call, 'function')
  const object = fieldOf(callee, 'object')
  if (callee?.type !== 'attribute' || object === undefined) return []
  const name = textOf(fieldOf(callee, 'attribute') ?? callee)
  const { positional, keyword } = pythonArguments(call)
  if (name === 'add_url_rule') {
    const rule = positional[0] ?? keyword.get('rule')
    const view = keyword.get('view_func') ?? positional[2]
    const hub = hubOf({ module, node: object }, world, graph)
    if (rule === undefined || (hub === undefined && !isHandedIn(object, module))) return []
    const common = { hub, path: pythonText({ module, node: rule }, world), module, node: call, guards: [] }
    const viewClass = view?.type === 'call' ? fieldOf(fieldOf(view, 'function'), 'object') : undefined
    const target = viewClass === undefined ? undefined : resolvePython({ module, node: viewClass }, world)
    const named = keyword.get('methods') === undefined ? undefined : namedMethods(keyword.get('methods'), module, world)
    if (target?.node.type === 'class_definition') {
      return methodsOf(target.node)
        .filter(([method]) => named === undefined || named.includes(method))
        .map(([method, handler]) => ({ ...common, methods: [method], handler }))
    }
    const handler = view === undefined ? undefined : resolvePython({ module, node: view }, world)?.node
    return [
      { ...common, methods: named ?? ['GET'], handler: handler?.type === 'function_definition' ? handler : undefined },
    ]
  }
  if (name !== 'add_resource' || positional[0] === undefined) return []
  const resource = resolvePython({ module, node: positional[0] }, world)
  const hub = hubOf({ module, node: object }, world, graph)
  return positional.slice(1).flatMap((rule): Draft[] => {
    const path = pythonText({ module, node: rule }, world)
    const common = { hub, path, module, node: call, guards: [] }
    if (resource?.node.type !== 'class_definition') return [{ ...common, methods: ['ALL'], handler: undefined }]
    return methodsOf(resource.node).map(([method, handler]) => ({ ...common, methods: [method], handler }))
  })
}

/** The hub a name stands for, remembered by the call that makes it. */
function hubOf(place: PythonPlace, world: PythonWorld, graph: Graph): CodeNode | undefined {
  const target = resolvePython(place, world)
  if (target?.node.type === 'function_definition') return undefined
  if (target?.node.type !== 'call') return undefined
  const known = graph.hubs.get(target.node)
  if (known !== undefined) return target.node
  const hub = hubMade(target, world)
  if (hub === undefined) return factoryHub(target, world, graph)
  graph.hubs.set(target.node, hub)
  const { positional, keyword } = pythonArguments(target.node)
  const outer = hub.framework === 'restful' ? (positional[0] ?? keyword.get('app')) : undefined
  if (hub.framework === 'restful') {
    const parent = outer === undefined ? undefined : hubOf({ module: target.module, node: outer }, world, graph)
    if (parent !== undefined) add(graph, target.node, { parent, prefix: undefined })
  }
  return target.node
}

function hubMade({ module, node }: PythonPlace, world: PythonWorld): Hub | undefined {
  const name =
    textOf(fieldOf(node, 'function') ?? node)
      .split('.')
      .at(-1) ?? ''
  const { keyword } = pythonArguments(node)
  const prefix = (key: string) => {
    const value = keyword.get(key)
    return value === undefined ? '' : value.type === 'none' ? '' : pythonText({ module, node: value }, world)
  }
  switch (name) {
    case 'Flask':
    case 'Quart':
    case 'Sanic':
    case 'OpenAPI':
      return { kind: 'app', framework: 'flask', prefix: '' }
    case 'FastAPI':
      return { kind: 'app', framework: 'fastapi', prefix: '' }
    case 'Blueprint':
    case 'APIBlueprint':
      return { kind: 'blueprint', framework: 'flask', prefix: prefix('url_prefix') }
    case 'APIRouter':
      return { kind: 'router', framework: 'fastapi', prefix: prefix('prefix') }
    case 'Api':
      // Without an app it is bound later by init_app: it answers by itself.
      return {
        kind: pythonArguments(node).positional.length === 0 ? 'app' : 'router',
        framework: 'restful',
        prefix: prefix('prefix'),
      }
    case 'Namespace':
    case 'namespace': {
      const path = prefix('path')
      const first = pythonArguments(node).positional[0]
      return {
        kind: name === 'namespace' ? 'app' : 'router',
        framework: 'restful',
        prefix: path || `/${first === undefined ? unknown : pythonText({ module, node: first }, world)}`,
      }
    }
    default:
      return undefined
  }
}

/** `app = create_app()`: the app made inside the factory. */
function factoryHub({ module, node }: PythonPlace, world: PythonWorld, graph: Graph): CodeNode | undefined {
  const callee = fieldOf(node, 'function')
  const factory = callee === undefined ? undefined : resolvePython({ module, node: callee }, world)
  if (factory?.node.type !== 'function_definition') return undefined
  for (const each of nodesUnder(factory.node)) {
    if (each.type === 'call' && hubMade({ module: factory.module, node: each }, world)?.kind === 'app')
      return hubOf({ module: factory.module, node: each }, world, graph)
  }
  return undefined
}

const mountCalls: ReadonlySet<string> = new Set([
  'register_blueprint',
  'include_router',
  'add_namespace',
  'mount',
  'init_app',
  'register_api',
])

function mount(call: CodeNode, module: PythonModule, world: PythonWorld, graph: Graph): void {
  const callee = fieldOf(call, 'function')
  const object = fieldOf(callee, 'object')
  const name = callee === undefined ? '' : textOf(fieldOf(callee, 'attribute') ?? callee)
  if (callee?.type !== 'attribute' || object === undefined || !mountCalls.has(name)) return
  const { positional, keyword } = pythonArguments(call)
  const [first, second] = positional
  const given = name === 'mount' ? second : (first ?? keyword.get('router') ?? keyword.get('blueprint'))
  if (given === undefined || name === 'init_app') return
  const child = hubOf({ module, node: given }, world, graph)
  if (child === undefined) {
    if (name === 'register_blueprint' || name === 'include_router') graph.loose = true
    return
  }
  const parent = hubOf({ module, node: object }, world, graph) ?? looseApp(graph)
  const prefixNode =
    keyword.get('url_prefix') ??
    keyword.get('prefix') ??
    (name === 'mount' ? first : name === 'add_namespace' ? (keyword.get('path') ?? second) : undefined)
  add(graph, child, {
    parent,
    prefix:
      prefixNode === undefined || prefixNode.type === 'none'
        ? undefined
        : pythonText({ module, node: prefixNode }, world),
  })
}

const handedIn: CodeNode = {
  type: 'app',
  field: '',
  start: 0,
  end: 0,
  line: 1,
  column: 1,
  endLine: 1,
  parent: undefined,
  children: [],
  source: '',
  missing: false,
}

/** An app that comes in as a parameter: assumed to be the root. */
function looseApp(graph: Graph): CodeNode {
  graph.hubs.set(handedIn, { kind: 'app', framework: 'flask', prefix: '' })
  return handedIn
}

function add(graph: Graph, child: CodeNode, entry: Mount): void {
  const known = graph.mounts.get(child)
  if (known === undefined) graph.mounts.set(child, [entry])
  else known.push(entry)
}

function prefixesOf(hub: CodeNode, graph: Graph, seen: ReadonlySet<CodeNode> = new Set()): string[] {
  const facts = graph.hubs.get(hub)
  if (facts === undefined || seen.has(hub)) return []
  if (facts.kind === 'app') return [facts.prefix]
  const mounts = graph.mounts.get(hub) ?? []
  return [
    ...new Set(
      mounts.flatMap(({ parent, prefix }) =>
        prefixesOf(parent, graph, new Set([...seen, hub])).map((outer) =>
          facts.framework === 'fastapi'
            ? joinPaths(joinPaths(outer, prefix ?? ''), facts.prefix)
            : joinPaths(outer, prefix ?? facts.prefix),
        ),
      ),
    ),
  ]
}

function routesOf(draft: Draft, order: number, graph: Graph, world: PythonWorld): Route[] {
  const facts = draft.hub === undefined ? undefined : graph.hubs.get(draft.hub)
  const found = draft.hub === undefined ? [''] : prefixesOf(draft.hub, graph)
  const anyApp = [...graph.hubs.values()].some(({ kind }) => kind === 'app')
  const hung = found.length > 0
  const framework = facts?.framework === 'restful' ? 'flask' : (facts?.framework ?? 'flask')
  const fallback = facts?.framework === 'restful' ? facts.prefix : (facts?.prefix ?? '')
  return (hung ? found : [fallback]).flatMap((prefix) => {
    const whole = joinPaths(prefix, draft.path)
    const leading = whole.lastIndexOf(unknown)
    const path = normalisePath(leading === -1 ? whole : whole.slice(leading + 1))
    const read =
      framework === 'fastapi' && draft.handler !== undefined
        ? fastapiRead(draft.handler, path, draft.module, world)
        : pythonRequestRead(draft.handler)
    const name = draft.handler === undefined ? undefined : fieldOf(draft.handler, 'name')
    return draft.methods.map((method) => ({
      method,
      path,
      file: draft.module.path,
      line: draft.node.line,
      framework,
      ...(name && { handler: textOf(name) }),
      ...read,
      guards: draft.guards,
      prefixUnknown: leading !== -1 || !hung,
      mounted: hung || graph.loose || !anyApp || facts?.framework === 'restful',
      order,
      router: `${draft.module.path}:${draft.hub?.start ?? 0}`,
    }))
  })
}
