import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import type { Route } from './interface.ts'
import { normalisePath, unknown } from './pattern.ts'
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

/** What generic class-based views answer, by the words in their names. Source: docs.djangoproject.com and Django REST framework's generic views. */
const genericMethods: readonly (readonly [RegExp, readonly string[]])[] = [
  [/ListCreate/, ['GET', 'POST']],
  [/RetrieveUpdateDestroy/, ['GET', 'PUT', 'PATCH', 'DELETE']],
  [/RetrieveUpdate/, ['GET', 'PUT', 'PATCH']],
  [/RetrieveDestroy/, ['GET', 'DELETE']],
  [/CreateAPIView/, ['POST']],
  [/ListAPIView|RetrieveAPIView|TemplateView|ListView|DetailView/, ['GET']],
  [/UpdateAPIView/, ['PUT', 'PATCH']],
  [/DestroyAPIView/, ['DELETE']],
  [/CreateView|UpdateView|DeleteView|FormView/, ['GET', 'POST']],
]

const viewSetRoutes: readonly (readonly [string, readonly string[]])[] = [
  ['', ['GET', 'POST']],
  ['/:pk', ['GET', 'PUT', 'PATCH', 'DELETE']],
]

/** Routes of a Django app: `urlpatterns` from the outermost `urls.py`, `include`s and REST framework routers followed. */
export function djangoRoutes(world: PythonWorld): Route[] {
  const modules = world.all.filter((module) => module.values.has('urlpatterns'))
  const included = new Set<PythonModule>()
  for (const module of modules) for (const target of includesOf(module, world)) included.add(target)
  const routes: Route[] = []
  for (const module of modules) if (!included.has(module)) collect(module, '', world, routes, new Set())
  return routes
}

function includesOf(module: PythonModule, world: PythonWorld): PythonModule[] {
  return module.calls.flatMap((call) =>
    textOf(fieldOf(call, 'function') ?? call) === 'include' ? (includedModule(call, module, world) ?? []) : [],
  )
}

function includedModule(call: CodeNode, module: PythonModule, world: PythonWorld): PythonModule | undefined {
  const first = pythonArguments(call).positional[0]
  const target = first?.type === 'tuple' ? first.children[0] : first
  if (target === undefined) return undefined
  const name = pythonText({ module, node: target }, world)
  return name.includes(unknown) ? undefined : world.find(module.path, name)
}

function collect(
  module: PythonModule,
  prefix: string,
  world: PythonWorld,
  routes: Route[],
  seen: ReadonlySet<PythonModule>,
): void {
  if (seen.has(module)) return
  for (const call of module.calls) {
    const kind = textOf(fieldOf(call, 'function') ?? call)
    if (kind === 'path' || kind === 're_path' || kind === 'url') {
      const { positional, keyword } = pythonArguments(call)
      const rule = positional[0]
      const view = positional[1] ?? keyword.get('view')
      if (rule === undefined || view === undefined) continue
      const text = pythonText({ module, node: rule }, world)
      const whole = `${prefix}/${kind === 'path' ? text : fromRegex(text)}`
      if (view.type === 'call' && textOf(fieldOf(view, 'function') ?? view) === 'include') {
        const target = includedModule(view, module, world)
        const inner = pythonArguments(view).positional[0]
        if (target !== undefined) collect(target, whole, world, routes, new Set([...seen, module]))
        else if (inner !== undefined && /\.urls$/.test(textOf(inner)))
          routes.push(...routerRoutes(module, fieldOf(inner, 'object'), whole, world))
        continue
      }
      if (/^admin\.site\.urls$/.test(textOf(view))) routes.push(route(module, call, `${whole}/*`, 'ALL', undefined))
      else routes.push(...viewRoutes({ module, node: view }, call, whole, world))
    }
  }
  // `urlpatterns = router.urls` and `urlpatterns += router.urls`
  if (/\burlpatterns\s*\+?=\s*\w+\.urls\b|\]\s*\+\s*\w+\.urls\b/.test(module.source.text))
    routes.push(...routerRoutes(module, undefined, prefix, world))
}

function viewRoutes({ module, node }: PythonPlace, call: CodeNode, path: string, world: PythonWorld): Route[] {
  const callee = node.type === 'call' ? fieldOf(node, 'function') : undefined
  const isClass = callee !== undefined && textOf(callee).endsWith('.as_view')
  const wrapped = node.type === 'call' && !isClass ? pythonArguments(node).positional[0] : undefined
  const named = isClass ? fieldOf(callee, 'object') : (wrapped ?? node)
  const target = named === undefined ? undefined : resolvePython({ module, node: named }, world)
  if (target === undefined) return [route(module, call, path, 'ALL', undefined)]
  if (target.node.type === 'class_definition') {
    const mapped = node.type === 'call' ? pythonArguments(node).positional[0] : undefined
    if (mapped?.type === 'dictionary') {
      return mapped.children.flatMap((pair) => {
        const key = fieldOf(pair, 'key')
        return key === undefined
          ? []
          : [route(module, call, path, pythonText({ module, node: key }, world).toUpperCase(), undefined)]
      })
    }
    const methods = classMethods(target.node)
    return methods.map((method) => route(module, call, path, method, undefined))
  }
  const methods = decoratedMethods(target.node)
  return methods.map((method) => route(module, call, path, method, target.node))
}

