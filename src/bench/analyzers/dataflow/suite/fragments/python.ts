import type { MarkedCase } from '../case.ts'
import { composeGroups, type Language } from './group.ts'
import { pythonFiles, pythonFrameworks, pythonScene } from './python-frameworks.ts'
import { pythonSafe } from './python-safe.ts'
import { pythonDataSinks } from './python-sinks-data.ts'
import { pythonPageSinks } from './python-sinks-pages.ts'
import { pythonSystemSinks } from './python-sinks-system.ts'
import { pythonWebSinks } from './python-sinks-web.ts'
import { pythonVulnerable } from './python-vulnerable.ts'
import type { Scene, Sink } from './sink.ts'

/** Every sink in Python. */
export const pythonSinks: readonly Sink[] = [
  ...pythonDataSinks,
  ...pythonSystemSinks,
  ...pythonPageSinks,
  ...pythonWebSinks,
]

/** How cases are put together in each Python framework. */
export const pythonLanguages: readonly Language<Scene>[] = pythonFrameworks.map((framework) => ({
  framework: framework.name,
  vulnerable: pythonVulnerable,
  safe: pythonSafe,
  scene: (sink, n, treatment) => pythonScene(framework, sink, n, treatment),
  files: (scene, parts) => pythonFiles(framework, scene, parts),
}))

/** The composed cases for Python, a group for each weakness and framework. */
export function pythonGroups(): MarkedCase[][] {
  return composeGroups(pythonLanguages, pythonSinks)
}
