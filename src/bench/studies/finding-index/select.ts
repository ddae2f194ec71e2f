import { confidenceRank, confidences } from '#bench/findings'
import { rankOf } from '../counts.ts'
import { fromCursor, type Places, sorts } from '../finding-order.ts'
import type { FindingFilter, FindingGroupsQuery, FindingsQuery } from '../finding-resources.ts'
import { type ColumnName, type FindingRows, type IndexedValue, idWords } from './rows.ts'
import { Smallest } from './smallest.ts'

/** Findings of one severity that share a property. A finding counts under each of several keys. */
export interface GroupedCount {
  readonly key: string | number | readonly string[] | null
  readonly severity: number
  readonly count: number
}

/** Where the findings of one page stand: any page costs the same, since none is reached by way of those before it. */
export function placesIn(rows: FindingRows, query: FindingsQuery): Places {
  const { column, direction } = sorts[query.sort]
  const cursor = query.cursor === undefined ? undefined : fromCursor(query.cursor, query.sort)
  const { codes, values } = rows.column(column)
  const { numbers } = codes
  const ranks = values.ranks()
  const rank = (row: number): number => ranks[numbers[row] ?? 0] ?? 0
  const sign = direction === 'asc' ? 1 : -1
  const compare = (a: number, b: number): number => sign * (rank(a) - rank(b) || rows.compareIds(a, b))
  const matching = matchingRows(rows, query)
  const page = new Smallest(query.limit + 1, compare)
  if (cursor === undefined) for (const row of matching) page.add(row)
  else {
    const last = { rank: values.rankOf(cursor.value), id: idWords(cursor.id) }
    for (const row of matching) if (sign * (rank(row) - last.rank || rows.compareId(row, last.id)) > 0) page.add(row)
  }
  const places = page.inOrder().map((row) => ({ id: rows.id(row), value: values.value(numbers[row] ?? 0) ?? '' }))
  return { places, total: matching.length }
}

/** The column a grouping goes by. */
const groupings: Readonly<Record<FindingGroupsQuery['by'], ColumnName>> = {
  rule: 'rule',
  model: 'model',
  app: 'app_name',
  cwe: 'cwe',
  owasp: 'owasp',
  severity: 'severity',
  analyzer: 'analyzers',
  state: 'state',
  provenance: 'provenance',
  confidence: 'confidence',
}

/** The findings that match, counted by a property and by severity. */
export function groupRows(rows: FindingRows, query: FindingGroupsQuery): readonly GroupedCount[] {
  return countPairs(rows, matchingRows(rows, query), groupings[query.by], 'severity').map(
    ([value, severity, count]) => ({
      key:
        query.by === 'analyzer' ? list<string>(value) : query.by === 'cwe' ? (list<number>(value)[0] ?? null) : value,
      severity: Number(severity),
      count,
    }),
  )
}

/** Findings of a study of one severity. */
export interface StudyCount {
  readonly study_id: string
  readonly severity: number
  /** See `isCounted`. */
  readonly counted: boolean
  readonly count: number
}

export function countsOfStudies(rows: FindingRows, studies: readonly string[]): readonly StudyCount[] {
  const own = narrow(rows, rows.all(), 'study_id', (study) => studies.includes(String(study)))
  return confidences.flatMap((_, confidence) =>
    countPairs(
      rows,
      narrow(rows, own.slice(), 'confidence', (value) => value === confidence),
      'study_id',
      'severity',
    ).map(([study, severity, count]) => ({
      study_id: String(study),
      severity: Number(severity),
      counted: isCountedRank(confidence),
      count,
    })),
  )
}

/** How many of the rows have each two values of two columns. */
function countPairs(
  rows: FindingRows,
  among: Uint32Array,
  one: ColumnName,
  other: ColumnName,
): readonly (readonly [IndexedValue, IndexedValue, number])[] {
  const [first, second] = [rows.column(one), rows.column(other)]
  const [firstCodes, secondCodes] = [first.codes.numbers, second.codes.numbers]
  const width = second.values.size
  const counts = new Uint32Array(first.values.size * width)
  for (const row of among) {
    const pair = (firstCodes[row] ?? 0) * width + (secondCodes[row] ?? 0)
    counts[pair] = (counts[pair] ?? 0) + 1
  }
  const pairs: [IndexedValue, IndexedValue, number][] = []
  for (const [pair, count] of counts.entries()) {
    if (count > 0) pairs.push([first.values.value(Math.floor(pair / width)), second.values.value(pair % width), count])
  }
  return pairs
}

/** The rows of the findings that match, in no order: what `conditions` asks of the database. */
function matchingRows(rows: FindingRows, query: FindingFilter): Uint32Array {
  let matching = rows.all()
  const keep = (name: ColumnName, test: (value: IndexedValue) => boolean): void => {
    matching = narrow(rows, matching, name, test)
  }
  const equal = (name: ColumnName, wanted: IndexedValue | undefined): void => {
    if (wanted !== undefined) keep(name, (value) => value === wanted)
  }
  const oneOf = (name: ColumnName, wanted: readonly IndexedValue[] | undefined): void => {
    if (wanted !== undefined) keep(name, (value) => wanted.includes(value))
  }
  const { analyzer, cwe } = query
  equal('study_id', query.study?.toLowerCase())
  equal('app_id', query.app?.toLowerCase())
  equal('model', query.model)
  oneOf('severity', query.severity?.map(rankOf))
  if (analyzer !== undefined) keep('analyzers', (value) => list<string>(value).includes(analyzer))
  equal('rule', query.rule)
  if (cwe !== undefined) keep('cwe', (value) => list<number>(value).includes(cwe))
  equal('owasp', query.owasp)
  oneOf('state', query.state)
  oneOf('provenance', query.provenance)
  if (query.confidence === undefined) keep('confidence', isCountedRank)
  else oneOf('confidence', query.confidence.map(confidenceRank))
  oneOf('category', query.category)
  const [path, text] = [query.path?.toLowerCase(), query.q?.toLowerCase()]
  if (path !== undefined) keep('folded', (value) => String(value).includes(path))
  // Last, since it is asked of as many different texts as there are rows left.
  if (text !== undefined) keep('haystack', (value) => String(value).includes(text))
  return matching
}

/** As `isCounted` has it. */
function isCountedRank(confidence: IndexedValue): boolean {
  return Number(confidence) < confidenceRank('low')
}

const [unknown, passes, fails] = [0, 1, 2]

/** The rows whose value passes; each value is tested once. */
function narrow(
  rows: FindingRows,
  among: Uint32Array,
  name: ColumnName,
  test: (value: IndexedValue) => boolean,
): Uint32Array {
  const { codes, values } = rows.column(name)
  const { numbers } = codes
  const verdicts = new Uint8Array(values.size)
  let count = 0
  for (const row of among) {
    const code = numbers[row] ?? 0
    if (verdicts[code] === unknown) verdicts[code] = test(values.value(code)) ? passes : fails
    // In place: never further than has been read.
    if (verdicts[code] === passes) among[count++] = row
  }
  return among.subarray(0, count)
}

/** A list as it is kept in a column. */
function list<Item>(value: IndexedValue): readonly Item[] {
  return JSON.parse(String(value))
}
