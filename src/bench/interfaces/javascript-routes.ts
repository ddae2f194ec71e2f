import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import type { Route } from './interface.ts'
import { argumentsOf, functionTypes, keyText, type Module } from './javascript-modules.ts'
import { requestRead } from './javascript-request.ts'
import { textual } from './javascript-text.ts'
import {
  calledFunction,
  emptyFrame,
  newTrace,
  type Place,
  propertyOf,
  resolve,
  type World,
} from './javascript-values.ts'
import { joinPaths, normalisePath, unknown } from './pattern.ts'

const verbs: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all', 'del'])
const serverPackages =
  /["'](?:express|fastify|koa|hono|@koa\/router|koa-router|@hono\/node-server|restify|polka|express-promise-router|node:http|http)["']/

/** The object routes are attached to: where it is made, or the parameter it comes in as. */
type RouterKey = CodeNode

interface RouterFacts {
  readonly framework: string
  /** An app listens by itself; a router must be mounted. */
  readonly isApp: boolean
  readonly prefix: string
}

interface Mount {
  readonly parent: RouterKey
  readonly prefix: string
}

interface Draft {
  readonly router: RouterKey
  readonly method: string
  readonly path: string
  readonly module: Module
  readonly node: CodeNode
  readonly handlers: readonly Place[]
}

/** Whether a module is code of a server. */
export function isServerModule(module: Module): boolean {
  return serverPackages.test(module.source.text)
}

/** Routes of Express, Fastify, Koa and Hono apps, with routers followed to where they are mounted. */
export function javascriptRoutes(world: World): Route[] {
  const routers = new Map<RouterKey, RouterFacts>()
  const mounts = new Map<RouterKey, Mount[]>()
  const drafts: Draft[] = []
  const routerOf = (place: Place) => knownRouter(place, world, routers)
  for (const module of world.modules.all) {
    if (!mayRoute(module)) continue
    for (const node of module.calls) {
      const callee = fieldOf(node, 'function')
      if (callee?.type !== 'member_expression') {
        mountFactory(node, module, world, routerOf, mounts)
        continue
      }
      const verb = textOf(fieldOf(callee, 'property') ?? callee)
      const object = fieldOf(callee, 'object')
      if (object === undefined) continue
      if (verbs.has(verb)) drafts.push(...routesAt(node, object, verb, module, world, routerOf))
      else if (verb === 'use' || verb === 'register' || verb === 'route' || verb === 'mount') {
        mountsAt(node, object, verb, module, world, routerOf, mounts)
        if (verb === 'route') drafts.push(...configuredRoutes(node, object, module, world, routerOf))
      }
    }
  }
  const anyApp = [...routers.values()].some(({ isApp }) => isApp)
  return drafts.flatMap((draft, order) => {
    const prefixes = prefixesOf(draft.router, routers, mounts)
    const mounted = prefixes.length > 0 || !anyApp
    return (mounted && prefixes.length > 0 ? prefixes : ['']).map((prefix) =>
      routeOf(draft, prefix, order, mounted, prefixes.length === 0, routers, world),
    )
  })
}

function mayRoute({ source }: Module): boolean {
  return (
    serverPackages.test(source.text) ||
    /\b(?:app|router|fastify|server|api)\s{0,3}\.\s{0,20}(?:get|post|put|patch|delete|use|register|route)\b/.test(
      source.text,
    )
  )
}

function knownRouter(place: Place, world: World, routers: Map<RouterKey, RouterFacts>): RouterKey | undefined {
  const at = resolve(place, world, newTrace())
  const { node } = at
  if (node.type === 'call_expression' || node.type === 'new_expression') {
    const known = routers.get(node)
    if (known !== undefined) return node
    const name = textOf(fieldOf(node, 'function') ?? fieldOf(node, 'constructor') ?? node)
    const facts = constructed(name, at, world)
    if (facts !== undefined) {
      routers.set(node, facts)
      return node
    }
    // `express().use(…)`, `router.routes()`, `createApp()`: the object underneath.
    const callee = fieldOf(node, 'function')
    const object = callee?.type === 'member_expression' ? fieldOf(callee, 'object') : undefined
    if (
      object !== undefined &&
      callee !== undefined &&
      /\.(?:use|routes|get|post|put|patch|delete|all|allowedMethods|basePath)$/.test(textOf(callee))
    ) {
      return knownRouter({ ...at, node: object }, world, routers)
    }
    const called = calledFunction(at, world, newTrace())
    const body = called === undefined ? undefined : lastReturned(called.node)
    return called === undefined || body === undefined
      ? undefined
      : knownRouter({ ...called, node: body }, world, routers)
  }
  return parameterRouter(at, routers)
}

/** `module.exports = (app) => { app.get(…) }` and Fastify plugins: the parameter stands for what is handed in. */
function parameterRouter({ node, module }: Place, routers: Map<RouterKey, RouterFacts>): RouterKey | undefined {
  if (node.type !== 'identifier' || !/^(?:app|router|fastify|server|instance|api|r)$/i.test(textOf(node)))
    return undefined
  const declared = (module.declarations.get(textOf(node)) ?? []).find(
    (each) =>
      each.kind === 'parameter' && each.index === 0 && each.scope.start <= node.start && each.scope.end >= node.end,
  )
  if (declared === undefined || declared.kind !== 'parameter') return undefined
  const framework = /fastify/i.test(module.source.text) ? 'fastify' : 'express'
  if (!routers.has(declared.of)) routers.set(declared.of, { framework, isApp: false, prefix: '' })
  return declared.of
}

function constructed(name: string, place: Place, world: World): RouterFacts | undefined {
  const text = place.module.source.text
  if (name === 'express' && /express/.test(text)) return { framework: 'express', isApp: true, prefix: '' }
  if (/^(?:fastify|Fastify)$/.test(name) || /require\(["']fastify["']\)$/.test(name))
    return { framework: 'fastify', isApp: true, prefix: '' }
  if (name === 'Koa') return { framework: 'koa', isApp: true, prefix: '' }
  if (name === 'Hono' || name === 'OpenAPIHono')
    return { framework: 'hono', isApp: !/export default/.test(text) || /serve\(|listen/.test(text), prefix: '' }
  if (
    /^(?:(?:express|Express)\.)?Router$|^KoaRouter$|^PromiseRouter$|^require\(["']express["']\)\.Router$/.test(name)
  ) {
    const options = argumentsOf(place.node)[0]
    const prefix =
      options === undefined ? undefined : propertyOf({ ...place, node: options }, 'prefix', world, newTrace())
    return {
      framework: /koa/.test(text) ? 'koa' : 'express',
      isApp: false,
      prefix: prefix?.state === 'present' ? textual(prefix.value, world, newTrace()) : '',
    }
  }
  return undefined
}

function lastReturned(node: CodeNode): CodeNode | undefined {
  const body = fieldOf(node, 'body')
  if (body === undefined || body.type !== 'statement_block') return body
  const last = body.children.findLast(({ type }) => type === 'return_statement')
  return last?.children[0]
}

type RouterOf = (place: Place) => RouterKey | undefined

function routesAt(
  node: CodeNode,
  object: CodeNode,
  verb: string,
  module: Module,
  world: World,
  routerOf: RouterOf,
): Draft[] {
  const given = argumentsOf(node)
  // `router.route('/x').get(a).post(b)`
  const chained = chainStart(object)
  if (chained !== undefined) {
    const path = argumentsOf(chained.call)[0]
    const router = routerOf({ node: chained.router, module, frame: emptyFrame })
    if (router === undefined || path === undefined) return []
    return pathsOf(path, module, world).map((each) => ({
      router,
      method: methodOf(verb),
      path: each,
      module,
      node,
      handlers: given.map((argument) => ({ node: argument, module, frame: emptyFrame })),
    }))
  }
  const [path, ...handlers] = given
  if (path === undefined || handlers.length === 0) return []
  const router = routerOf({ node: object, module, frame: emptyFrame })
  if (router === undefined) return []
  return pathsOf(path, module, world).map((each) => ({
    router,
    method: methodOf(verb),
    path: each,
    module,
    node,
    handlers: handlers.map((argument) => ({ node: argument, module, frame: emptyFrame })),
  }))
}

function chainStart(object: CodeNode): { readonly call: CodeNode; readonly router: CodeNode } | undefined {
  let at: CodeNode | undefined = object
  while (at?.type === 'call_expression') {
    const callee = fieldOf(at, 'function')
    if (callee?.type !== 'member_expression') return undefined
    const router = fieldOf(callee, 'object')
    if (textOf(fieldOf(callee, 'property') ?? callee) === 'route' && router !== undefined) return { call: at, router }
    at = router
  }
  return undefined
}

function pathsOf(node: CodeNode, module: Module, world: World): string[] {
  if (node.type === 'array') return node.children.flatMap((each) => pathsOf(each, module, world))
  if (node.type === 'regex' || node.type === 'arrow_function') return []
  const text = textual({ node, module, frame: emptyFrame }, world, newTrace())
  if (text !== '' && !text.startsWith('/') && !text.startsWith('*') && !text.startsWith(unknown)) return []
  // A computed path may be any path.
  return [text === unknown ? `${unknown}*` : text]
}

/** Fastify's `fastify.route({ method, url, handler })`. */
function configuredRoutes(node: CodeNode, object: CodeNode, module: Module, world: World, routerOf: RouterOf): Draft[] {
  const config = argumentsOf(node)[0]
  if (config?.type !== 'object') return []
  const place = { node: config, module, frame: emptyFrame }
  const url = firstPresent(place, ['url', 'path'], world)
  const handler = firstPresent(place, ['handler'], world)
  const method = firstPresent(place, ['method'], world)
  const router = routerOf({ node: object, module, frame: emptyFrame })
  if (router === undefined || url === undefined) return []
  const methods =
    method === undefined
      ? ['ALL']
      : method.node.type === 'array'
        ? method.node.children.map(keyText)
        : [textual(method, world, newTrace())]
  return methods.map((each) => ({
    router,
    method: each.toUpperCase(),
    path: textual(url, world, newTrace()),
    module,
    node,
    handlers: handler === undefined ? [] : [handler],
  }))
}

function firstPresent(place: Place, keys: readonly string[], world: World): Place | undefined {
  for (const key of keys) {
    const found = propertyOf(place, key, world, newTrace())
    if (found.state === 'present') return found.value
  }
  return undefined
}

/** `app.use('/api', guard, router)`, `fastify.register(plugin, { prefix })`, Hono's `app.route('/api', sub)`. */
function mountsAt(
  node: CodeNode,
  object: CodeNode,
  verb: string,
  module: Module,
  world: World,
  routerOf: RouterOf,
  mounts: Map<RouterKey, Mount[]>,
): void {
  const given = argumentsOf(node).map((argument) => ({ node: argument, module, frame: emptyFrame }))
  const first = given[0]
  if (first === undefined || (verb === 'route' && given.length < 2)) return
  const parent = routerOf({ node: object, module, frame: emptyFrame })
  if (parent === undefined) return
  if (verb === 'register') {
    const options = given[1]
    const found = options === undefined ? undefined : propertyOf(options, 'prefix', world, newTrace())
    const prefix = found?.state === 'present' ? textual(found.value, world, newTrace()) : ''
    const plugin = resolve(first, world, newTrace()).node
    if (functionTypes.has(plugin.type)) add(mounts, plugin, { parent, prefix })
    return
  }
  const isPath =
    first.node.type === 'string' ||
    first.node.type === 'template_string' ||
    first.node.type === 'identifier' ||
    first.node.type === 'array' ||
    first.node.type === 'member_expression' ||
    first.node.type === 'binary_expression'
  const paths = isPath
    ? first.node.type === 'array'
      ? first.node.children.map((each) => ({ ...first, node: each }))
      : [first]
    : []
  const prefixes = paths.map((path) => textual(path, world, newTrace())).filter((text) => text !== unknown)
  for (const candidate of given) {
    const child = routerOf(candidate)
    if (child === undefined || child === parent) continue
    for (const prefix of prefixes.length === 0 ? [''] : prefixes) add(mounts, child, { parent, prefix })
  }
}

/** `require('./routes')(app)`, `registerRoutes(app)`: the parameter is the app. */
function mountFactory(
  node: CodeNode,
  module: Module,
  world: World,
  routerOf: RouterOf,
  mounts: Map<RouterKey, Mount[]>,
): void {
  const first = argumentsOf(node)[0]
  if (node.type !== 'call_expression' || first === undefined || first.type !== 'identifier') return
  const called = calledFunction({ node, module, frame: emptyFrame }, world, newTrace())
  if (called === undefined) return
  const parent = routerOf({ node: first, module, frame: emptyFrame })
  if (parent !== undefined && parent !== called.node) add(mounts, called.node, { parent, prefix: '' })
}

function add(mounts: Map<RouterKey, Mount[]>, child: RouterKey, mount: Mount): void {
  const known = mounts.get(child)
  if (known === undefined) mounts.set(child, [mount])
  else known.push(mount)
}

/** Every full prefix a router is reached under; none when it hangs nowhere. */
function prefixesOf(
  router: RouterKey,
  routers: ReadonlyMap<RouterKey, RouterFacts>,
  mounts: ReadonlyMap<RouterKey, readonly Mount[]>,
  seen: ReadonlySet<RouterKey> = new Set(),
): string[] {
  const facts = routers.get(router)
  if (seen.has(router)) return []
  const own = facts?.prefix ?? ''
  const hung = (mounts.get(router) ?? []).flatMap(({ parent, prefix }) =>
    prefixesOf(parent, routers, mounts, new Set([...seen, router])).map((outer) =>
      joinPaths(joinPaths(outer, prefix), own),
    ),
  )
  return hung.length === 0 && facts?.isApp === true ? [own] : [...new Set(hung)]
}

function routeOf(
  draft: Draft,
  prefix: string,
  order: number,
  mounted: boolean,
  prefixGuessed: boolean,
  routers: ReadonlyMap<RouterKey, RouterFacts>,
  world: World,
): Route {
  const whole = joinPaths(prefix, draft.path)
  const leading = whole.lastIndexOf(unknown)
  const handler = draft.handlers.at(-1)
  const guards = draft.handlers.slice(0, -1).map(({ node }) => textOf(node))
  const { name, ...read } = requestRead(handler, draft.handlers.slice(0, -1), world)
  return {
    method: draft.method,
    path: normalisePath(leading === -1 ? whole : whole.slice(leading + 1)),
    file: draft.module.path,
    line: draft.node.children[0] === undefined ? draft.node.line : lineOfVerb(draft.node),
    framework: routers.get(draft.router)?.framework ?? 'express',
    ...(name && { handler: name }),
    ...read,
    guards: guards.filter((guard) => guard.length <= 80),
    prefixUnknown: leading !== -1 || prefixGuessed,
    mounted,
    order,
    router: `${draft.module.path}:${draft.router.start}`,
  }
}

/** The line of `.get` itself: chains begin lines earlier. */
function lineOfVerb(node: CodeNode): number {
  const callee = fieldOf(node, 'function')
  return (callee === undefined ? undefined : fieldOf(callee, 'property'))?.line ?? node.line
}

function methodOf(verb: string): string {
  return verb === 'all' ? 'ALL' : verb === 'del' ? 'DELETE' : verb.toUpperCase()
}
