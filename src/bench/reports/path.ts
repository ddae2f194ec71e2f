import type { PathStep } from '#bench/findings'
import { pathInReport, type Report, type ReportFinding } from './report.ts'

/** Places of a path that are written out; of a longer one the first three and the last two. */
const longest = 6
const atStart = 3
const atEnd = 2

/**
 * The lines a finding's path comes through, from source to sink: `app.py:6`, `:7`, `store.py:4`; a file is named where the
 * path enters it. Steps in the same line are one, and what lies between in a long path is counted: `… 9 more …`. Empty for
 * findings without a path, and for those whose path stays in one line.
 */
export function pathPlaces(report: Pick<Report, 'kind'>, finding: ReportFinding): readonly string[] {
  const places: Place[] = []
  for (const { location } of finding.evidence.path ?? []) {
    const place = placeOf(report, finding.app, location)
    const last = places.at(-1)
    if (place.file !== last?.file || place.line !== last.line) places.push(place)
  }
  if (places.length < 2) return []
  if (places.length <= longest) return written(places)
  const between = places.length - atStart - atEnd
  return [...written(places.slice(0, atStart)), `… ${between} more …`, ...written(places.slice(-atEnd))]
}

interface Place {
  readonly file: string
  /** `:6`; empty where it is not known. */
  readonly line: string
}

function placeOf(report: Pick<Report, 'kind'>, app: string, location: PathStep['location']): Place {
  if (location.kind === 'endpoint') return { file: `${location.method} ${location.url}`, line: '' }
  const line = location.region === undefined ? '' : `:${location.region.startLine}`
  return { file: pathInReport(report, app, location.path), line }
}

function written(places: readonly Place[]): string[] {
  return places.map(({ file, line }, at) => (line !== '' && places[at - 1]?.file === file ? line : `${file}${line}`))
}
