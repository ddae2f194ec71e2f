/** A stretch of code of one kind: `kind` is the highlighter's class without its prefix, `''` for plain text. */
export interface Token {
  readonly kind: string
  readonly text: string
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" }
const piece = /<span class="([^"]*)">|<\/span>|&(amp|lt|gt|quot|#x27);|[^<&]+|[<&]/g

/**
 * Turns the markup highlight.js writes (nested spans and five entities, nothing else) into tokens by line, so that React
 * draws them as text: code under test never becomes markup of this page.
 */
export const linesOfTokens = (markup: string): Token[][] => {
  const lines: Token[][] = []
  let line: Token[] = []
  const open: string[] = []
  const add = (text: string) => {
    const kind = open.at(-1) ?? ''
    const last = line.at(-1)
    if (last && last.kind === kind) line[line.length - 1] = { kind, text: last.text + text }
    else line.push({ kind, text })
  }
  for (const [whole, kind, entity] of markup.matchAll(piece)) {
    if (kind !== undefined) open.push(kindOf(kind))
    else if (whole === '</span>') open.pop()
    else if (entity !== undefined) add(entities[entity] ?? whole)
    else {
      const [first = '', ...rest] = whole.split('\n')
      if (first !== '') add(first)
      for (const part of rest) {
        lines.push(line)
        line = []
        if (part !== '') add(part)
      }
    }
  }
  lines.push(line)
  return lines
}

/** `hljs-title function_` → `title` */
const kindOf = (classes: string): string => classes.split(' ')[0]?.replace('hljs-', '') ?? ''

/** Code without colours, in the same shape. */
export const plainLines = (code: string): Token[][] =>
  code.split('\n').map((line) => (line === '' ? [] : [{ kind: '', text: line }]))
