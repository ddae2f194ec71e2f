import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import type { RawFinding, Region } from '#bench/findings'
import type { AnalysisContext, AnalysisResult, Analyzer, Coverage } from '../contract.ts'
import { textLines } from '../excerpt.ts'
import { installedTool } from '../installed-tool.ts'
import { addresses } from './addresses.ts'
import { assignments } from './assignments.ts'
import type { Candidate } from './candidate.ts'
import { mask } from './credential.ts'
import { judge, settingOf } from './judge.ts'
import { ruleOf } from './rules.ts'
import { secretlint } from './secretlint.ts'
import { shaped } from './shapes.ts'

const revision = 1
/** Bytes of a file that are searched. */
const maximalSize = 1024 * 1024

/** Credentials in code and configuration, by form (secretlint and our own shapes) and by name and value. */
export const secrets: Analyzer = {
  id: 'secrets',
  version: `${revision}+secretlint-${installedTool('@secretlint/core')?.version ?? 'missing'}`,
  title: 'Secrets',
  description: 'Passwords, keys and tokens left in code and configuration, with secretlint and our own rules.',
  category: 'security',
  needs: {},
  canary: {
    files: { 'config.py': `DATABASE_URL = 'postgresql://shop:${'vR7t-Qm2x'}@db.internal.shop.test/shop'\n` },
    rule: 'password-in-address',
  },
  rule: ruleOf,
  applies(app) {
    return app.files.some(isSubject) ? { applies: true } : { applies: false, reason: 'no text files' }
  },
  analyze,
}

async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const files = app.files.filter(isSubject)
  const findings: RawFinding[] = []
  const gaps: Coverage['gaps'][number][] = []
  for (const file of files) {
    context.signal.throwIfAborted()
    if (file.size > maximalSize) gaps.push({ path: file.path, reason: 'larger than 1 MiB' })
    else findings.push(...(await search(await readText(app, file), file)))
  }
  return { findings, metrics: {}, coverage: { analysed: files.length - gaps.length, total: files.length, gaps } }
}

/** Lock files hold digests by the thousand, and vendored code is not the author's. */
function isSubject(file: SnapshotFile): boolean {
  return file.encoding !== undefined && file.role !== 'lock' && file.role !== 'vendored' && file.size > 0
}

async function search(text: string, file: SnapshotFile): Promise<RawFinding[]> {
  const byForm = [...(await secretlint(text, file.path)), ...shaped(text)]
  // In bundles and data, names say nothing.
  const byName = file.role === 'generated' || file.role === 'asset' ? [] : assignments(text, file.language)
  const setting = settingOf(file)
  const judged = withoutOverlaps([...byForm, ...addresses(text), ...byName]).flatMap((candidate) => {
    const verdict = judge(candidate, setting)
    return verdict === undefined ? [] : [{ candidate, verdict }]
  })
  if (judged.length === 0) return []
  const lines = textLines(text)
  const regions = judged.map(({ candidate }) => lines.region(candidate.start, candidate.end))
  const byLine = Map.groupBy(regions, ({ startLine }) => startLine)
  return judged.map(({ verdict }, index) => {
    const region = regions[index] ?? lines.region(0, 0)
    return {
      ...verdict,
      location: { kind: 'file', path: file.path, region },
      evidence: { snippet: maskedLine(lines.line(region.startLine), byLine.get(region.startLine) ?? []) },
    }
  })
}

/** Of candidates about the same characters, the one that knows most: they come in that order. */
function withoutOverlaps(candidates: readonly Candidate[]): Candidate[] {
  const ranked = candidates.map((candidate, rank) => ({ candidate, rank }))
  ranked.sort((a, b) => a.candidate.start - b.candidate.start || a.rank - b.rank)
  const kept: typeof ranked = []
  for (const next of ranked) {
    const last = kept.at(-1)
    if (last === undefined || next.candidate.start >= last.candidate.end) kept.push(next)
    else if (next.rank < last.rank) kept[kept.length - 1] = next
  }
  return kept.map(({ candidate }) => candidate)
}

/** A line with every secret that begins on it masked. */
function maskedLine(line: string, secretRegions: readonly Required<Region>[]): string {
  let masked = line
  for (const { startLine, startColumn, endLine, endColumn } of secretRegions.toReversed()) {
    const end = endLine === startLine ? endColumn - 1 : masked.length
    masked = masked.slice(0, startColumn - 1) + mask(masked.slice(startColumn - 1, end)) + masked.slice(end)
  }
  return textLines(masked).excerpt({ startLine: 1 })
}
