import { type FindingsQuery, type GroupBy, groupBys } from '../api/findings.ts'
import {
  type Category,
  type Confidence,
  categories,
  confidences,
  type FindingState,
  findingStates,
  type Provenance,
  provenances,
  type Severity,
  severities,
} from '../api/types.ts'
import { choice, choiceList, text } from './urlSearch.ts'

/** The first is what the API does unasked. */
export const sorts = ['-severity', 'severity', 'path', 'rule', 'app'] as const
export type Sort = (typeof sorts)[number]

/** The confidence of findings that count: what the API lists unasked. */
export const counted: readonly Confidence[] = ['high', 'medium']

/** What a list of findings is narrowed to; exactly what stands in the address. */
export interface FindingFilters {
  readonly study?: string
  readonly severity?: readonly Severity[]
  readonly analyzer?: string
  readonly category?: readonly Category[]
  readonly model?: string
  readonly app?: string
  readonly state?: readonly FindingState[]
  readonly provenance?: readonly Provenance[]
  /** Without it high and medium. */
  readonly confidence?: readonly Confidence[]
  readonly cwe?: number
  readonly owasp?: string
  readonly rule?: string
  readonly path?: string
  readonly q?: string
  readonly sort?: Sort
  /** Shows groups instead of rows. */
  readonly by?: GroupBy
}

/** Reads filters out of an address (or of values already parsed). What is not understood is left out. */
export const parseFindingFilters = (search: Record<string, unknown>): FindingFilters =>
  compact({
    study: text(search['study']),
    severity: choiceList(search['severity'], severities),
    analyzer: text(search['analyzer']),
    category: choiceList(search['category'], categories),
    model: text(search['model']),
    app: text(search['app']),
    state: choiceList(search['state'], findingStates),
    provenance: choiceList(search['provenance'], provenances),
    confidence: unlessCounted(choiceList(search['confidence'], confidences)),
    cwe: cweNumber(search['cwe']),
    owasp: text(search['owasp']),
    rule: text(search['rule']),
    path: text(search['path']),
    q: text(search['q']),
    sort: choice(search['sort'], sorts),
    by: choice(search['by'], groupBys),
  })

/** The filters as the API takes them: lists joined by commas, without the grouping, which is another address. */
export const findingsQueryOf = ({
  by: _by,
  severity,
  category,
  state,
  provenance,
  confidence,
  ...rest
}: FindingFilters): FindingsQuery => ({
  ...rest,
  ...(severity ? { severity: severity.join(',') } : {}),
  ...(category ? { category: category.join(',') } : {}),
  ...(state ? { state: state.join(',') } : {}),
  ...(provenance ? { provenance: provenance.join(',') } : {}),
  ...(confidence ? { confidence: confidence.join(',') } : {}),
})

/** Filters narrowed to one group. */
export const narrowTo = (filters: FindingFilters, by: GroupBy, key: string): FindingFilters => {
  const { by: _by, ...rest } = filters
  return parseFindingFilters({ ...rest, [by]: key })
}

const notFilters: ReadonlySet<string> = new Set(['sort', 'by', 'study'])

/** How many filters are set besides order, grouping and the study. */
export const activeFilters = (filters: FindingFilters): number =>
  Object.keys(filters).filter((key) => !notFilters.has(key)).length

/** What counts is shown unasked: asking for exactly that is no filter. */
const unlessCounted = (confidence: readonly Confidence[] | undefined): readonly Confidence[] | undefined =>
  confidence?.join() === counted.join() ? undefined : confidence

/** Takes `89` and `CWE-89`. */
const cweNumber = (value: unknown): number | undefined => {
  const digits = /^(?:CWE-)?(\d{1,5})$/i.exec(String(value))?.[1]
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits)
}

/** Leaves undefined keys out, so that equal filters are equal objects and addresses. */
const compact = (values: { [K in keyof FindingFilters]: FindingFilters[K] | undefined }): FindingFilters =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
