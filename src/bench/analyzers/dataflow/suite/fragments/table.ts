import { type Defect, defects } from '#bench/findings'

/** One hand-written variant of a table. */
export interface Entry {
  readonly vulnerable: boolean
  readonly variant: string
  readonly cwe: number
  readonly why: string
  readonly imports: readonly string[]
  /** Statements of the request handler. */
  readonly body: string
  /** Code at module level, before the handler. */
  readonly top: string
  /** Whole files, beside or instead of the handler's. */
  readonly files: Readonly<Record<string, string>>
}

/** Hand-written variants of one weakness, for one or several frameworks. */
export interface Table {
  readonly frameworks: readonly string[]
  readonly weakness: Defect
  readonly cwe: number
  /** What the input of the handler is called, what the handler does, and the variable to answer with. */
  readonly name: string
  readonly task: string
  readonly out: string | undefined
  readonly entries: readonly Entry[]
}

const head = /^@ (\S+) (\S+) (\d+) (\w+) (\w+)(?: (\w+))?$/
const entryHead = /^([+-]) ([a-z0-9-]+)(?: \[(\d+)\])? \| (.+)$/

/**
 * Reads tables. `@ frameworks weakness cwe input task [answer]` opens one; `+ variant [cwe] | why` a vulnerable variant, `-` a safe one. The
 * lines below are the handler's body; `%top` begins code at module level and `%file path` a whole file. Imports at the start of a line move to
 * the top of the file.
 *
 * @throws Error with the line when the text does not follow the format
 */
export function parseTables(text: string): Table[] {
  const tables: (Omit<Table, 'entries'> & { entries: Entry[] })[] = []
  let entry:
    | ({ -readonly [Key in keyof Entry]: Entry[Key] } & { imports: string[]; files: Record<string, string> })
    | undefined
  let part = 'body'
  for (const [index, line] of text.split('\n').entries()) {
    const [, frameworks, slug, cwe, name, task, out] = head.exec(line) ?? []
    const [, sign, variant, ownCwe, why] = entryHead.exec(line) ?? []
    const table = tables.at(-1)
    const weakness = defects.find((defect) => defect === slug)
    if (frameworks !== undefined && weakness !== undefined && name !== undefined && task !== undefined) {
      tables.push({ frameworks: frameworks.split(','), weakness, cwe: Number(cwe), name, task, out, entries: [] })
      entry = undefined
    } else if (sign !== undefined && variant !== undefined && why !== undefined && table !== undefined) {
      const number = ownCwe === undefined ? table.cwe : Number(ownCwe)
      entry = { vulnerable: sign === '+', variant, cwe: number, why, imports: [], body: '', top: '', files: {} }
      table.entries.push(entry)
      part = 'body'
    } else if (line === '%top') {
      part = 'top'
    } else if (line.startsWith('%file ')) {
      part = line.slice('%file '.length)
    } else if (entry === undefined) {
      if (line !== '') throw new Error(`Line ${index + 1} belongs to no variant: ${line}`)
    } else if (part === 'body' || part === 'top') {
      if (/^(import \S|from \S+ import )/.test(line)) entry.imports.push(line)
      else entry[part] += `${line}\n`
    } else {
      entry.files[part] = `${entry.files[part] ?? ''}${line}\n`
    }
  }
  return tables
}
