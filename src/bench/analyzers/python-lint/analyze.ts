import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import type { AnalysisContext, AnalysisResult, Coverage } from '../contract.ts'
import { type TextLines, textLines } from '../excerpt.ts'
import { mask } from '../secrets/credential.ts'
import { isSubject } from './files.ts'
import { withoutNoise } from './noise.ts'
import { type Diagnostic, RuffFailure, ruff } from './ruff.ts'
import { askedCodes, ruleOf, syntaxErrorRule } from './rules.ts'
import { sizeOf } from './sizing.ts'
import { withoutSuppressions } from './suppressions.ts'

const invalidSyntax = 'invalid-syntax'
/** Bytes; what is larger is data written as Python. */
const maximalSize = 2 * 1024 * 1024

/** Runs ruff over every file. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const files = app.files.filter(isSubject)
  const findings: RawFinding[] = []
  const gaps: Coverage['gaps'][number][] = []
  let silenced = 0
  for (const file of files) {
    context.signal.throwIfAborted()
    const result = await analyzeFile(app, file)
    findings.push(...result.findings)
    if (result.gap !== undefined) gaps.push({ path: file.path, reason: result.gap })
    silenced += result.silenced
  }
  const coverage: Coverage = { analysed: files.length - gaps.length, total: files.length, gaps }
  return { findings, metrics: { 'findings.silenced': silenced }, coverage }
}

interface FileResult {
  readonly findings: readonly RawFinding[]
  /** Why the file could not be analysed. */
  readonly gap?: string
  /** Quality findings that comments in the code silence. */
  readonly silenced: number
}

async function analyzeFile(app: AppSnapshot, file: SnapshotFile): Promise<FileResult> {
  if (file.size > maximalSize) return { findings: [], gap: 'larger than 2 MiB', silenced: 0 }
  const source = await readText(app, file)
  const lines = textLines(source)
  const opened = withoutSuppressions(source)
  const { check } = ruff(askedCodes)
  try {
    const diagnostics = check(opened ?? source)
    const broken = diagnostics.find((diagnostic) => diagnostic.code === invalidSyntax)
    if (broken !== undefined) {
      const gap = `does not parse: ${broken.message} (line ${broken.start_location.row})`
      return { findings: [findingOf(onText(broken, lines), syntaxErrorRule, file, lines)], gap, silenced: 0 }
    }
    const audible = opened === undefined ? undefined : new Set(check(source).map(keyOf))
    return select(await withoutNoise(diagnostics, file, source, lines), audible, file, lines)
  } catch (error) {
    if (error instanceof RuffFailure) return { findings: [], gap: error.message, silenced: 0 }
    throw error
  }
}

/** A file that ends too early is broken where its text ends, not on the empty lines after it. */
function onText(diagnostic: Diagnostic, lines: TextLines): Diagnostic {
  let row = Math.min(diagnostic.start_location.row, lines.count)
  while (row > 1 && lines.line(row).trim() === '') row -= 1
  if (row === diagnostic.start_location.row) return diagnostic
  const end = { row, column: lines.line(row).length + 1 }
  return { ...diagnostic, start_location: end, end_location: end }
}

/** What of ruff's diagnostics is reported. `audible` are those that comments in the code leave standing. */
function select(
  diagnostics: readonly Diagnostic[],
  audible: ReadonlySet<string> | undefined,
  file: SnapshotFile,
  lines: TextLines,
): FileResult {
  const findings: RawFinding[] = []
  let silenced = 0
  for (const diagnostic of diagnostics) {
    const finding = sized(diagnostic, file, lines)
    if (finding === undefined) continue
    if (audible === undefined || audible.has(keyOf(diagnostic))) findings.push(finding)
    else if (ruleOf(finding.rule)?.category === 'security') findings.push(silencedInCode(finding))
    else silenced += 1
  }
  return { findings, silenced }
}

function sized(diagnostic: Diagnostic, file: SnapshotFile, lines: TextLines): RawFinding | undefined {
  const code = diagnostic.code ?? ''
  const rule = ruleOf(code)
  if (rule === undefined)
    throw new Error(`ruff reported ${code || 'a diagnostic without a code'}, which was not asked for.`)
  const size = sizeOf(diagnostic, rule, file, sourceOf(diagnostic, lines))
  return size && { ...findingOf(diagnostic, code, file, lines), ...size }
}

function findingOf(diagnostic: Diagnostic, rule: string, file: SnapshotFile, lines: TextLines): RawFinding {
  const { start_location: start, end_location: end } = diagnostic
  const region = { startLine: start.row, startColumn: start.column, endLine: end.row, endColumn: end.column }
  const excerpt = lines.excerpt(region)
  return {
    rule,
    message: diagnostic.message,
    location: { kind: 'file', path: file.path, region },
    evidence: { snippet: ruleOf(rule)?.defect === 'hard-coded-credential' ? maskLiterals(excerpt) : excerpt },
  }
}

/** Generated code may not vouch for itself: a silenced security rule is reported all the same, and says so. */
function silencedInCode(finding: RawFinding): RawFinding {
  return {
    ...finding,
    message: `${finding.message} (silenced by a comment in the code)`,
    evidence: { ...finding.evidence, facts: { silenced: true } },
  }
}

function sourceOf(diagnostic: Diagnostic, lines: TextLines): string {
  const { start_location: start, end_location: end } = diagnostic
  if (start.row !== end.row) return lines.line(start.row).slice(start.column - 1)
  return lines.line(start.row).slice(start.column - 1, end.column - 1)
}

function maskLiterals(text: string): string {
  return text.replace(/(["'])([^"'\n]{4,})\1/g, (_, quote: string, value: string) => `${quote}${mask(value)}${quote}`)
}

function keyOf(diagnostic: Diagnostic): string {
  return `${diagnostic.code}:${diagnostic.start_location.row}:${diagnostic.start_location.column}`
}
