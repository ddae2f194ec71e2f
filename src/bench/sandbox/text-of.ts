import { readFileSync } from 'node:fs'

/** The text of a file below `/proc` or `/sys`; empty when it is not there, not ours to read, or its process has ended meanwhile. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // All three are ordinary there, and what an empty file says.
    return ''
  }
}
