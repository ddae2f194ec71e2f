import type { Registration } from '../../analysis/inventory.ts'
import type { Value } from '../../analysis/value.ts'
import type { FunctionId } from '../../ir/ir.ts'
import { type Code, textAt } from './code.ts'
import type { Guard } from './guards.ts'
import {
  fieldOf,
  firstText,
  functionsOf,
  guardsIn,
  handlerName,
  itemsOf,
  joinedPath,
  labelOf,
  type Route,
  routerOf,
  textsOf,
} from './route.ts'

/** Libraries whose `get('/path', …)` sends a request, or that are no routers. */
const clients =
  /^(?:axios|supertest|request|got|ky|superagent|node-fetch|msw|nock|\$|jquery|fetch|lodash|cy|window|document|Map|Set)\b/
const hooks = ['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const

interface Router {
  readonly guards: { readonly guard: Guard; readonly path: string; readonly order: number }[]
  readonly mounts: {
    readonly parent: string
    readonly path: string
    readonly guards: readonly Guard[]
    readonly order: number
  }[]
}

/** Routes of Express, Koa, Fastify, Hono and what is written like them. */
export function scriptRoutes(registrations: readonly Registration[], code: Code): Route[] {
  const routers = new Map<string, Router>()
  const found: {
    route: Omit<Route, 'guards' | 'path'>
    own: Guard[]
    path: string
    order: number
    isFastify: boolean
  }[] = []
  const routerAt = (key: string): Router => {
    const router = routers.get(key) ?? { guards: [], mounts: [] }
    routers.set(key, router)
    return router
  }
  for (const registration of registrations) {
    const { call, method, name, args, order } = registration
    if (name !== undefined && clients.test(name)) continue
    const facts = code.facts(registration.owner)
    const key = routerKey(registration, code)
    const text = (at: number): string => labelOf(args.temps[at], facts)
    const isFastify = /^fastify/.test(name ?? '')
    const place = { path: facts.module.path, start: call.start, end: call.end }
    if (method === 'use') {
      const path = firstText(args.positional[0]) ?? ''
      const items = args.positional.flatMap((value, at) =>
        itemsOf(value, registration).map((item) => ({ item, text: text(at) })),
      )
      const guards: Guard[] = []
      for (const { item, text: label } of items) {
        const child = routerOf(item) ?? routerOf(wholeOf(item, code))
        if (child !== undefined && child !== key)
          routerAt(child).mounts.push({ parent: key, path, guards: [...guards], order })
        else guards.push(...guardsIn(item, 'middleware', label, registration))
      }
      const isMount = items.some(({ item }) => (routerOf(item) ?? routerOf(wholeOf(item, code))) !== undefined)
      if (!isMount) for (const guard of guards) routerAt(key).guards.push({ guard, path, order })
    } else if (method === 'addHook') {
      if (!hooks.some((hook) => hook === firstText(args.positional[0]))) continue
      for (const guard of guardsIn(args.positional[1], 'middleware', text(1), registration))
        routerAt(key).guards.push({ guard, path: '', order: -1 })
    } else if (method === 'register') {
      const [plugin] = args.positional
      const prefix = firstText(fieldOf(args.positional[1], 'prefix', registration)) ?? ''
      for (const id of functionsOf(plugin)) {
        const { ir, module } = code.facts(id)
        routerAt(`${module.path}:${ir.start}`).mounts.push({ parent: key, path: prefix, guards: [], order })
      }
    } else if (method === 'route' && args.positional[0]?.refs[0]?.kind === 'object') {
      const [options] = args.positional
      const handlers = functionsOf(fieldOf(options, 'handler', registration))
      const path = firstText(fieldOf(options, 'url', registration)) ?? firstText(fieldOf(options, 'path', registration))
      if (path === undefined || handlers.length === 0) continue
      const methods = textsOf(fieldOf(options, 'method', registration), registration).map((each) => each.toUpperCase())
      const own = optionGuards(registration, 0, code)
      found.push({
        route: { methods, name: handlerName(handlers, code), handlers, router: key, place },
        own,
        path,
        order,
        isFastify: true,
      })
    } else {
      const given = firstText(args.positional[0])
      const path = registration.base ?? given
      if (path === undefined || !/^(?:\/|\*|$|\()/.test(path) || !isVerb(method)) continue
      const start = registration.base === undefined ? 1 : 0
      const items = args.positional
        .slice(start)
        .flatMap((value, at) => itemsOf(value, registration).map((item) => ({ item, at: at + start })))
      const own: Guard[] = []
      let handlers: FunctionId[] = []
      items.forEach(({ item, at }, place) => {
        if (place < items.length - 1) own.push(...guardsIn(item, 'middleware', text(at), registration))
        else {
          handlers = functionsOf(item)
          own.push(...wrapperGuards(args.temps[at], registration, code))
        }
      })
      if (handlers.length === 0) continue
      if (isFastify || args.positional.length - start > 1) own.push(...optionGuards(registration, start, code))
      const methods = method === 'all' ? [] : [method === 'del' ? 'DELETE' : method.toUpperCase()]
      found.push({
        route: { methods, name: handlerName(handlers, code), handlers, router: key, place },
        own,
        path,
        order,
        isFastify,
      })
    }
  }
  return found.map(({ route, own, path, order, isFastify }) => {
    const inherited = inheritedBy(route.router, path, isFastify ? Number.MAX_SAFE_INTEGER : order, routers, new Set())
    return { ...route, path: inherited.path, guards: [...inherited.guards, ...own] }
  })
}

/** What a module is that sets `module.exports`. */
function wholeOf(value: Value, code: Code): Value | undefined {
  const [ref] = value.refs
  return ref?.kind === 'module' ? code.engine.whole(ref.path) : undefined
}

function isVerb(method: string): boolean {
  return /^(?:get|post|put|patch|delete|del|all)$/.test(method)
}

/** What stands before a route because of the routers it is in. */
function inheritedBy(
  key: string,
  path: string,
  order: number,
  routers: ReadonlyMap<string, Router>,
  seen: Set<string>,
): { path: string; guards: Guard[] } {
  const router = routers.get(key)
  if (router === undefined || seen.has(key)) return { path: joinedPath(path), guards: [] }
  seen.add(key)
  const own = router.guards
    .filter(
      (each) =>
        each.order < order &&
        `${joinedPath(path)}/`.startsWith(each.path === '' ? '/' : `${joinedPath(each.path).replace(/\/?\*?$/, '')}/`),
    )
    .map(({ guard }) => guard)
  const [mount] = router.mounts
  if (mount === undefined) return { path: joinedPath(path), guards: own }
  const above = inheritedBy(mount.parent, joinedPath(mount.path, path), mount.order, routers, seen)
  // Mounted twice: what holds for one way in is taken to hold.
  const guards = router.mounts.flatMap((each) => each.guards)
  return { path: above.path, guards: [...above.guards, ...guards, ...own] }
}

/** A router by the place that made it, or by the variable it is in. */
function routerKey({ receiver, call, owner }: Registration, code: Code): string {
  const made = routerOf(receiver)
  if (made !== undefined) return made
  const facts = code.facts(owner)
  let at = call.receiver === undefined ? undefined : facts.definitions[call.receiver]
  for (let depth = 0; at?.op === 'call' && at.receiver !== undefined && depth < 12; depth++)
    at = facts.definitions[at.receiver]
  return at?.op === 'load' ? `slot ${at.slot}` : facts.module.path
}

/** `withAuth(async (req, res) => …)`: what a handler is wrapped in. */
function wrapperGuards(temp: number | undefined, { owner }: Registration, code: Code): Guard[] {
  const facts = code.facts(owner)
  const guards: Guard[] = []
  let at = temp === undefined ? undefined : facts.definitions[temp]
  for (let depth = 0; at?.op === 'call' && depth < 6; depth++) {
    const functions = [...(code.called(owner, at.dst)?.functions ?? [])]
    guards.push({ text: textAt(at.callee, facts), functions, as: 'decorator' })
    const last: number | undefined = at.arguments.at(-1)?.value
    at = last === undefined ? undefined : facts.definitions[last]
  }
  return guards
}

/** `{ preHandler: [fastify.authenticate] }`. */
function optionGuards(registration: Registration, at: number, code: Code): Guard[] {
  const { args, owner } = registration
  const options = args.positional[at]
  const facts = code.facts(owner)
  return hooks.flatMap((hook) => {
    const value = fieldOf(options, hook, registration)
    if (value === undefined) return []
    const written = new RegExp(`\\b${hook}\\s*:\\s*([^\\n]{0,120})`).exec(textAt(args.temps[at], facts, 600))?.[1] ?? ''
    const guards = guardsIn(value, 'middleware', written, registration)
    return guards.length > 0 ? guards : [{ text: written, functions: [], as: 'middleware' as const }]
  })
}
