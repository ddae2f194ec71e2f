import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { Route } from './interface.ts'
import { functionTypes, type Module } from './javascript-modules.ts'
import { requestRead } from './javascript-request.ts'
import { emptyFrame, newTrace, resolve, type World } from './javascript-values.ts'
import { normalisePath } from './pattern.ts'

/** Routes that are files: Next's `app/…/route.ts` and `pages/api/…`, SvelteKit's `+server.ts`. */
export function fileRoutes(world: World): Route[] {
  return world.modules.all.flatMap((module) => {
    const app = /(?:^|\/)app\/(?:(.+)\/)?route\.[jt]sx?$/.exec(module.path)
    if (app !== null) return exportedRoutes(module, app[1] ?? '', 'next', world)
    const svelte = /(?:^|\/)src\/routes\/(?:(.+)\/)?\+server\.[jt]s$/.exec(module.path)
    if (svelte !== null) return exportedRoutes(module, svelte[1] ?? '', 'sveltekit', world)
    const pages = /(?:^|\/)pages\/(api\/.+?)(?:\/index)?\.[jt]sx?$/.exec(module.path)
    return pages?.[1] === undefined ? [] : pageRoutes(module, pages[1], world)
  })
}

function exportedRoutes(module: Module, folder: string, framework: string, world: World): Route[] {
  return exportedMethods(module).map(({ method, node }) => routeAt(module, node, method, folder, framework, world))
}

function pageRoutes(module: Module, folder: string, world: World): Route[] {
  const exported = module.exports.get('default') ?? module.exports.get('*')
  if (exported === undefined) return []
  const target = resolve({ node: exported, module, frame: emptyFrame }, world, newTrace()).node
  const methods = functionTypes.has(target.type) ? comparedMethods(target) : []
  return (methods.length === 0 ? ['ALL'] : methods).map((method) =>
    routeAt(module, exported, method, folder, 'next', world),
  )
}

function routeAt(
  module: Module,
  node: CodeNode,
  method: string,
  folder: string,
  framework: string,
  world: World,
): Route {
  const name = fieldOf(node, 'name')
  const { name: _, ...read } = requestRead({ node, module, frame: emptyFrame }, [], world)
  return {
    method,
    path: normalisePath(filePath(folder)),
    file: module.path,
    line: node.line,
    framework,
    handler: name === undefined ? method : textOf(name),
    ...read,
    guards: [],
    prefixUnknown: false,
    mounted: true,
    order: 0,
    router: `${module.path}#${method}`,
  }
}

/** `(shop)/items/[id]` → `/items/:id`; `[...rest]` → `*`. */
function filePath(folder: string): string {
  const segments = folder.split('/').filter((segment) => !/^\(.*\)$/.test(segment) && !segment.startsWith('@'))
  return `/${segments.join('/')}`.replace(/\[\[?\.\.\.\w+\]?\]/g, '*').replace(/\[(\w+)\]/g, ':$1')
}

/** Functions under a node whose exported name is an HTTP method, as Next and SvelteKit have them. */
function exportedMethods(module: Module): { readonly method: string; readonly node: CodeNode }[] {
  return [...module.exports].flatMap(([name, node]) =>
    /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/.test(name) ? [{ method: name, node }] : [],
  )
}

/** Methods a handler that serves them all tells apart: `req.method === 'POST'`, `case 'POST':`. */
function comparedMethods(node: CodeNode): string[] {
  const found = new Set<string>()
  for (const each of nodesUnder(node)) {
    if (each.type !== 'string') continue
    const verb = textOf(each).slice(1, -1)
    const parent = each.parent
    if (!/^(?:GET|POST|PUT|PATCH|DELETE)$/.test(verb) || parent === undefined) continue
    if (parent.type === 'switch_case' || (parent.type === 'binary_expression' && /\.method\b/.test(textOf(parent))))
      found.add(verb)
  }
  return [...found]
}
