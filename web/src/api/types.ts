import type { components } from './client.gen.ts'

/**
 * The words and shapes of the API as the screens use them. Shapes come from the generated client; the lists below are
 * what a screen must be able to walk through, checked against the shapes by the compiler.
 */
export type {
  Analysis,
  AnalysisEvent,
  Analyzer,
  App,
  AppContent,
  AppDetail,
  AppFile,
  AuditEntry,
  Cell,
  Comparison,
  ImportResult,
  IssuedKey,
  Key,
  Matrix,
  Member,
  NewKey,
  NewMember,
  NewStudy,
  OutcomeCounts,
  Progress,
  Session,
  SeverityCounts,
  Study,
  StudyEvent,
  System,
} from './client.gen.ts'

type Schemas = components['schemas']

/** A shape as the library behind the client types it in answers: tuples are lists. */
type Answered<T> = T extends (infer Item)[]
  ? Answered<Item>[]
  : T extends object
    ? { [Key in keyof T]: Answered<T[Key]> }
    : T
export type Finding = Answered<Schemas['Finding']>
export type FindingDetail = Answered<Schemas['FindingDetail']>

export type Severity = Schemas['Finding']['severity']
export type Outcome = keyof Schemas['OutcomeCounts']
export type FindingState = Schemas['Finding']['state']
export type Provenance = Schemas['Finding']['provenance']
export type Category = Schemas['Finding']['category']
export type Confidence = Schemas['Finding']['confidence']
export type PathStep = NonNullable<Schemas['Finding']['evidence']['path']>[number]
export type Place = Schemas['Finding']['location']
export type Role = Schemas['Member']['role']
export type TriageState = Schemas['Triage']['state']
export type FindingGroup = Schemas['FindingGroups']['items'][number]
export type MatrixRow = Schemas['Matrix']['rows'][number]
export type MatrixColumn = Schemas['Matrix']['analyzers'][number]
export type ModelSummary = Schemas['Comparison']['models'][number]
export type Difference = Schemas['Comparison']['differences'][number]
export type DensityMetric = keyof ModelSummary['perKloc']
export type Interval = ModelSummary['perKloc']['total']

/** From worst to least. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const satisfies readonly Severity[]
export const outcomes = [
  'completed',
  'not_applicable',
  'error',
  'timed_out',
  'cancelled',
] as const satisfies readonly Outcome[]
export const findingStates = [
  'open',
  'regressed',
  'fixed',
  'accepted',
  'false_positive',
] as const satisfies readonly FindingState[]
export const provenances = ['model', 'scaffold', 'dependency'] as const satisfies readonly Provenance[]
export const categories = [
  'security',
  'quality',
  'conformance',
  'performance',
  'accessibility',
  'review',
] as const satisfies readonly Category[]
/** From most to least. */
export const confidences = ['high', 'medium', 'low'] as const satisfies readonly Confidence[]
/** From least to most. */
export const roles = ['viewer', 'analyst', 'admin'] as const satisfies readonly Role[]
export const triageStates = ['accepted', 'false_positive', 'open'] as const satisfies readonly TriageState[]
export const densityMetrics = ['total', ...severities] as const satisfies readonly DensityMetric[]
