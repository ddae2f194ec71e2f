import type { ClassFacts } from '../../analysis/engine.ts'
import type { Registration } from '../../analysis/inventory.ts'
import type { FunctionId } from '../../ir/ir.ts'
import { type Code, textAt } from './code.ts'
import type { Guard } from './guards.ts'
import { asksMethod, decoratorGuards, wrappers } from './python-routes.ts'
import { firstText, functionsOf, type Route } from './route.ts'

const usesDjango = /^\s*(?:from|import)\s+(?:django|rest_framework)\b/m
const answers =
  /^(?:get|post|put|patch|delete|create|update|partial_update|destroy|list|retrieve|form_valid|perform_create|perform_update|perform_destroy)$/
const reads = /^(?:get|list|retrieve)$/

/** Views of Django, its REST framework and Flask's class views: functions with a request, and classes made of theirs. */
export function viewRoutes(registrations: readonly Registration[], code: Code): Route[] {
  const registered = new Map<FunctionId, { path: string; guards: Guard[] }>()
  for (const registration of registrations) {
    if (registration.name === undefined || !/^django\..*(?:path|url)$/.test(registration.name)) continue
    const path = firstText(registration.args.positional[0]) ?? ''
    for (const id of functionsOf(registration.args.positional[1]))
      registered.set(id, { path, guards: wrappers(registration, 1, code) })
  }
  const { all, api } = settingsGuards(code)
  return [...functionViews(registered, code), ...classViews(code)].map((route) => ({
    ...route,
    guards: [...all, ...(usesFramework(route, code) ? api : []), ...route.guards],
  }))
}

/** Whether a view is one of the REST framework. */
function usesFramework({ place, guards }: Route, code: Code): boolean {
  const text = code.engine.program.modules.get(place.path)?.text ?? ''
  return (
    guards.some(({ text: each }) => each.startsWith('api_view')) ||
    /APIView|ViewSet|generics\.|mixins\./.test(text.slice(place.start, place.start + 200)) ||
    /^(?:from|import)\s+rest_framework/m.test(text)
  )
}

