import { type AppSnapshot, readText } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import { syntaxSourceOf } from '#bench/syntax'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { type Clone, findClones, linesOf } from './clones.ts'
import { isTarget } from './files.ts'
import { type FileMeasure, measureFile } from './measure.ts'
import { duplicatedBlock, type Limit, limits, longClone } from './rules.ts'
import type { TokenTable } from './tokens.ts'

/** Bytes beyond which a file is data, not code somebody wrote. */
const sizeLimit = 1_000_000

/** Measures every file and compares all of them. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const gaps: { path: string; reason: string }[] = []
  const measures: FileMeasure[] = []
  const tables: Record<string, TokenTable> = { python: new Map(), javascript: new Map() }
  const groups: Record<string, FileMeasure[]> = { python: [], javascript: [] }
  let total = 0
  for (const file of app.files.filter(isTarget)) {
    context.signal.throwIfAborted()
    if (file.size > sizeLimit) {
      total += 1
      gaps.push({ path: file.path, reason: `larger than ${sizeLimit / 1_000_000} MB` })
      continue
    }
    const code = syntaxSourceOf(file.language, await readText(app, file))
    if (code === undefined) continue
    total += 1
    const family = code.language === 'python' ? 'python' : 'javascript'
    const measure = await measureFile(file.path, code, tables[family] ?? new Map(), file.digest)
    if (measure.broken)
      gaps.push({ path: file.path, reason: 'syntax errors: the numbers miss the parts that could not be understood' })
    measures.push(measure)
    groups[family]?.push(measure)
  }
  const clones = Object.values(groups).flatMap((group) => findClones(group.map((measure) => measure.tokens)))
  return {
    findings: [...measures.flatMap(findingsOf), ...clones.map(cloneFinding)],
    metrics: metricsOf(measures, clones),
    coverage: { analysed: measures.length, total, gaps },
  }
}

function findingsOf(measure: FileMeasure): RawFinding[] {
  const findings: RawFinding[] = []
  const report = (limit: Limit, value: number | undefined, name: string, line: number): void => {
    if (value === undefined || value <= limit.low) return
    findings.push({
      rule: limit.rule.id,
      message: limit.message(name, value, limit.low),
      location: { kind: 'file', path: measure.path, region: { startLine: line } },
      severity: value > limit.medium ? 'medium' : 'low',
      subject: name,
      evidence: { facts: { value, limit: limit.low } },
    })
  }
  for (const each of measure.functions) {
    report(limits.cognitive, each.cognitive, each.name, each.line)
    report(limits.cyclomatic, each.cyclomatic, each.name, each.line)
    report(limits.nesting, each.nesting, each.name, each.line)
    report(limits.parameters, each.parameters, each.name, each.line)
    report(limits.functionLines, each.lines, each.name, each.line)
  }
  report(limits.fileLines, measure.lines.code, measure.path, 1)
  return findings
}

function cloneFinding({ original, copy, tokens }: Clone): RawFinding {
  const lines = linesOf(copy)
  return {
    rule: duplicatedBlock.id,
    message: `${lines} lines repeat ${original.path === copy.path ? '' : `${original.path} `}lines ${original.startLine}–${original.endLine}.`,
    location: { kind: 'file', path: copy.path, region: { startLine: copy.startLine, endLine: copy.endLine } },
    severity: lines >= longClone ? 'medium' : 'low',
    evidence: {
      facts: { lines, tokens },
      related: [
        {
          location: {
            kind: 'file',
            path: original.path,
            region: { startLine: original.startLine, endLine: original.endLine },
          },
          message: 'The first copy.',
        },
      ],
    },
  }
}

function metricsOf(measures: readonly FileMeasure[], clones: readonly Clone[]): Record<string, number> {
  const functions = measures.flatMap((measure) => measure.functions)
  const sum = (pick: (measure: FileMeasure) => number): number =>
    measures.reduce((total, each) => total + pick(each), 0)
  const duplicated = duplicatedLines(measures, clones)
  const code = sum((each) => each.lines.code)
  return {
    files: measures.length,
    functions: functions.length,
    'lines.code': code,
    'lines.comment': sum((each) => each.lines.comment),
    'lines.blank': sum((each) => each.lines.blank),
    ...spread(
      'cyclomatic',
      functions.map((each) => each.cyclomatic),
    ),
    ...spread(
      'cognitive',
      functions.flatMap((each) => each.cognitive ?? []),
    ),
    ...spread(
      'nesting',
      functions.map((each) => each.nesting),
    ),
    ...spread(
      'parameters',
      functions.map((each) => each.parameters),
    ),
    ...spread(
      'function-lines',
      functions.map((each) => each.lines),
    ),
    ...spread(
      'file-lines',
      measures.map((each) => each.lines.code),
    ),
    'duplication.blocks': clones.length,
    'duplication.lines': duplicated,
    'duplication.percent': code === 0 ? 0 : Math.round((duplicated / code) * 1000) / 10,
  }
}

/** Median, 90th percentile (nearest rank) and maximum; nothing for no values. */
function spread(name: string, values: readonly number[]): Record<string, number> {
  if (values.length === 0) return {}
  const sorted = [...values].sort((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? 0
  const middle = (sorted.length - 1) / 2
  return {
    [`${name}.median`]: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    [`${name}.p90`]: at(Math.ceil(sorted.length * 0.9) - 1),
    [`${name}.max`]: at(sorted.length - 1),
  }
}

/** Lines with code in any copy of a clone, each counted once. */
function duplicatedLines(measures: readonly FileMeasure[], clones: readonly Clone[]): number {
  const lines = new Map(measures.map((measure) => [measure.path, new Set(measure.tokens.lines)]))
  const counted = new Set<string>()
  for (const { original, copy } of clones) {
    for (const { path, startLine, endLine } of [original, copy]) {
      const withCode = lines.get(path)
      for (let line = startLine; line <= endLine; line++)
        if (withCode?.has(line) === true) counted.add(`${path}:${line}`)
    }
  }
  return counted.size
}
