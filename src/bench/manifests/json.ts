import { ManifestSyntaxError } from './manifest.ts'
import { Positions } from './positions.ts'

/** A JSON value that knows where it stands: `offset` counts UTF-16 units from the start of the text. */
export type JsonNode =
  | { readonly kind: 'object'; readonly offset: number; readonly members: ReadonlyMap<string, JsonMember> }
  | { readonly kind: 'array'; readonly offset: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly offset: number; readonly value: string }
  | { readonly kind: 'other'; readonly offset: number; readonly value: number | boolean | null }

export interface JsonMember {
  /** Where the key stands. */
  readonly offset: number
  readonly value: JsonNode
}

export interface JsonOptions {
  /** Comments and trailing commas are allowed, as in tsconfig.json. */
  readonly comments?: boolean
}

const maxDepth = 200

/**
 * Parses JSON (RFC 8259) and keeps positions; of a repeated key the last one counts.
 * @throws ManifestSyntaxError with line and column
 */
export function parseJson(text: string, options: JsonOptions = {}): JsonNode {
  const scanner = new Scanner(text, options.comments ?? false)
  const node = scanner.value(0)
  scanner.end()
  return node
}

/** The member's value, when the node is an object that has it. */
export function memberOf(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.kind === 'object' ? node.members.get(key)?.value : undefined
}

/** The text, when the node is a string. */
export function stringOf(node: JsonNode | undefined): string | undefined {
  return node?.kind === 'string' ? node.value : undefined
}

/** The node as plain data. */
export function plain(node: JsonNode | undefined): unknown {
  if (node === undefined) return undefined
  if (node.kind === 'array') return node.items.map(plain)
  if (node.kind === 'object') {
    return Object.fromEntries([...node.members].map(([key, member]) => [key, plain(member.value)]))
  }
  return node.value
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class Scanner {
  readonly #text: string
  readonly #comments: boolean
  #at = 0

  constructor(text: string, comments: boolean) {
    this.#text = text
    this.#comments = comments
  }

  value(depth: number): JsonNode {
    this.#space()
    if (depth > maxDepth) this.#fail('nested too deeply')
    const offset = this.#at
    const first = this.#text[offset]
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#array(depth)
    if (first === '"') return { kind: 'string', offset, value: this.#string() }
    return this.#literal()
  }

  end(): void {
    this.#space()
    if (this.#at < this.#text.length) this.#fail(`unexpected ${this.#seen()} after the end of the document`)
  }

  #object(depth: number): JsonNode {
    const offset = this.#at++
    const members = new Map<string, JsonMember>()
    for (let first = true; ; first = false) {
      this.#space()
      if (this.#text[this.#at] === '}' && (first || this.#comments)) break
      const keyOffset = this.#at
      if (this.#text[this.#at] !== '"') this.#fail(`expected a property name in double quotes, found ${this.#seen()}`)
      const key = this.#string()
      this.#space()
      if (this.#text[this.#at] !== ':') this.#fail(`expected ':' after "${key}", found ${this.#seen()}`)
      this.#at++
      members.set(key, { offset: keyOffset, value: this.value(depth + 1) })
      this.#space()
      if (this.#text[this.#at] !== ',') break
      this.#at++
    }
    if (this.#text[this.#at] !== '}') this.#fail(`expected ',' or '}', found ${this.#seen()}`)
    this.#at++
    return { kind: 'object', offset, members }
  }

  #array(depth: number): JsonNode {
    const offset = this.#at++
    const items: JsonNode[] = []
    for (let first = true; ; first = false) {
      this.#space()
      if (this.#text[this.#at] === ']' && (first || this.#comments)) break
      items.push(this.value(depth + 1))
      this.#space()
      if (this.#text[this.#at] !== ',') break
      this.#at++
    }
    if (this.#text[this.#at] !== ']') this.#fail(`expected ',' or ']', found ${this.#seen()}`)
    this.#at++
    return { kind: 'array', offset, items }
  }

  #string(): string {
    let value = ''
    let from = ++this.#at
    for (;;) {
      const unit = this.#text[this.#at]
      if (unit === undefined || unit === '\n') this.#fail('a string is not closed')
      if (unit === '"') break
      if (unit === '\\') {
        value += this.#text.slice(from, this.#at) + this.#escape()
        from = this.#at
      } else this.#at++
    }
    value += this.#text.slice(from, this.#at++)
    return value
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? ''
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('\\u needs four hexadecimal digits')
      this.#at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const plainText = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined
    if (plainText === undefined) this.#fail(`\\${letter} is no escape`)
    this.#at += 2
    return plainText ?? ''
  }

  #literal(): JsonNode {
    const offset = this.#at
    const pattern = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
    pattern.lastIndex = offset
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) return this.#fail(`expected a value, found ${this.#seen()}`)
    this.#at += found.length
    const value = found === 'true' ? true : found === 'false' ? false : found === 'null' ? null : Number(found)
    return { kind: 'other', offset, value }
  }

  #space(): void {
    for (;;) {
      const unit = this.#text[this.#at]
      if (unit === ' ' || unit === '\n' || unit === '\r' || unit === '\t') this.#at++
      else if (this.#comments && this.#text.startsWith('//', this.#at)) {
        const end = this.#text.indexOf('\n', this.#at)
        this.#at = end === -1 ? this.#text.length : end
      } else if (this.#comments && this.#text.startsWith('/*', this.#at)) {
        const end = this.#text.indexOf('*/', this.#at + 2)
        if (end === -1) this.#fail('a comment is not closed')
        this.#at = end + 2
      } else return
    }
  }

  #seen(): string {
    const unit = this.#text[this.#at]
    return unit === undefined ? 'the end of the file' : JSON.stringify(unit)
  }

  #fail(message: string): never {
    const { line, column } = new Positions(this.#text).at(this.#at)
    throw new ManifestSyntaxError(message, line, column)
  }
}
