import { parse, TomlError } from 'smol-toml'
import { ManifestSyntaxError } from './manifest.ts'

export type Table = Readonly<Record<string, unknown>>

/**
 * Parses TOML.
 * @throws ManifestSyntaxError with line and column
 */
export function parseToml(text: string): Table {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const message = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? 'not TOML'
    throw new ManifestSyntaxError(message, error.line, error.column)
  }
}

/** The table under a path of keys; empty when there is none. */
export function tableAt(root: unknown, ...keys: readonly string[]): Table {
  let node: unknown = root
  for (const key of keys) node = isTable(node) ? node[key] : undefined
  return isTable(node) ? node : {}
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** The texts of an array; other items are left out. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** Finds the line (from 1) of a text that stands after a heading, for a format whose parser keeps no positions. */
export class LineFinder {
  readonly #lines: readonly string[]

  constructor(text: string) {
    this.#lines = text.split('\n')
  }

  /** The line of the table heading `[name]`; 1 when it is not written as a heading of its own. */
  heading(name: string): number {
    const index = this.#lines.findIndex((line) => line.trim().replace(/\s*#.*$/, '') === `[${name}]`)
    return index === -1 ? 1 : index + 1
  }

  /** The first line from `from` that contains the text; `from` when none does. */
  containing(text: string, from: number): number {
    for (let index = from - 1; index < this.#lines.length; index++)
      if (this.#lines[index]?.includes(text)) return index + 1
    return from
  }

  /** The first line from `from` that gives the key a value, before the next heading; `from` when none does. */
  key(key: string, from: number): number {
    for (let index = from; index < this.#lines.length; index++) {
      const line = (this.#lines[index] ?? '').trimStart()
      if (line.startsWith('[') && index >= from) break
      const bare = line.replace(/^["']/, '')
      if (bare.startsWith(key) && /^["']?\s*=/.test(bare.slice(key.length))) return index + 1
    }
    return from
  }
}