function classMethods(node: CodeNode): readonly string[] {
  const bases = textOf(fieldOf(node, 'superclasses') ?? node).slice(0, 500)
  const own = (fieldOf(node, 'body')?.children ?? []).flatMap((each) => {
    const method = each.type === 'decorated_definition' ? fieldOf(each, 'definition') : each
    const name = method?.type === 'function_definition' ? textOf(fieldOf(method, 'name') ?? method) : ''
    return /^(?:get|post|put|patch|delete)$/.test(name) ? [name.toUpperCase()] : []
  })
  const generic = genericMethods.find(([pattern]) => pattern.test(bases))?.[1] ?? []
  const all = [...new Set([...own, ...generic])]
  // A base class of the app's own may define more.
  return all.length === 0 || !/\b(?:View|APIView|Mixin\w*|\w*View)\b/.test(bases) ? ['ALL'] : all
}

function decoratedMethods(node: CodeNode): readonly string[] {
  const decorated = node.parent?.type === 'decorated_definition' ? decoratorsOf(node.parent) : []
  for (const decorator of decorated) {
    const text = textOf(decorator)
    if (/^(?:api_view|require_http_methods)\(/.test(text)) {
      const methods = [...text.matchAll(/["']([A-Z]+)["']/g)].map((match) => match[1] ?? '')
      if (methods.length > 0) return methods
      if (/^api_view\(\s*\)$/.test(text)) return ['GET']
    }
    if (text === 'require_POST') return ['POST']
    if (text === 'require_GET' || text === 'require_safe') return ['GET']
  }
  return ['ALL']
}

/** `router.register('users', UserViewSet)` in the module a router is made in. */
function routerRoutes(module: PythonModule, router: CodeNode | undefined, prefix: string, world: PythonWorld): Route[] {
  const owner = router === undefined ? module : (resolvePython({ module, node: router }, world)?.module ?? module)
  return owner.calls.flatMap((call): Route[] => {
    if (!/^\w*router\.register$/i.test(textOf(fieldOf(call, 'function') ?? call))) return []
    const [rule, view] = pythonArguments(call).positional
    if (rule === undefined) return []
    const base = `${prefix}/${pythonText({ module: owner, node: rule }, world)}`
    const target = view === undefined ? undefined : resolvePython({ module: owner, node: view }, world)
    const readOnly =
      target?.node.type === 'class_definition' &&
      /ReadOnlyModelViewSet/.test(textOf(fieldOf(target.node, 'superclasses') ?? target.node))
    const standard = viewSetRoutes.flatMap(([suffix, methods]) =>
      methods
        .filter((method) => !readOnly || method === 'GET')
        .map((method) => route(owner, call, `${base}${suffix}`, method, undefined)),
    )
    const extra = target?.node.type === 'class_definition' ? actionRoutes(owner, call, base, target.node) : []
    return [...extra, ...standard]
  })
}

/** `@action(detail=True, methods=['post'])` methods of a view set. */
function actionRoutes(module: PythonModule, call: CodeNode, base: string, view: CodeNode): Route[] {
  return (fieldOf(view, 'body')?.children ?? []).flatMap((each): Route[] => {
    if (each.type !== 'decorated_definition') return []
    const action = decoratorsOf(each)
      .map(textOf)
      .find((text) => text.startsWith('action('))
    const name = fieldOf(fieldOf(each, 'definition'), 'name')
    if (action === undefined || name === undefined) return []
    const path = /url_path\s*=\s*["']([^"']+)/.exec(action)?.[1] ?? textOf(name)
    const detail = /detail\s*=\s*True/.test(action) ? '/:pk' : ''
    const methods = [...(/methods\s*=\s*\[([^\]]*)\]/.exec(action)?.[1] ?? "'get'").matchAll(/["'](\w+)["']/g)]
    return methods.map((method) =>
      route(module, call, `${base}${detail}/${path}`, (method[1] ?? 'get').toUpperCase(), undefined),
    )
  })
}

function route(
  module: PythonModule,
  call: CodeNode,
  path: string,
  method: string,
  handler: CodeNode | undefined,
): Route {
  const leading = path.lastIndexOf(unknown)
  const name = handler === undefined ? undefined : fieldOf(handler, 'name')
  const decorators = handler?.parent?.type === 'decorated_definition' ? decoratorsOf(handler.parent).map(textOf) : []
  return {
    method,
    path: normalisePath(leading === -1 ? path : path.slice(leading + 1)),
    file: module.path,
    line: call.line,
    framework: 'django',
    ...(name && { handler: textOf(name) }),
    ...pythonRequestRead(handler),
    guards: decorators,
    prefixUnknown: leading !== -1,
    mounted: true,
    order: call.start,
    router: module.path,
  }
}

/** `^users/(?P<id>\d+)/$` → `users/:id/`; other groups become unnamed parameters. */
function fromRegex(pattern: string): string {
  return pattern
    .replace(/^\^|\$$/g, '')
    .replace(/\(\?P<(\w+)>[^()]{0,80}\)/g, ':$1')
    .replace(/\([^()]{0,80}\)/g, ':value')
    .replace(/\\([./-])/g, '$1')
    .replace(/\.\*/g, '*')
}
