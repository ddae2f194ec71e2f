import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import type { RawFinding, Region } from '#bench/findings'
import type { AnalysisContext, AnalysisResult, Coverage } from '../contract.ts'
import { textLines } from '../excerpt.ts'
import { addresses } from './addresses.ts'
import { assignments } from './assignments.ts'
import type { Candidate } from './candidate.ts'
import { mask } from './credential.ts'
import { isSubject } from './files.ts'
import { judge, settingOf } from './judge.ts'
import { secretlint } from './secretlint.ts'
import { shaped } from './shapes.ts'

/** Bytes of a file that are searched. */
const maximalSize = 1024 * 1024

/** Searches every file by form and by name. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
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
