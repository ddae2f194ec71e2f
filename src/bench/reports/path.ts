import type { PathStep } from '#bench/findings'
import { pathInReport, type Report, type ReportFinding } from './report.ts'

/** Places of a path that are written out; of a longer one the first three and the last two. */
const longest = 6
const atStart = 3
const atEnd = 2

/**
 * The lines a finding's path comes through, from source to sink: `app.py:6`, `app.py:7`, `store.py:4`. Steps in the same
 * line are one, and what lies between in a long path is counted: `… 9 more …`. Empty for findings without a path, and
 * for those whose path stays in one line.
 */
export function pathPlaces(report: Pick<Report, 'kind'>, finding: ReportFinding): readonly string[] {
  const places: string[] = []
  for (const { location } of finding.evidence.path ?? []) {
    const place = lineOf(report, finding.app, location)
    if (place !== places.at(-1)) places.push(place)
  }
  if (places.length < 2) return []
  if (places.length <= longest) return places
  const between = places.length - atStart - atEnd
  return [...places.slice(0, atStart), `… ${between} more …`, ...places.slice(-atEnd)]
}

function lineOf(report: Pick<Report, 'kind'>, app: string, location: PathStep['location']): string {
  if (location.kind === 'endpoint') return `${location.method} ${location.url}`
  const line = location.region === undefined ? '' : `:${location.region.startLine}`
  return `${pathInReport(report, app, location.path)}${line}`
}
