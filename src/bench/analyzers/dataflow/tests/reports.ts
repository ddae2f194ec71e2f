import type { PathStep } from '#bench/findings'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'
import type { Case } from '../suite/case.ts'

/**
 * Test support: whether the weakness of a case is reported. Of a safe one any finding of at least medium confidence counts; of a vulnerable
 * one its place, or a step of its path, has to be within a line of the sink.
 */
export async function reports(one: Case): Promise<boolean> {
  const { findings } = await analyzeFiles(dataflow, one.files)
  return findings.some((finding) => {
    const rule = dataflow.rule(finding.rule)
    if (rule?.defect !== one.weakness && rule?.cwe?.includes(one.cwe) !== true) return false
    if (one.sink === undefined) return finding.confidence !== 'low'
    const { sink } = one
    const places = [finding.location, ...(finding.evidence?.path ?? []).map(({ location }) => location)]
    return places.some((place) => isAt(place, sink))
  })
}

function isAt(place: PathStep['location'], sink: NonNullable<Case['sink']>): boolean {
  if (place.kind !== 'file' || place.path !== sink.path || place.region === undefined) return false
  return Math.abs(place.region.startLine - sink.line) <= 1
}