/** What the settings ask for everywhere: `DEFAULT_PERMISSION_CLASSES`, `LoginRequiredMiddleware`. */
function settingsGuards(code: Code): { readonly all: readonly Guard[]; readonly api: readonly Guard[] } {
  const texts = [...code.engine.program.modules.values()].flatMap(({ language, text }) =>
    language === 'python' ? [text] : [],
  )
  const guard: Guard = { text: 'login_required', functions: [], as: 'middleware' }
  const permissions =
    /DEFAULT_PERMISSION_CLASSES['"]?\]?\s*[:=]\s*[[(]\s*['"][\w.]*(?:IsAuthenticated|IsAdminUser|DjangoModelPermissions)/
  const middleware = /['"][\w.]*LoginRequired\w*Middleware['"]/
  return {
    all: texts.some((text) => middleware.test(text)) ? [guard] : [],
    api: texts.some((text) => permissions.test(text)) ? [guard] : [],
  }
}

function functionViews(registered: ReadonlyMap<FunctionId, { path: string; guards: Guard[] }>, code: Code): Route[] {
  const { program, inventory } = code.engine
  const called = new Set(
    [...inventory.calls.values()].flatMap((calls) => [...calls.values()].flatMap(({ functions }) => [...functions])),
  )
  return program.functions.flatMap((ir): Route[] => {
    const { module } = program.function(ir.id)
    if (module.language !== 'python' || ir.parameters[0]?.name !== 'request' || ir.parent !== module.main) return []
    if (ir.kind !== 'function' || !usesDjango.test(module.text) || /^(?:has_|is_|get_|_)/.test(ir.name)) return []
    const known = registered.get(ir.id)
    if (
      known === undefined &&
      (called.has(ir.id) ||
        /middleware|signals|permissions|decorators|utils|helpers|context_processors/.test(module.path))
    )
      return []
    const decorators = inventory.decorators.get(`f${ir.id}`) ?? []
    const texts = decorators.map(({ call, owner }) => textAt(call.callee, code.facts(owner)))
    const start = Math.min(ir.start, ...decorators.map(({ call }) => call.start))
    return [
      {
        methods: methodsOf(texts, ir.id, code),
        path: `/${known?.path ?? ''}`,
        name: ir.name,
        handlers: [ir.id],
        guards: [...(known?.guards ?? []), ...decoratorGuards(ir.id, Number.POSITIVE_INFINITY, code)],
        router: module.path,
        place: { path: module.path, start, end: ir.end },
      },
    ]
  })
}

function methodsOf(decorators: readonly string[], id: FunctionId, code: Code): string[] {
  for (const text of decorators) {
    if (/require_POST/.test(text)) return ['POST']
    if (/require_(?:GET|safe)/.test(text)) return ['GET']
    const listed = /(?:require_http_methods|api_view)\(\s*\[([^\]]*)\]/.exec(text)?.[1]
    if (listed !== undefined)
      return [...listed.matchAll(/['"](\w+)['"]/g)].map((match) => (match[1] ?? '').toUpperCase())
  }
  return asksMethod(id, code) ? ['GET', 'POST'] : []
}

/** Base classes whose views answer requests, and the methods that change something where the class spells none out. */
const generic: readonly (readonly [RegExp, readonly string[]])[] = [
  [/(?:^|\.)(?:ModelViewSet)$/, ['GET', 'POST', 'PUT', 'DELETE']],
  [/(?:^|\.)(?:CreateView|CreateAPIView|ListCreateAPIView|UpdateView|UpdateAPIView|FormView)$/, ['POST']],
  [/(?:^|\.)(?:DeleteView|DestroyAPIView|RetrieveUpdateDestroyAPIView|RetrieveDestroyAPIView)$/, ['DELETE']],
  [/(?:^|\.)(?:RetrieveUpdateAPIView)$/, ['PUT']],
  [/(?:^|\.)(?:ListView|DetailView|TemplateView|ListAPIView|RetrieveAPIView|ReadOnlyModelViewSet)$/, ['GET']],
  [
    /^(?:django|rest_framework|flask|flask_restful|flask_restx|flask_smorest|flask_classful)\b.*(?:View|APIView|ViewSet|GenericAPIView|MethodView|Resource)$/,
    [],
  ],
]

function classViews(code: Code): Route[] {
  return [...code.engine.classes.values()].flatMap((facts): Route[] => {
    const names = baseNames(facts, code, 0)
    const base = generic.find(([pattern]) => names.some((name) => pattern.test(name)))
    if (base === undefined || !/django|rest_framework|flask/.test(names.join(' '))) return []
    const { guards, isOpen } = classGuards(facts, names, code)
    if (isOpen) return []
    const own = [...facts.members].filter(([name, { kind }]) => kind === 'method' && answers.test(name))
    const module = code.engine.program.modules.get(facts.path)
    const place = {
      path: facts.path,
      ...(module === undefined ? facts.span : { start: facts.span.start, end: facts.span.end }),
    }
    const router = facts.path
    if (own.length === 0 || base[1].length > 0) {
      const handlers = own.flatMap(([, { value }]) => functionsOf(value))
      const inner = handlers.flatMap((id) => decoratorGuards(id, Number.POSITIVE_INFINITY, code))
      return base[1].length === 0
        ? []
        : [{ methods: base[1], path: '/', name: facts.name, handlers, guards: [...guards, ...inner], router, place }]
    }
    return own.flatMap(([name, { value }]): Route[] => {
      const [id] = functionsOf(value)
      if (id === undefined) return []
      const { ir } = code.facts(id)
      const method = reads.test(name)
        ? 'GET'
        : /^(?:post|create)$/.test(name)
          ? 'POST'
          : /^(?:delete|destroy)$/.test(name)
            ? 'DELETE'
            : 'PUT'
      return [
        {
          methods: [method],
          path: '/',
          name: `${facts.name}.${name}`,
          handlers: [id],
          guards: [...guards, ...decoratorGuards(id, Number.POSITIVE_INFINITY, code)],
          router,
          place: { path: facts.path, start: ir.start, end: ir.end },
        },
      ]
    })
  })
}

function baseNames(facts: ClassFacts, code: Code, depth: number): string[] {
  if (depth > 5) return []
  return facts.bases.flatMap(({ refs }) =>
    refs.flatMap((ref) => {
      if (ref.kind === 'external') return [ref.name]
      const base = ref.kind === 'class' ? code.engine.classes.get(ref.id) : undefined
      return base === undefined ? [] : [base.name, ...baseNames(base, code, depth + 1)]
    }),
  )
}

/** Mixins, `permission_classes`, `decorators = [login_required]`, `dispatch` and decorators of the class. */
function classGuards(facts: ClassFacts, names: readonly string[], code: Code): { guards: Guard[]; isOpen: boolean } {
  const guards: Guard[] = names
    .filter(
      (name) =>
        /Mixin$|Required|Auth|Admin|Staff|Protected|Secure/.test(name) &&
        !/AuthenticationMiddleware|View$/.test(name.replace(/^.*\./, '')),
    )
    .map((text) => ({ text: text.replace(/^.*\./, ''), functions: [], as: 'decorator' as const }))
  for (const { call, owner, functions } of code.engine.inventory.decorators.get(`c${facts.defined}`) ?? [])
    guards.push({ text: textAt(call.callee, code.facts(owner)), functions, as: 'decorator' })
  const module = code.engine.program.modules.get(facts.path)
  const [owner] = facts.defined.split(' ')
  const main = owner === undefined ? undefined : code.facts(Number(owner))
  let isOpen = false
  for (const [name, member] of facts.members) {
    if (name === 'dispatch' || name === 'get_permissions' || name === 'check_permissions' || name === 'initial') {
      for (const id of functionsOf(member.value))
        guards.push(
          {
            text: name === 'dispatch' ? '' : 'require_permissions',
            functions: name === 'dispatch' ? [id] : [],
            as: 'hook',
          },
          ...decoratorGuards(id, Number.POSITIVE_INFINITY, code),
        )
    } else if (
      /^(?:permission_classes|decorators|method_decorators|permission_required|authentication_classes)$/.test(name) &&
      module !== undefined &&
      main !== undefined
    ) {
      const text = assignedText(name, facts, module.text)
      if (/AllowAny|\[\s*\]|\(\s*\)/.test(text)) isOpen = true
      else
        guards.push({
          text:
            /permission_classes/.test(name) && !/IsAuthenticatedOrReadOnly|IsAuthenticated\b/.test(text)
              ? `require_permission ${text}`
              : text.replace('permission_classes', ''),
          functions: [],
          as: 'decorator',
        })
    }
  }
  return { guards, isOpen }
}

/** What a class attribute is set to, as written. */
function assignedText(name: string, facts: ClassFacts, text: string): string {
  const body = text.slice(facts.span.start, facts.span.start + 4000)
  return new RegExp(`^[ \\t]+${name}\\s*=\\s*([^\\n]{0,160})`, 'm').exec(body)?.[1] ?? ''
}
