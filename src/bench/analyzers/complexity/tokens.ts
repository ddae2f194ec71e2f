import type { Mark } from './functions.ts'

/** The tokens of one file as numbers; equal numbers are equal tokens across the files of one {@link TokenTable}. */
export interface TokenStream {
  readonly path: string
  readonly ids: readonly number[]
  /** The line of each token, from 1. */
  readonly lines: readonly number[]
}

/** Numbers for token texts, shared by the files compared with each other. */
export type TokenTable = Map<string, number>

const word = /[\p{ID_Start}_$][\p{ID_Continue}$]*|\d[\w.]*|\n|[^\s]/uy
const space = /[^\S\n]*/y

/**
 * Splits a text into tokens. Comments and imports are left out, strings and numbers are all alike, names are kept:
 * code that differs only in constants counts as the same, code that does the same with other things does not.
 */
export function tokenize(path: string, text: string, marks: readonly Mark[], table: TokenTable): TokenStream {
  const ids: number[] = []
  const lines: number[] = []
  let line = 1
  let at = 0
  const idOf = (token: string): number => {
    let id = table.get(token)
    if (id === undefined) {
      id = table.size + 1
      table.set(token, id)
    }
    return id
  }
  function scan(end: number): void {
    while (at < end) {
      space.lastIndex = at
      space.exec(text)
      at = space.lastIndex
      if (at >= end) return
      word.lastIndex = at
      const token = word.exec(text)?.[0]
      if (token === undefined) return
      at += token.length
      if (token === '\n') line += 1
      else {
        ids.push(idOf(/^\d/.test(token) ? '0' : token))
        lines.push(line)
      }
    }
  }
  for (const mark of marks) {
    if (!/^(?:literal|comment|import)$/.test(mark.kind) || mark.start < at) continue
    scan(mark.start)
    if (mark.kind === 'literal') {
      ids.push(idOf("''"))
      lines.push(line)
    }
    for (
      let index = text.indexOf('\n', mark.start);
      index >= 0 && index < mark.end;
      index = text.indexOf('\n', index + 1)
    )
      line += 1
    at = Math.max(at, mark.end)
  }
  scan(text.length)
  return { path, ids, lines }
}
