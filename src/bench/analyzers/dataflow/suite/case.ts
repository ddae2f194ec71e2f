import type { Defect } from '#bench/findings'

/** One small app with one honest label. */
export interface Case {
  /** `flask/sql-injection/helper-3`: framework, weakness, variant, number. */
  readonly id: string
  readonly weakness: Defect
  readonly cwe: number
  readonly framework: string
  /** The kind of flow, sanitizer or guard the case is about. */
  readonly variant: string
  /** Why it is exploitable, or why it is not: one sentence. */
  readonly why: string
  readonly vulnerable: boolean
  /** Relative path → content, without markers. */
  readonly files: Readonly<Record<string, string>>
  /** Where the weakness takes effect; vulnerable cases only. Lines count from 1. */
  readonly sink?: { readonly path: string; readonly line: number }
}

/** A case as it is written down: its files still hold the marker of the sink line. */
export type MarkedCase = Omit<Case, 'sink'>

/** Ends the line of the sink in a written case: `#! sink` in Python, `//! sink` in JavaScript. */
const marker = /[ \t]*(?:#! sink|\/\/! sink)$/

/** Takes the marker out of the files, so that it is no tell. @throws Error when a label and its markers disagree */
export function unmark(marked: MarkedCase): Case {
  const files: Record<string, string> = {}
  const sinks: { path: string; line: number }[] = []
  for (const [path, content] of Object.entries(marked.files)) {
    const lines = content.split('\n')
    files[path] = lines
      .map((line, index) => {
        if (!marker.test(line)) return line
        sinks.push({ path, line: index + 1 })
        return line.replace(marker, '')
      })
      .join('\n')
  }
  const expected = marked.vulnerable ? 1 : 0
  if (sinks.length !== expected) throw new Error(`${marked.id}: ${sinks.length} sink markers, expected ${expected}.`)
  const [sink] = sinks
  return { ...marked, files, ...(sink === undefined ? {} : { sink }) }
}
