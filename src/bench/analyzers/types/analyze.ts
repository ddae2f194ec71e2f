import { join } from 'node:path'
import type { AppSnapshot, SnapshotFile } from '#bench/apps'
import type { RawFinding, Region } from '#bench/findings'
import type { AnalysisContext, AnalysisResult, Check } from '../contract.ts'
import { textLines } from '../excerpt.ts'
import { typescriptProjects } from './compiler-options.ts'
import type { Complaint } from './complaint.ts'
import { isPython, isTypeScript } from './files.ts'
import { pyright } from './pyright.ts'
import { sizeOf } from './sizing.ts'
import { tsc } from './tsc.ts'
import { type WorkingCopy, workingCopy } from './working-copy.ts'

interface Part {
  readonly findings: readonly RawFinding[]
  readonly gaps: ReadonlyMap<string, string>
  readonly total: number
  readonly check: Check
}

/** Lets pyright and tsc check copies of the app's files. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const { scratch, signal } = context
  const python = await part('python', 'Python', app, app.files.filter(isPython), context, (copy) =>
    pyright(copy, scratch, signal),
  )
  const typescript = await part(
    'typescript',
    'TypeScript',
    app,
    app.files.filter(isTypeScript),
    context,
    async (copy) => tsc(copy, await typescriptProjects(app), signal),
  )
  const gaps = [...python.gaps, ...typescript.gaps].map(([path, reason]) => ({ path, reason }))
  const total = python.total + typescript.total
  return {
    findings: [...python.findings, ...typescript.findings],
    metrics: {},
    coverage: { analysed: total - gaps.length, total, gaps },
    checks: [python.check, typescript.check],
  }
}

async function part(
  id: string,
  language: string,
  app: AppSnapshot,
  files: readonly SnapshotFile[],
  context: AnalysisContext,
  checker: (copy: WorkingCopy) => Promise<readonly Complaint[]>,
): Promise<Part> {
  const title = `${language} types checked`
  // Generated files tell others what they export, and are judged by nobody.
  const own = files.filter(({ role }) => role !== 'generated')
  if (own.length === 0) {
    const check = { id, title, outcome: 'not_applicable', reason: `no ${language} files` } as const
    return { findings: [], gaps: new Map(), total: 0, check }
  }
  const copy = await workingCopy(app, files, join(context.scratch, id), context.signal)
  const complaints = copy.byPath.size === 0 ? [] : await checker(copy)
  const judged = new Set(own.map(({ path }) => path))
  const gaps = new Map([...copy.gaps].filter(([path]) => judged.has(path)))
  const findings: RawFinding[] = []
  const unread = new Set(complaints.filter(({ rule }) => rule === undefined).map(({ path }) => path))
  for (const complaint of complaints) {
    const file = copy.byPath.get(complaint.path)
    if (file === undefined) throw new Error(`${complaint.path} was reported, but not given.`)
    if (!judged.has(file.original.path)) continue
    if (complaint.rule === undefined) gaps.set(file.original.path, `cannot be followed: ${complaint.message}`)
    // What a checker makes of a broken file is guesswork, and of names from a star import it knows nothing.
    else if (
      !unread.has(complaint.path) &&
      !isFromStar(complaint.rule, file.text) &&
      !isUnresolved(complaint, file.text)
    ) {
      const size = sizeOf(complaint.rule, complaint.message)
      if (size !== undefined)
        findings.push({ ...findingOf(complaint, complaint.rule, file.original.path, file.text), ...size })
    }
  }
  return { findings, gaps, total: own.length, check: { id, title, outcome: 'pass' } }
}

function isFromStar(rule: string, text: string): boolean {
  return rule === 'reportUndefinedVariable' && /^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t]*\*/m.test(text)
}

/** Without an app's dependencies their types are unknown; only of what is caught is that the truth. */
function isUnresolved({ rule, message }: Complaint, text: string): boolean {
  if (rule !== 'TS18046') return false
  const name = /^'([\w$]+)/.exec(message)?.[1] ?? ''
  return !new RegExp(`\\bcatch\\s*\\(\\s*${name.replaceAll('$', '\\$')}\\b`).test(text)
}

function findingOf(complaint: Complaint, rule: string, path: string, text: string): RawFinding {
  const lines = textLines(text)
  const region = withEnd(complaint.region, lines.line(complaint.region.startLine))
  return {
    rule,
    message: complaint.message,
    location: { kind: 'file', path, region },
    evidence: { snippet: lines.excerpt(region) },
  }
}

/** tsc says where a thing begins: it ends with its word. */
function withEnd(region: Region, line: string): Region {
  if (region.endLine !== undefined || region.startColumn === undefined) return region
  const word = /^[\w$]+/.exec(line.slice(region.startColumn - 1))?.[0] ?? ''
  return { ...region, endLine: region.startLine, endColumn: region.startColumn + Math.max(word.length, 1) }
}
