/** A directive of an nginx configuration with the directives in its block. */
export interface Directive {
  readonly name: string
  readonly parameters: readonly string[]
  /** Offsets of the directive without its block. */
  readonly start: number
  readonly end: number
  /** Undefined when it has none. */
  readonly block: readonly Directive[] | undefined
}

interface OpenBlock {
  readonly directives: Directive[]
}

const token = /#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};]|(?:\$\{\w*\}|\\.|[^\s{};"'\\])+|["'\\]/gs

/** Reads an nginx configuration. Never throws: what is out of place is named in `errors`, the rest is read. */
export function parseNginx(text: string): {
  readonly directives: readonly Directive[]
  readonly errors: readonly string[]
} {
  const root: OpenBlock = { directives: [] }
  const open: OpenBlock[] = [root]
  const errors: string[] = []
  let words: { text: string; start: number; end: number }[] = []

  function close(block: readonly Directive[] | undefined): void {
    const [first, ...rest] = words
    const last = words.at(-1)
    if (first !== undefined && last !== undefined) {
      open.at(-1)?.directives.push({
        name: first.text,
        parameters: rest.map((word) => word.text),
        start: first.start,
        end: last.end,
        block,
      })
    }
    words = []
  }

  for (const match of text.matchAll(token)) {
    const value = match[0]
    if (value.startsWith('#')) continue
    if (value === ';') close(undefined)
    else if (value === '{') {
      const inner: OpenBlock = { directives: [] }
      close(inner.directives)
      open.push(inner)
    } else if (value === '}') {
      if (words.length > 0) errors.push(`\`${words[0]?.text ?? ''}\` is not ended by a semicolon`)
      close(undefined)
      if (open.length === 1) errors.push('a closing brace without an opening one')
      else open.pop()
    } else {
      const quoted = value.length > 1 && (value.startsWith('"') || value.startsWith("'"))
      words.push({ text: quoted ? value.slice(1, -1) : value, start: match.index, end: match.index + value.length })
    }
  }
  if (words.length > 0) errors.push(`\`${words[0]?.text ?? ''}\` is not ended by a semicolon`)
  close(undefined)
  if (open.length > 1) errors.push('a block is not closed')
  return { directives: root.directives, errors }
}
