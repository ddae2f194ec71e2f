export { type Baseline, baselineSchema, newSince, parseBaseline, toBaseline } from './baseline.ts'
export { type Defect, defects } from './defects.ts'
export * from './errors.ts'
export * from './finding.ts'
export { urlPattern } from './fingerprint.ts'
export { bySeverity, mergeFindings } from './merge.ts'
export { type FindingSource, type ReadSource, toFindings } from './normalize.ts'
export { cweName, owaspName, owaspOf } from './owasp.ts'
export { type OwaspCategory, owaspTop10 } from './owasp-table.ts'
export { handlerMessage } from './proofs.ts'
export {
  type ComparedApp,
  type FindingContext,
  type Scaffold,
  type ScaffoldIndex,
  scaffoldIndex,
  withProvenance,
} from './provenance.ts'
export { type SarifAnalysis, type SarifInput, toSarif } from './sarif.ts'
export type { SarifLog } from './sarif-format.ts'
export { fromSarif, type SarifReport } from './sarif-in.ts'
export * from './severity.ts'
export { type NewAnalysis, nextState, type Observation, observe } from './states.ts'
