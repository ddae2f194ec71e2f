import type { MarkedCase } from '../case.ts'
import { composeGroup } from './group.ts'
import { pythonFiles, pythonFrameworks, pythonScene } from './python-frameworks.ts'
import { pythonSafe } from './python-safe.ts'
import { pythonDataSinks } from './python-sinks-data.ts'
import { pythonPageSinks } from './python-sinks-pages.ts'
import { pythonSystemSinks } from './python-sinks-system.ts'
import { pythonWebSinks } from './python-sinks-web.ts'
import { pythonVulnerable } from './python-vulnerable.ts'

const sinks = [...pythonDataSinks, ...pythonSystemSinks, ...pythonPageSinks, ...pythonWebSinks]

/** The composed cases for Python, a group for each weakness and framework. */
export function pythonGroups(): MarkedCase[][] {
  const turn = { vulnerable: 0, safe: 0 }
  const weaknesses = [...new Set(sinks.map((sink) => sink.weakness))]
  return pythonFrameworks.flatMap((framework) =>
    weaknesses.flatMap((weakness) => {
      const own = sinks.filter((sink) => sink.weakness === weakness && sink.frameworks.includes(framework.name))
      if (own.length === 0) return []
      const language = {
        framework: framework.name,
        vulnerable: pythonVulnerable,
        safe: pythonSafe,
        scene: (sink: (typeof own)[number], n: number) => pythonScene(framework, sink, n),
        files: (scene: Parameters<typeof pythonFiles>[1], parts: Parameters<typeof pythonFiles>[2]) =>
          pythonFiles(framework, scene, parts),
      }
      return [composeGroup(language, own, turn)]
    }),
  )
}
