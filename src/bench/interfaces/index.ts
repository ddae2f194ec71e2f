import type { AppSnapshot } from '#bench/apps'
import { deliveryOf } from './delivery.ts'
import { djangoRoutes } from './django-routes.ts'
import { environmentReads } from './environment.ts'
import { fileRoutes } from './file-routes.ts'
import type { Interfaces } from './interface.ts'
import { javascriptCalls } from './javascript-calls.ts'
import { indexModules, type Module } from './javascript-modules.ts'
import { isServerModule, javascriptRoutes } from './javascript-routes.ts'
import { markupCalls } from './markup-calls.ts'
import { indexPython } from './python-modules.ts'
import { pythonRoutes } from './python-routes.ts'
import { readSources, type Sources } from './sources.ts'

export * from './interface.ts'
export { isCatchAll, servesMethod, servesPath, shapeOf } from './pattern.ts'
export { dotenvEntries, dotenvFile, exampleFile, readSources, type Source, type Sources, scriptsIn } from './sources.ts'
export { type Tag, tagsIn } from './tags.ts'

/**
 * The routes an app's backend serves, the requests its frontend makes, the environment variables both read, and how
 * the parts reach each other. Read from syntax trees: nothing is run, and what is not visible is marked, not guessed.
 */
export async function interfacesOf(app: AppSnapshot, signal?: AbortSignal): Promise<Interfaces> {
  return interfacesIn(await readSources(app, signal))
}

/** The same, of sources already read. */
export function interfacesIn(sources: Sources): Interfaces {
  const python = indexPython(sources.python, sources.settings)
  const modules = indexModules(sources.scripts)
  const world = { modules, settings: sources.settings }
  const routes = [...pythonRoutes(python), ...djangoRoutes(python), ...javascriptRoutes(world), ...fileRoutes(world)]
  const routeFiles = new Set(routes.map(({ file }) => file))
  const calls = [
    ...javascriptCalls(world, (module) => runsOnServer(module, routeFiles, sources)),
    ...markupCalls(sources.markup, routes),
  ]
  return { routes, calls, environment: environmentReads(python, modules), delivery: deliveryOf(sources, world, python) }
}

function runsOnServer(module: Module, routeFiles: ReadonlySet<string>, { components }: Sources): boolean {
  if (routeFiles.has(module.path) || isServerModule(module)) return true
  const owner = components
    .filter(({ path }) => path === '' || module.path.startsWith(`${path}/`))
    .toSorted((one, other) => other.path.length - one.path.length)[0]
  return (
    owner?.role === 'backend' &&
    /\brequire\(|\bmodule\.exports\b|\bprocess\.env\b/.test(module.source.text) &&
    !/\b(?:document|window)\./.test(module.source.text)
  )
}
