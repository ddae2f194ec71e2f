import type { MarkedCase } from '../case.ts'
import { composeGroups, type Language } from './group.ts'
import { javascriptFrameworks } from './javascript-frameworks.ts'
import { javascriptSafe } from './javascript-safe.ts'
import { type JavaScriptScene, javascriptFiles, javascriptScene } from './javascript-scene.ts'
import { browserSinks } from './javascript-sinks-browser.ts'
import { javascriptDataSinks } from './javascript-sinks-data.ts'
import { javascriptPageSinks } from './javascript-sinks-pages.ts'
import { javascriptSystemSinks } from './javascript-sinks-system.ts'
import { javascriptWebSinks } from './javascript-sinks-web.ts'
import { javascriptVulnerable } from './javascript-vulnerable.ts'
import type { Sink } from './sink.ts'

/** Every sink in JavaScript and TypeScript. */
export const javascriptSinks: readonly Sink[] = [
  ...javascriptDataSinks,
  ...javascriptSystemSinks,
  ...javascriptPageSinks,
  ...javascriptWebSinks,
  ...browserSinks,
]

/** How cases are put together in each JavaScript framework. */
export const javascriptLanguages: readonly Language<JavaScriptScene>[] = javascriptFrameworks.map((framework) => ({
  framework: framework.name,
  vulnerable: javascriptVulnerable,
  safe: javascriptSafe,
  scene: (sink, n, treatment) => javascriptScene(framework, sink, n, treatment),
  files: javascriptFiles,
}))

/** The composed cases for JavaScript and TypeScript, a group for each weakness and framework. */
export function javascriptGroups(): MarkedCase[][] {
  return composeGroups(javascriptLanguages, javascriptSinks)
}
