import type { Registration } from '../../analysis/inventory.ts'
import type { FunctionId, Instruction } from '../../ir/ir.ts'
import { type Code, instructionsOf, nameAt, textAt } from './code.ts'
import type { Guard } from './guards.ts'
import {
  firstText,
  functionsOf,
  guardsIn,
  itemsOf,
  joinedPath,
  labelOf,
  type Route,
  routerOf,
  textsOf,
} from './route.ts'

interface Router {
  prefix: string
  readonly guards: Guard[]
  readonly mounts: { readonly parent: string; readonly prefix: string; readonly guards: readonly Guard[] }[]
}

const verbs = /^(?:get|post|put|patch|delete)$/

/** Routes of Flask, Quart, FastAPI and Starlette. */
export function pythonRoutes(registrations: readonly Registration[], code: Code): Route[] {
  const routers = new Map<string, Router>()
  const routerAt = (key: string): Router => {
    const router = routers.get(key) ?? { prefix: '', guards: [], mounts: [] }
    routers.set(key, router)
    return router
  }
  const found: { route: Route; router: string }[] = []
  for (const registration of registrations) {
    const { call, method, name, args } = registration
    const { module } = code.facts(registration.owner)
    const key = routerOf(registration.receiver) ?? receiverName(registration, code)
    if (name !== undefined && /^(?:flask\.(?:Flask|Blueprint)|fastapi\.(?:FastAPI|APIRouter))$/.test(name)) {
      const router = routerAt(`${module.path}:${call.start}`)
      router.prefix = firstText(args.named.get('prefix') ?? args.named.get('url_prefix')) ?? ''
      router.guards.push(...dependencies(registration, code))
    } else if (method === 'register_blueprint' || method === 'include_router') {
      const child = routerOf(args.positional[0])
      if (child === undefined) continue
      const prefix = firstText(args.named.get('prefix') ?? args.named.get('url_prefix')) ?? ''
      routerAt(child).mounts.push({ parent: key, prefix, guards: dependencies(registration, code) })
    } else if (method === 'before_request' || method === 'middleware') {
      for (const item of itemsOf(registration.target ?? args.positional[0], registration)) {
        const functions = functionsOf(item)
        const as = method === 'middleware' ? 'middleware' : 'hook'
        if (functions.length > 0) routerAt(key).guards.push({ text: '', functions, as })
        else routerAt(key).guards.push(...guardsIn(item, 'hook', '', registration))
      }
    } else if (method === 'add_middleware') {
      const text = labelOf(args.temps[0], code.facts(registration.owner))
      if (!/cors|gzip|trusted|session/i.test(text)) routerAt(key).guards.push({ text, functions: [], as: 'middleware' })
    } else if (
      registration.decorates !== undefined &&
      (method === 'route' || method === 'api_route' || verbs.test(method))
    ) {
      const route = decoratedRoute(registration, key, code)
      if (route !== undefined) found.push({ route, router: key })
    } else if (method === 'add_url_rule' || method === 'add_api_route') {
      const at = method === 'add_url_rule' ? 2 : 1
      const view = args.positional[at] ?? args.named.get(method === 'add_url_rule' ? 'view_func' : 'endpoint')
      const handlers = functionsOf(view)
      const [id] = handlers
      if (id === undefined) continue
      const methods = textsOf(args.named.get('methods'), registration).map((each) => each.toUpperCase())
      const guards = [
        ...wrappers(registration, at, code),
        ...decoratorGuards(id, Number.POSITIVE_INFINITY, code),
        ...dependencies(registration, code),
      ]
      const place = { path: module.path, start: call.start, end: call.end }
      const path = firstText(args.positional[0] ?? args.named.get('rule') ?? args.named.get('path')) ?? ''
      const route = {
        methods: methods.length > 0 ? methods : ['GET'],
        path,
        name: code.facts(id).ir.name,
        handlers,
        guards,
        router: key,
        place,
      }
      found.push({ route, router: key })
    }
  }
  return found.map(({ route, router }) => {
    const inherited = inheritedBy(router, route.path, routers, new Set())
    return { ...route, path: inherited.path, guards: [...inherited.guards, ...route.guards] }
  })
}

