import { type AppSnapshot, readText } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import { codeTree, syntaxSourceOf } from '#bench/syntax'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { analyse } from './analysis/analyse.ts'
import { checkRoutes } from './checks/routes/index.ts'
import { isTarget } from './files.ts'
import { findingsOf } from './findings.ts'
import { lowerJavaScript } from './frontend/javascript.ts'
import { lowerPython } from './frontend/python.ts'
import { type Template, templateEnding, templateOf } from './frontend/templates.ts'
import { newIds } from './ir/builder.ts'
import type { ModuleIr } from './ir/ir.ts'
import { extended } from './models/extend.ts'
import { javascriptModels, pythonModels } from './models/index.ts'
import { readOptions } from './options.ts'

/** Characters beyond which a file is data, not code somebody wrote. */
const sizeLimit = 2_000_000
const templateLimit = 200_000

/** Lowers every program file, interprets all of them together and tells what was found. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const own = readOptions(context.options)
  const gaps: { path: string; reason: string }[] = []
  const modules: ModuleIr[] = []
  const ids = newIds()
  let lines = 0
  let total = 0
  let analysed = 0
  const templates: Template[] = []
  for (const file of app.files) {
    if (file.kind !== 'text' || file.size > templateLimit || !templateEnding.test(file.path)) continue
    if (file.role !== 'documentation') templates.push(templateOf(file.path, await readText(app, file)))
  }
  for (const file of app.files.filter(isTarget)) {
    context.signal.throwIfAborted()
    total += 1
    if (file.size > sizeLimit) {
      gaps.push({ path: file.path, reason: `larger than ${sizeLimit / 1_000_000} MB` })
      continue
    }
    analysed += 1
    const code = syntaxSourceOf(file.language, await readText(app, file))
    // A page without scripts: read as a template, if at all.
    if (code === undefined) continue
    const root = await codeTree(code.language, code.text, code.embedded ? `${file.digest} scripts` : file.digest)
    const module =
      code.language === 'python' ? lowerPython(file.path, root, ids) : lowerJavaScript(file.path, root, ids)
    modules.push(module)
    lines += file.lines
    const [gap] = module.gaps
    if (gap !== undefined) {
      gaps.push({ path: file.path, reason: `${gap.reason} at line ${gap.line}: the rest was analysed` })
    }
  }
  const models = {
    python: extended(pythonModels, own.python),
    javascript: extended(javascriptModels, own.javascript),
  }
  const result = analyse(modules, models, () => context.signal.throwIfAborted(), templates)
  const findings: RawFinding[] = findingsOf([...result.hits, ...checkRoutes(result.engine)], modules, templates)
  return {
    findings,
    metrics: { files: modules.length, lines, functions: ids.functions, steps: result.steps },
    coverage: { analysed, total, gaps: [...gaps, ...result.gaps] },
  }
}
