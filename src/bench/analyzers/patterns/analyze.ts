import { type AppSnapshot, readText } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import { syntaxSourceOf } from '#bench/syntax'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { textLines } from '../excerpt.ts'
import { compileRules } from './engine.ts'
import { isTarget } from './files.ts'
import { patternRules } from './rules/index.ts'
import { templateHits } from './rules/templates.ts'
import { readSource } from './source.ts'

const hitsIn = compileRules(patternRules)

/** Characters beyond which a file is data, not code somebody wrote. */
const sizeLimit = 1_000_000

/** Runs every rule over every file. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const findings: RawFinding[] = []
  const gaps: { path: string; reason: string }[] = []
  let analysed = 0
  let total = 0
  let lines = 0
  for (const file of app.files.filter(isTarget)) {
    context.signal.throwIfAborted()
    if (file.size > sizeLimit) {
      total += 1
      gaps.push({ path: file.path, reason: `larger than ${sizeLimit / 1_000_000} MB` })
      continue
    }
    const text = await readText(app, file)
    const code = syntaxSourceOf(file.language, text)
    total += 1
    analysed += 1
    lines += file.lines
    const at = textLines(text)
    for (const { rule, message, start, end } of templateHits(file.language ?? '', text)) {
      const region = at.region(start, end)
      findings.push({
        rule,
        message,
        location: { kind: 'file', path: file.path, region },
        evidence: { snippet: at.excerpt(region) },
      })
    }
    if (code === undefined) continue
    const source = await readSource(file.path, code, file.digest)
    if (source.root.hasError) {
      gaps.push({ path: file.path, reason: 'syntax errors: rules ran on the parts that could be understood' })
    }
    for (const hit of hitsIn(source)) {
      const region = at.region(hit.node.startIndex, hit.node.endIndex)
      findings.push({
        rule: hit.rule.id,
        message: hit.message,
        location: { kind: 'file', path: file.path, region },
        evidence: { snippet: at.excerpt(region) },
        ...(hit.severity === undefined ? {} : { severity: hit.severity }),
        ...(hit.confidence === undefined ? {} : { confidence: hit.confidence }),
        ...(hit.fix === undefined ? {} : { fix: hit.fix }),
        ...(hit.subject === undefined ? {} : { subject: hit.subject }),
      })
    }
  }
  return {
    findings,
    metrics: { files: analysed, lines, rules: patternRules.length },
    coverage: { analysed, total, gaps },
  }
}
