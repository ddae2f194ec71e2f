import type { FunctionFacts } from '../../analysis/program.ts'
import type { FunctionId, Instruction, ModuleIr, Temp } from '../../ir/ir.ts'
import { type Code, instructionsOf, nameAt, textAt } from './code.ts'
import type { Guard } from './guards.ts'
import { guardLevel } from './names.ts'
import type { Route } from './route.ts'

const verb = /^(?:GET|POST|PUT|PATCH|DELETE)$/

/** Route handlers, API routes and server actions of Next: known by the file they are in and what it exports. */
export function nextRoutes(code: Code): Route[] {
  const modules = [...code.engine.program.modules.values()].filter(({ language }) => language === 'javascript')
  const middleware = modules.find(({ path }) => /(?:^|\/)(?:src\/)?(?:middleware|proxy)\.[jt]s$/.test(path))
  return modules.flatMap((module) => {
    const routes = routesOf(module, code)
    return middleware === undefined ? routes : routes.map((route) => behind(middleware, route))
  })
}

function routesOf(module: ModuleIr, code: Code): Route[] {
  const api = /(?:^|\/)(?:src\/)?(?:app|pages)\/((?:.*\/)?)(route|[^/]+)\.[cm]?[jt]sx?$/.exec(module.path)
  const isHandler = api?.[2] === 'route'
  const isApi = /(?:^|\/)pages\/api\//.test(module.path)
  const isActions = /^(?:\s|\/\/[^\n]*\n|\/\*[^*]*\*\/)*['"]use server['"]/.test(module.text)
  if (!isHandler && !isApi && !isActions) return []
  const main = code.facts(module.main)
  const routes: Route[] = []
  for (const at of instructionsOf(main)) {
    if (at.op !== 'export') continue
    if (isHandler && !verb.test(at.name)) continue
    if (isApi && at.name !== 'default') continue
    const { handlers, guards, temp } = unwrapped(at.value, main, code)
    const [id] = handlers
    if (id === undefined) continue
    const { ir } = code.facts(id)
    const defined = temp === undefined ? undefined : main.definitions[temp]
    const span = defined?.op === 'call' ? defined : ir
    routes.push({
      methods: isHandler ? [at.name] : isActions ? ['POST'] : [],
      path: `/${(api?.[1] ?? module.path.replace(/[^/]*$/, '')).replace(/\/$/, '').replaceAll(/\([^)]*\)\/?/g, '')}`,
      name: isHandler ? '' : at.name === 'default' ? (api?.[2] ?? '') : at.name,
      handlers,
      guards,
      router: module.path,
      place: { path: module.path, start: lineStart(module.text, span.start), end: span.end },
    })
  }
  return routes
}

/** `export const POST = withAuth(async (request) => …)`: the function, and what is around it. */
function unwrapped(
  temp: Temp,
  facts: FunctionFacts,
  code: Code,
): { handlers: FunctionId[]; guards: Guard[]; temp: Temp | undefined } {
  const guards: Guard[] = []
  let at: Temp | undefined = temp
  for (let depth = 0; at !== undefined && depth < 10; depth++) {
    const definition: Instruction | undefined = facts.definitions[at]
    if (definition?.op === 'function') return { handlers: [definition.function], guards, temp: at }
    if (definition?.op === 'load') at = code.writes(definition.slot).find(({ by }) => by === 'store')?.temp
    else if (definition?.op === 'call') {
      const functions = [...(code.called(facts.ir.id, definition.dst)?.functions ?? [])]
      guards.push({
        text: nameAt(definition.callee, facts) || textAt(definition.callee, facts),
        functions,
        as: 'decorator',
      })
      at = definition.arguments.find(({ value }) =>
        /^(?:function|load|call)$/.test(facts.definitions[value]?.op ?? ''),
      )?.value
    } else return { handlers: [], guards, temp: undefined }
  }
  return { handlers: [], guards, temp: undefined }
}

/** Middleware that asks for a session guards what its matcher names. */
function behind(middleware: ModuleIr, route: Route): Route {
  if (
    guardLevel(middleware.text.slice(0, 160)) === 0 &&
    !/auth|session|token|clerk|withAuth|getUser/i.test(middleware.text)
  )
    return route
  const matcher = /matcher\s*:\s*(\[[^\]]*\]|['"`][^'"`]*['"`])/.exec(middleware.text)?.[1]
  const patterns = [...(matcher ?? '').matchAll(/['"`]([^'"`]+)['"`]/g)].map((match) => match[1] ?? '')
  const isMatched =
    patterns.length === 0 ||
    patterns.some((pattern) => {
      const fixed = /^[\w/-]*/.exec(pattern)?.[0].replace(/\/$/, '') ?? ''
      // A pattern that leaves out the API (`(?!api|_next)`) guards pages only.
      return (
        `${route.path}/`.startsWith(`${fixed}/`) &&
        !(/\(\?![^)]*\bapi\b/.test(pattern) && /^\/api(?:\/|$)/.test(route.path))
      )
    })
  const guard: Guard = { text: 'auth middleware', functions: [], as: 'middleware' }
  return isMatched ? { ...route, guards: [...route.guards, guard] } : route
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}
