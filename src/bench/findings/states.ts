import type { Finding, FindingState } from './finding.ts'

/**
 * What a new study says of a defect. `unmeasured`: at least one analyzer that had seen it was not run, did not finish, or
 * could not read the file, so its absence proves nothing.
 */
export type Observation = 'seen' | 'gone' | 'unmeasured'

/** How the analyses of one app in the new study ended. */
export interface NewAnalysis {
  readonly analyzer: string
  readonly outcome: 'completed' | 'not_applicable' | 'error' | 'timed_out' | 'cancelled'
  /** Paths the analyzer could not read (fully). */
  readonly gaps?: readonly string[]
}

/**
 * The state after a study. A defect that comes back after having been fixed is `regressed`; what a person decided
 * (`accepted`, `false_positive`) stays until a person reopens it.
 *
 * @param previous undefined for a defect not known before
 * @returns undefined for a defect that is neither known nor seen
 */
export function nextState(previous: FindingState | undefined, observation: Observation): FindingState | undefined {
  if (previous === 'accepted' || previous === 'false_positive') return previous
  if (observation === 'unmeasured') return previous
  if (observation === 'gone') return previous === undefined ? undefined : 'fixed'
  if (previous === 'fixed' || previous === 'regressed') return 'regressed'
  return 'open'
}

/**
 * What a study says of a known defect of an app.
 *
 * @param known the finding as it was last seen
 * @param seen the fingerprints found in the new study
 * @param analyses all analyses of the app in the new study; with repeats, one completed analysis is enough
 */
export function observe(
  known: Pick<Finding, 'fingerprint' | 'witnesses' | 'location'>,
  seen: ReadonlySet<string>,
  analyses: readonly NewAnalysis[],
): Observation {
  if (seen.has(known.fingerprint)) return 'seen'
  const path = known.location.kind === 'file' ? known.location.path : undefined
  const measured = (analyzer: string): boolean =>
    analyses.some(
      (one) =>
        one.analyzer === analyzer &&
        (one.outcome === 'completed' || one.outcome === 'not_applicable') &&
        (path === undefined || one.gaps?.includes(path) !== true),
    )
  return known.witnesses.every(({ analyzer }) => measured(analyzer)) ? 'gone' : 'unmeasured'
}
