/** What an SQL statement writes or reads, as far as its text tells. */
export type Statement =
  | {
      readonly kind: 'write'
      readonly table: string
      /** Columns with the parameter each is given: its position, or its name. */
      readonly columns: readonly { readonly column: string | undefined; readonly parameter: number | string }[]
    }
  | {
      readonly kind: 'read'
      readonly tables: readonly string[]
      /** The column each position of a row holds; undefined when it is computed or `*`. */
      readonly columns: readonly { readonly name: string | undefined; readonly column: string | undefined }[]
    }

const insert =
  /^\s*(?:insert|replace)\s+(?:or\s+\w{1,20}\s+|ignore\s+)?(?:into\s+)?["`[]?([\w.]{1,80})["`\]]?\s*(?:\(([^()]{0,400})\)\s*)?values\s*\((.{0,400})/is
const update = /^\s*update\s+["`[]?([\w.]{1,80})["`\]]?\s+set\s+(.{0,400})/is
const select = /^\s*(?:with\b.{0,200}?\)\s*)?select\s+(?:distinct\s+)?(.{0,300}?)\s+from\s/is
const placeholder = /\?\d*|%s|\$(\d+)|%\((\w{1,60})\)s|[:@$]([a-zA-Z_]\w{0,60})/g

const known = new Map<string, Statement | undefined>()
const maximalKnown = 1000

/** Reads the statement; undefined when it is none that keeps or answers rows. The same one is asked for at every use. */
export function statementOf(text: string): Statement | undefined {
  let statement = known.get(text)
  if (statement === undefined && !known.has(text)) {
    statement = parsed(text)
    if (known.size >= maximalKnown) known.clear()
    known.set(text, statement)
  }
  return statement
}

function parsed(text: string): Statement | undefined {
  const inserted = insert.exec(text)
  if (inserted !== null) return insertion(inserted[1] ?? '', inserted[2], inserted[3] ?? '')
  const updated = update.exec(text)
  if (updated !== null) return assignment(updated[1] ?? '', updated[2] ?? '')
  const selected = select.exec(text)
  if (selected === null) return undefined
  const tables = [...text.matchAll(/\b(?:from|join)\s+["`[]?([\w.]{1,80})/gi)].map((match) => plain(match[1] ?? ''))
  return { kind: 'read', tables, columns: splitList(selected[1] ?? '').map(columnOf) }
}

function insertion(table: string, columns: string | undefined, values: string): Statement {
  const names = columns === undefined ? undefined : splitList(columns).map(plain)
  let position = 0
  const written: { column: string | undefined; parameter: number | string }[] = []
  splitList(values).forEach((value, at) => {
    for (const match of value.matchAll(placeholder)) {
      const parameter = match[2] ?? match[3] ?? (match[1] === undefined ? position : Number(match[1]) - 1)
      position += 1
      written.push({ column: names?.[at], parameter })
    }
  })
  return { kind: 'write', table: plain(table), columns: written }
}

function assignment(table: string, text: string): Statement {
  let position = 0
  const written: { column: string; parameter: number | string }[] = []
  for (const part of splitList(text.replace(/\swhere\s.*$/is, ''))) {
    const column = /^\s*["`[]?([\w.]{1,80})["`\]]?\s*=/.exec(part)?.[1]
    for (const match of part.matchAll(placeholder)) {
      const parameter = match[2] ?? match[3] ?? (match[1] === undefined ? position : Number(match[1]) - 1)
      position += 1
      if (column !== undefined) written.push({ column: plain(column), parameter })
    }
  }
  return { kind: 'write', table: plain(table), columns: written }
}

function columnOf(text: string): { name: string | undefined; column: string | undefined } {
  const match = /^\s*(?:[\w"`]{1,80}\.)?["`[]?(\w{1,80}|\*)["`\]]?(?:\s+(?:as\s+)?["`[]?(\w{1,80})["`\]]?)?\s*$/i.exec(
    text,
  )
  const column = match?.[1] === undefined || match[1] === '*' ? undefined : match[1].toLowerCase()
  const alias = match?.[2] ?? /\sas\s+["`[]?(\w{1,80})["`\]]?\s*$/i.exec(text)?.[1]
  return { name: alias?.toLowerCase() ?? column, column }
}

/** Splits at commas outside parentheses, up to the parenthesis that closes the list. */
function splitList(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '(') depth += 1
    else if (character === ')' && --depth < 0) return [...parts, text.slice(start, at)]
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}

function plain(name: string): string {
  return (
    name
      .trim()
      .replace(/["`[\]]/g, '')
      .split('.')
      .at(-1) ?? ''
  ).toLowerCase()
}
