import { Codes } from './codes.ts'
import { Dictionary } from './dictionary.ts'

/** What the index keeps of a finding beside its id. `folded` is the path in lower case; `analyzers` and `cwe` are JSON. */
export const columns = [
  'study_id',
  'app_id',
  'app_name',
  'model',
  'severity',
  'category',
  'rule',
  'analyzers',
  'cwe',
  'owasp',
  'path',
  'folded',
  'state',
  'provenance',
  'confidence',
  'haystack',
] as const
export type ColumnName = (typeof columns)[number]
export type IndexedValue = string | number | null

/** A finding as it is read for the index. */
export type IndexedRow = Readonly<Record<ColumnName, IndexedValue>> & { readonly id: string }

/** Codes by row, and what they stand for. */
export interface Column {
  readonly codes: Codes
  readonly values: Dictionary<IndexedValue>
}

/** The findings of one app in one study: they are written, and brought up to date here, together. */
export interface Part {
  readonly study_id: string
  readonly app_id: string
}

/** The findings of a workspace, column by column. A row is a number; those of findings that are gone are given again. */
export class FindingRows {
  readonly #columns: Readonly<Record<ColumnName, Column>>
  /** By row: 1 where there is a finding. */
  readonly #present = new Codes()
  /** Four words to a row, the first the most significant. */
  #ids = new Uint32Array(1024)
  /** Rows by part. */
  readonly #parts = new Map<string, number[]>()
  readonly #free: number[] = []
  #end = 0

  constructor() {
    const column = (): Column => ({ codes: new Codes(), values: new Dictionary() })
    this.#columns = {
      study_id: column(),
      app_id: column(),
      app_name: column(),
      model: column(),
      severity: column(),
      category: column(),
      rule: column(),
      analyzers: column(),
      cwe: column(),
      owasp: column(),
      path: column(),
      folded: column(),
      state: column(),
      provenance: column(),
      confidence: column(),
      haystack: column(),
    }
  }

  /** How many findings there are. */
  get size(): number {
    return this.#end - this.#free.length
  }

  /** How many findings the parts have, taking new ones for as large as most. */
  sizeOf(parts: readonly Part[]): number {
    const usual = this.size / Math.max(1, this.#parts.size)
    return parts.reduce((sum, part) => sum + (this.#parts.get(keyOf(part))?.length ?? usual), 0)
  }

  column(name: ColumnName): Column {
    return this.#columns[name]
  }

  /** The rows of all findings, in no order. */
  all(): Uint32Array {
    const rows = new Uint32Array(this.size)
    const present = this.#present.numbers
    let count = 0
    for (let row = 0; row < this.#end; row += 1) if (present[row] === 1) rows[count++] = row
    return rows
  }

  add(finding: IndexedRow): void {
    const row = this.#free.pop() ?? this.#end++
    for (const name of columns) {
      const { codes, values } = this.#columns[name]
      codes.set(row, values.take(finding[name]))
    }
    this.#present.set(row, 1)
    if (this.#ids.length < 4 * (row + 1)) {
      const ids = new Uint32Array(6 * (row + 1))
      ids.set(this.#ids)
      this.#ids = ids
    }
    this.#ids.set(idWords(finding.id), 4 * row)
    const key = keyOf(finding)
    const part = this.#parts.get(key)
    if (part === undefined) this.#parts.set(key, [row])
    else part.push(row)
  }

  /** Puts findings in the place of all that the parts had. */
  replace(parts: readonly Part[], findings: readonly IndexedRow[]): void {
    const before = parts.flatMap((part) => {
      const key = keyOf(part)
      const rows = this.#parts.get(key) ?? []
      this.#parts.delete(key)
      return rows
    })
    // First the new ones: what both have keeps its code, and its rank.
    for (const finding of findings) this.add(finding)
    for (const row of before) this.#remove(row)
  }

  #remove(row: number): void {
    for (const name of columns) {
      const { codes, values } = this.#columns[name]
      values.release(codes.numbers[row] ?? 0)
    }
    this.#present.set(row, 0)
    this.#free.push(row)
  }

  id(row: number): string {
    const hex = [0, 1, 2, 3].map((word) => (this.#ids[4 * row + word] ?? 0).toString(16).padStart(8, '0')).join('')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  /** Below 0 where the id of the first comes first. */
  compareIds(a: number, b: number): number {
    const ids = this.#ids
    for (let word = 0; word < 4; word += 1) {
      const difference = (ids[4 * a + word] ?? 0) - (ids[4 * b + word] ?? 0)
      if (difference !== 0) return difference
    }
    return 0
  }

  /** As {@link compareIds}, with an id as {@link idWords} has it. */
  compareId(row: number, id: readonly number[]): number {
    for (let word = 0; word < 4; word += 1) {
      const difference = (this.#ids[4 * row + word] ?? 0) - (id[word] ?? 0)
      if (difference !== 0) return difference
    }
    return 0
  }
}

/** The 128 bits of a UUID, the most significant first: compared in this order, as PostgreSQL does. */
export function idWords(id: string): readonly number[] {
  const hex = id.replaceAll('-', '')
  return [0, 8, 16, 24].map((from) => Number.parseInt(hex.slice(from, from + 8), 16))
}

function keyOf({ study_id, app_id }: Pick<IndexedRow, 'study_id' | 'app_id'>): string {
  return `${study_id} ${app_id}`
}
