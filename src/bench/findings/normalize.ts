import { type CodeContext, codeContexts, lineStarts } from './code-context.ts'
import { UnknownRule } from './errors.ts'
import type { Evidence, Finding, Location, RawFinding, Region, Rule, Severity } from './finding.ts'
import { holdsSecret, identityOf, numberOccurrences } from './fingerprint.ts'
import { owaspOf } from './owasp.ts'
import { atLeast } from './severity.ts'

/** What this room needs to know of an analyzer. */
export interface FindingSource {
  readonly id: string
  readonly version: string
  rule(id: string): Rule | undefined
}

/** The decoded text of a file of the app, or undefined when there is none (missing, binary). */
export type ReadSource = (path: string) => string | undefined

/**
 * What one analysis reported, as findings: rule facts filled in, regions clamped into the file, snippets cut,
 * fingerprinted; in the order of their places. Provenance is `model` until {@link withProvenance} says otherwise.
 *
 * @throws UnknownRule when the analyzer's catalogue lacks a reported rule
 */
export function toFindings(
  analyzer: FindingSource,
  result: { readonly findings: readonly RawFinding[] },
  readText: ReadSource,
): Finding[] {
  const files = new Map<string, SourceFile | undefined>()
  const fileOf = (path: string): SourceFile | undefined => {
    if (!files.has(path)) files.set(path, sourceFile(path, readText(path)))
    return files.get(path)
  }
  return numberOccurrences(result.findings.map((raw) => toFinding(analyzer, raw, fileOf)))
}

function toFinding(
  analyzer: FindingSource,
  raw: RawFinding,
  fileOf: (path: string) => SourceFile | undefined,
): Finding {
  const rule = analyzer.rule(raw.rule)
  if (rule === undefined) {
    throw new UnknownRule(
      `The analyzer ${analyzer.id} reported the rule ${raw.rule}, which its catalogue does not have.`,
    )
  }
  const file = raw.location.kind === 'file' ? fileOf(raw.location.path) : undefined
  const location = clamped(raw.location, file)
  const region = location.kind === 'file' ? location.region : undefined
  const context = (region && file?.contextOf(region)) ?? noContext
  const cwe = [...(rule.cwe ?? [])]
  const owasp = rule.category === 'security' ? owaspOf(cwe) : undefined
  return {
    fingerprint: identityOf(analyzer.id, rule, raw, context),
    ...(rule.defect && { defect: rule.defect }),
    rule: `${analyzer.id}/${rule.id}`,
    title: rule.title,
    category: rule.category,
    severity: weighed(raw.severity ?? rule.severity, rule, raw.location),
    confidence: raw.confidence ?? rule.confidence,
    cwe,
    ...(owasp && { owasp }),
    location,
    message: raw.message,
    why: rule.why,
    fix: raw.fix ?? rule.fix,
    ...(rule.help && { help: rule.help }),
    evidence: evidenceOf(raw, rule, region, file),
    witnesses: [{ analyzer: analyzer.id, version: analyzer.version, rule: rule.id }],
    provenance: 'model',
  }
}

/** Folders whose code is read, measured or tried out, but not what users of the app reach. */
const aside =
  /(?:^|\/)(?:examples?|samples?|demos?|bench(?:marks?)?|perf|playgrounds?|test[-_]?utils?|tests?|__tests__|__mocks__|spec|e2e|fixtures)\//i
/** A key is a key, and a missing package missing, wherever it stands. */
const sameEverywhere: ReadonlySet<Rule['defect']> = new Set([
  'hard-coded-credential',
  'container-secret',
  'vulnerable-dependency',
  'nonexistent-package',
])

/** Code beside the app harms nobody who uses it: at most `low` there. */
function weighed(severity: Severity, rule: Rule, location: Location): Severity {
  if (location.kind !== 'file' || !aside.test(location.path) || sameEverywhere.has(rule.defect)) return severity
  return atLeast(severity, 'medium') ? 'low' : severity
}

const noContext: CodeContext = { tokens: [], enclosing: '' }

interface SourceFile {
  readonly lines: readonly string[]
  contextOf(region: Region): CodeContext
}

function sourceFile(path: string, text: string | undefined): SourceFile | undefined {
  if (text === undefined) return undefined
  const starts = lineStarts(text)
  return {
    lines: starts.map((start, at) => text.slice(start, starts[at + 1]).replace(/[\r\n]+$/, '')),
    contextOf: codeContexts(path, text),
  }
}

/** Keeps a region inside its file: tools count past the last line, or report an end before the start. */
function clamped(location: Location, file: SourceFile | undefined): Location {
  if (location.kind === 'endpoint' || location.region === undefined || file === undefined) return location
  const { region } = location
  const startLine = Math.min(region.startLine, file.lines.length)
  const moved = startLine !== region.startLine
  const startColumn = moved ? undefined : clampColumn(region.startColumn, file.lines[startLine - 1])
  const lastLine = Math.min(region.endLine ?? startLine, file.lines.length)
  const endLine = region.endLine === undefined || lastLine < startLine ? undefined : lastLine
  const endMoved = moved || lastLine < startLine || (region.endLine ?? startLine) !== lastLine
  const endColumn = endMoved ? undefined : clampColumn(region.endColumn, file.lines[lastLine - 1])
  const empty = endColumn !== undefined && lastLine === startLine && endColumn <= (startColumn ?? 1)
  return {
    ...location,
    region: {
      startLine,
      ...(startColumn !== undefined && { startColumn }),
      ...(endLine !== undefined && { endLine }),
      ...(endColumn !== undefined && !empty && { endColumn }),
    },
  }
}

function clampColumn(column: number | undefined, line = ''): number | undefined {
  return column === undefined ? undefined : Math.min(column, line.length + 1)
}

/** Lines and characters of a snippet; more is read in the code view. */
const snippetLines = 5
const snippetWidth = 240

function evidenceOf(raw: RawFinding, rule: Rule, region: Region | undefined, file: SourceFile | undefined): Evidence {
  const given = raw.evidence ?? {}
  if (given.snippet !== undefined || region === undefined || file === undefined) return given
  const end = Math.min(region.endLine ?? region.startLine, region.startLine + snippetLines - 1)
  const lines = file.lines.slice(region.startLine - 1, end).map((line) => line.slice(0, snippetWidth))
  const snippet = lines.join('\n')
  return { ...given, snippet: holdsSecret(rule) ? masked(snippet) : snippet }
}

/** Hides every literal and assigned value: the analyzer did not say which part is the secret. */
function masked(snippet: string): string {
  return snippet
    .split('\n')
    .map((line) => {
      const hidden = line.replace(/(["'`])(?:\\.|(?!\1)[^\\])*\1?/g, '$1****$1')
      return hidden.includes('****')
        ? hidden
        : hidden.replace(/^([^=:]*[=:]\s*)\S.*$/, '$1****').replace(/^[^=:]+$/, '****')
    })
    .join('\n')
}
