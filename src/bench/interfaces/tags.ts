/** One opening tag. */
export interface Tag {
  /** In lower case. */
  readonly name: string
  /** Names in lower case, values as written. */
  readonly attributes: ReadonlyMap<string, string>
  readonly start: number
  /** After the closing `>`. */
  readonly end: number
  /** From 1. */
  readonly line: number
}

const nameStart = /[a-zA-Z]/
const nameEnd = /[\s/>]/

/**
 * The opening tags of a page or template, in order, in one pass. Comments, scripts and styles are skipped; template
 * expressions inside a tag are passed over. Never throws.
 */
export function tagsIn(text: string): Tag[] {
  const tags: Tag[] = []
  let line = 1
  let counted = 0
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    if (text.startsWith('<!--', at)) {
      const close = text.indexOf('-->', at)
      if (close === -1) break
      at = close + 3
      continue
    }
    if (!nameStart.test(text[at + 1] ?? '')) {
      at++
      continue
    }
    for (let next = text.indexOf('\n', counted); next !== -1 && next < at; next = text.indexOf('\n', counted)) {
      line++
      counted = next + 1
    }
    let end = at + 1
    while (end < text.length && !nameEnd.test(text[end] ?? '')) end++
    const name = text.slice(at + 1, end).toLowerCase()
    const read = readAttributes(text, end)
    if (read === undefined) break
    tags.push({ name, attributes: read.attributes, start: at, end: read.end, line })
    at = read.end
    if (name === 'script' || name === 'style') {
      const close = text.indexOf(`</${name}`, at)
      if (close === -1) break
      at = close + 1
    }
  }
  return tags
}

/** Reads attributes up to the tag's end; undefined when the text ends before. */
function readAttributes(
  text: string,
  from: number,
): { readonly attributes: Map<string, string>; readonly end: number } | undefined {
  const attributes = new Map<string, string>()
  let at = from
  while (at < text.length) {
    const character = text[at] ?? ''
    if (character === '>') return { attributes, end: at + 1 }
    if (/[\s/=]/.test(character)) {
      at++
      continue
    }
    const template = templateEnd(text, at)
    if (template !== undefined) {
      at = template
      continue
    }
    let end = at
    while (end < text.length && !/[\s=>]/.test(text[end] ?? '')) end++
    const name = text.slice(at, end).replace(/\/$/, '').toLowerCase()
    at = end
    const equals = /^\s{0,20}=\s{0,20}/.exec(text.slice(at, at + 44))?.[0]
    let value = ''
    if (equals !== undefined) {
      at += equals.length
      const quote = text[at]
      if (quote === '"' || quote === "'") {
        const close = quotedEnd(text, at + 1, quote)
        if (close === -1) return undefined
        value = text.slice(at + 1, close)
        at = close + 1
      } else {
        const start = at
        while (at < text.length && !/[\s>]/.test(text[at] ?? '')) at = templateEnd(text, at) ?? at + 1
        value = text.slice(start, at)
      }
    }
    if (name !== '' && !attributes.has(name)) attributes.set(name, value)
  }
  return undefined
}

/** The end of a quoted value; quotes inside `{{ … }}` do not end it. */
function quotedEnd(text: string, from: number, quote: string): number {
  let at = from
  while (at < text.length) {
    if (text[at] === quote) return at
    at = templateEnd(text, at) ?? at + 1
  }
  return -1
}

const templateMarks: readonly (readonly [string, string])[] = [
  ['{{', '}}'],
  ['{%', '%}'],
  ['<%', '%>'],
]

/** Where a template expression beginning here ends; expressions are short, so a lost end is not searched far. */
function templateEnd(text: string, at: number): number | undefined {
  for (const [open, close] of templateMarks) {
    if (!text.startsWith(open, at)) continue
    const end = text.slice(at, at + 600).indexOf(close)
    return end === -1 ? undefined : at + end + 2
  }
  return undefined
}