function inheritedBy(
  key: string,
  path: string,
  routers: ReadonlyMap<string, Router>,
  seen: Set<string>,
): { path: string; guards: Guard[] } {
  const router = routers.get(key)
  if (router === undefined || seen.has(key)) return { path: joinedPath(path), guards: [] }
  seen.add(key)
  const [mount] = router.mounts
  const here = joinedPath(router.prefix, path)
  if (mount === undefined) return { path: here, guards: router.guards }
  const above = inheritedBy(mount.parent, joinedPath(mount.prefix, here), routers, seen)
  return {
    path: above.path,
    guards: [...above.guards, ...router.mounts.flatMap(({ guards }) => guards), ...router.guards],
  }
}

function receiverName({ call, owner }: Registration, code: Code): string {
  const facts = code.facts(owner)
  return `${facts.module.path} ${nameAt(call.receiver, facts)}`
}

function decoratedRoute(registration: Registration, router: string, code: Code): Route | undefined {
  const { call, method, args, decorates, owner } = registration
  const facts = code.facts(owner)
  const id = decoratedFunction(decorates, owner, code)
  if (id === undefined || decorates === undefined) return undefined
  const given = textsOf(args.named.get('methods'), registration).map((each) => each.toUpperCase())
  const methods = given.length > 0 ? given : [verbs.test(method) ? method.toUpperCase() : 'GET']
  return {
    methods,
    path: firstText(args.positional[0] ?? args.named.get('rule') ?? args.named.get('path')) ?? '',
    name: code.facts(id).ir.name,
    handlers: [id],
    guards: [...decoratorGuards(id, decorates.start, code), ...dependencies(registration, code)],
    router,
    place: { path: facts.module.path, start: decorates.start, end: call.end },
  }
}

/** The function under a stack of decorators. */
export function decoratedFunction(
  decorates: Instruction | undefined,
  owner: FunctionId,
  code: Code,
): FunctionId | undefined {
  const { definitions } = code.facts(owner)
  let at: Instruction | undefined = decorates
  for (let depth = 0; at?.op === 'call' && depth < 20; depth++) {
    const argument: number | undefined = at.arguments[0]?.value
    at = argument === undefined ? undefined : definitions[argument]
  }
  return at?.op === 'function' ? at.function : undefined
}

/** The decorators of a function that stand between it and what is registered: those written below `above`. */
export function decoratorGuards(id: FunctionId, above: number, code: Code): Guard[] {
  const decorators = code.engine.inventory.decorators.get(`f${id}`) ?? []
  return decorators
    .filter(({ call }) => above === Number.POSITIVE_INFINITY || call.start > above)
    .map(({ call, owner, functions }) => ({ text: textAt(call.callee, code.facts(owner)), functions, as: 'decorator' }))
}

/** `dependencies=[Depends(current_user)]`. */
function dependencies(registration: Registration, code: Code): Guard[] {
  const { call, owner } = registration
  const facts = code.facts(owner)
  const given = call.arguments.find(({ name }) => name === 'dependencies')
  const list = given === undefined ? undefined : facts.definitions[given.value]
  const items = list?.op === 'list' ? list.items.map(({ value }) => value) : []
  if (given !== undefined && list?.op !== 'list')
    return [{ text: textAt(given.value, facts), functions: [], as: 'dependency' }]
  return items.flatMap((item): Guard[] => {
    const at = facts.definitions[item]
    if (at?.op !== 'call') return [{ text: textAt(item, facts), functions: [], as: 'dependency' }]
    const functions = [...(code.called(owner, at.dst)?.given ?? [])]
    return [{ text: textAt(at.arguments[0]?.value, facts), functions, as: 'dependency' }]
  })
}

/** `view_func=login_required(view)`. */
export function wrappers(registration: Registration, at: number, code: Code): Guard[] {
  const facts = code.facts(registration.owner)
  const temp =
    registration.call.arguments.find(({ name }) => name === 'view_func')?.value ?? registration.args.temps[at]
  const guards: Guard[] = []
  let definition = temp === undefined ? undefined : facts.definitions[temp]
  for (let depth = 0; definition?.op === 'call' && depth < 6; depth++) {
    const functions = [...(code.called(registration.owner, definition.dst)?.functions ?? [])]
    guards.push({ text: textAt(definition.callee, facts), functions, as: 'decorator' })
    const first: number | undefined = definition.arguments[0]?.value
    definition = first === undefined ? undefined : facts.definitions[first]
  }
  return guards
}

/** Whether a function asks which method it is called with (`request.method == 'POST'`). */
export function asksMethod(id: FunctionId, code: Code): boolean {
  const facts = code.facts(id)
  return instructionsOf(facts).some((at) => at.op === 'get' && at.key === 'method')
}
