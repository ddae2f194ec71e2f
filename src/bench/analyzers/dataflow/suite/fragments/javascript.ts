import type { MarkedCase } from '../case.ts'
import { composeGroup } from './group.ts'
import { javascriptFrameworks } from './javascript-frameworks.ts'
import { javascriptSafe } from './javascript-safe.ts'
import { javascriptFiles, javascriptScene } from './javascript-scene.ts'
import { browserSinks } from './javascript-sinks-browser.ts'
import { javascriptDataSinks } from './javascript-sinks-data.ts'
import { javascriptPageSinks } from './javascript-sinks-pages.ts'
import { javascriptSystemSinks } from './javascript-sinks-system.ts'
import { javascriptWebSinks } from './javascript-sinks-web.ts'
import { javascriptVulnerable } from './javascript-vulnerable.ts'

const sinks = [
  ...javascriptDataSinks,
  ...javascriptSystemSinks,
  ...javascriptPageSinks,
  ...javascriptWebSinks,
  ...browserSinks,
]

/** The composed cases for JavaScript and TypeScript, a group for each weakness and framework. */
export function javascriptGroups(): MarkedCase[][] {
  const turn = { vulnerable: 0, safe: 0 }
  const weaknesses = [...new Set(sinks.map((sink) => sink.weakness))]
  return javascriptFrameworks.flatMap((framework) =>
    weaknesses.flatMap((weakness) => {
      const own = sinks.filter((sink) => sink.weakness === weakness && sink.frameworks.includes(framework.name))
      if (own.length === 0) return []
      const language = {
        framework: framework.name,
        vulnerable: javascriptVulnerable,
        safe: javascriptSafe,
        scene: (sink: (typeof own)[number], n: number) => javascriptScene(framework, sink, n),
        files: javascriptFiles,
      }
      return [composeGroup(language, own, turn)]
    }),
  )
}
