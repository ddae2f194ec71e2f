/** How a file is cut into tokens; see {@link dialectOf}. */
export type Dialect = 'python' | 'script' | 'markup' | 'plain'

export interface Token {
  /** Normalised: quotes, escapes of quotes and white space inside multi-line strings do not show. */
  readonly text: string
  readonly kind: 'word' | 'string' | 'sign' | 'comment'
  /** Offset in the source, inclusive and exclusive. */
  readonly start: number
  readonly end: number
  /** A line break or the start of the file stands between this token and the one before. */
  readonly newLine: boolean
  /** White space or a line break stands before this token. */
  readonly spaced: boolean
}

const dialects: Readonly<Record<string, Dialect>> = {
  py: 'python',
  pyi: 'python',
  js: 'script',
  jsx: 'script',
  mjs: 'script',
  cjs: 'script',
  ts: 'script',
  tsx: 'script',
  mts: 'script',
  cts: 'script',
  json: 'script',
  css: 'script',
  scss: 'script',
  html: 'markup',
  htm: 'markup',
  vue: 'markup',
  svelte: 'markup',
  jinja: 'markup',
  jinja2: 'markup',
  j2: 'markup',
  ejs: 'markup',
  xml: 'markup',
  svg: 'markup',
}

/** The dialect a path's extension stands for; `plain` (one statement a line, `#` comments) for all others. */
export function dialectOf(path: string): Dialect {
  return dialects[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'plain'
}

/**
 * Cuts source text into tokens. Never throws, whatever the text; takes time linear in its length. It need not agree
 * with the language in every corner: it must only give the same tokens for the same code in another layout.
 */
export function tokenize(text: string, dialect: Dialect): Token[] {
  const tokens: Token[] = []
  const unclosed: Unclosed = {}
  let previous: Token | undefined
  let at = 0
  let newLine = true
  let spaced = true
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (isSpace(code)) {
      if (code === 10 || code === 13) newLine = true
      spaced = true
      at += 1
      continue
    }
    if (code === 92 && isLineBreak(text.charCodeAt(at + 1))) {
      at += text.startsWith('\r\n', at + 1) ? 3 : 2
      spaced = true
      continue
    }
    const comment = commentEnd(text, at, dialect, spaced)
    const end = comment ?? stringEnd(text, at, dialect, previous, unclosed) ?? wordEnd(text, at)
    const kind = comment !== undefined ? 'comment' : kindOf(text, at, end)
    const token: Token = { text: normalise(text.slice(at, end), kind), kind, start: at, end, newLine, spaced }
    tokens.push(token)
    if (kind !== 'comment') previous = token
    newLine = false
    spaced = false
    at = end
  }
  return tokens
}

function kindOf(text: string, start: number, end: number): Token['kind'] {
  if (isWord(text.charCodeAt(start)) && !isQuote(text.charCodeAt(end - 1))) return 'word'
  return end - start > 1 ? 'string' : 'sign'
}

function normalise(raw: string, kind: Token['kind']): string {
  if (kind === 'comment') return collapse(raw.replace(/^(?:#|\/\/|\/\*|<!--)+/, '').replace(/(?:\*\/|-->)$/, ''))
  if (kind !== 'string') return raw
  const open = raw.search(/['"`/]/)
  const quote = raw.charAt(open)
  const prefix = raw.slice(0, open).toLowerCase()
  if (quote === '/') return raw
  const width = raw.startsWith(quote.repeat(3), open) && raw.length >= open + 6 ? 3 : 1
  const inside = raw.slice(open + width, raw.length - width).replaceAll(/\\(['"])/g, '$1')
  const shown = /[\n\r]/.test(inside) ? collapse(inside) : inside
  // A template may hold expressions, whose quotes change with formatting.
  return quote === '`' ? `\`${shown.replaceAll("'", '"')}\`` : `${prefix}"${shown}"`
}

function collapse(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** Where the comment that starts here ends; undefined when none does. */
function commentEnd(text: string, at: number, dialect: Dialect, spaced: boolean): number | undefined {
  const two = text.slice(at, at + 2)
  if (dialect === 'python' || dialect === 'plain') {
    if (text[at] === '#' && (dialect === 'python' || spaced)) return lineEnd(text, at)
    return undefined
  }
  if (two === '/*') return closing(text, '*/', at + 2)
  if (dialect === 'markup' && two === '<!')
    return text.startsWith('<!--', at) ? closing(text, '-->', at + 4) : undefined
  if (dialect === 'script' && two === '//') return lineEnd(text, at)
  return undefined
}

/**
 * Up to which offset no closing mark was found for a kind of quote. Looking again from every further quote on the line
 * would make hostile input quadratic.
 */
type Unclosed = Partial<Record<'"' | "'" | '/', number>>

/** Where the string, template or regular expression that starts here ends; undefined when none does. */
function stringEnd(
  text: string,
  at: number,
  dialect: Dialect,
  previous: Token | undefined,
  unclosed: Unclosed,
): number | undefined {
  let open = at
  if (dialect === 'python') {
    while (open < at + 3 && /[rbfuRBFUtT]/.test(text.charAt(open))) open += 1
    if (!isQuote(text.charCodeAt(open))) open = at
  }
  const quote = text.charAt(open)
  if (quote === '"' || quote === "'") {
    const triple = quote.repeat(3)
    if (dialect === 'python' && text.startsWith(triple, open)) return tripleEnd(text, triple, open + 3)
    return endOnLine(text, open + 1, quote, unclosed)
  }
  if (dialect === 'script' && quote === '`') return templateEnd(text, at + 1)
  if (dialect === 'script' && quote === '/' && previous?.text !== '<' && startsExpression(previous))
    return regexEnd(text, at + 1, unclosed)
  return undefined
}

const expressionWords = new Set(['return', 'typeof', 'case', 'in', 'of', 'await', 'yield', 'void', 'delete', 'throw'])

/** Whether an expression may start after this token (so that `/` opens a regular expression and `<` a tag). */
export function startsExpression(previous: Token | undefined): boolean {
  if (previous === undefined) return true
  if (previous.kind === 'word') return expressionWords.has(previous.text)
  return previous.kind === 'sign' && previous.text !== ')' && previous.text !== ']' && previous.text !== '}'
}

function endOnLine(text: string, from: number, quote: '"' | "'", unclosed: Unclosed): number | undefined {
  if (from <= (unclosed[quote] ?? 0)) return undefined
  let at = from
  for (; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === quote) return at + 1
    if (char === '\\') at += text.startsWith('\r\n', at + 1) ? 2 : 1
    else if (char === '\n' || char === '\r') break
  }
  unclosed[quote] = at
  return undefined
}

function tripleEnd(text: string, triple: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text.startsWith(triple, at)) return at + 3
  }
  return text.length
}

/** Templates may nest: `${ … `…` … }`. */
function templateEnd(text: string, from: number): number {
  const stack: ('template' | 'braces')[] = ['template']
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '\\') at += 1
    else if (char === '`') {
      if (stack.at(-1) === 'template') stack.pop()
      else stack.push('template')
      if (stack.length === 0) return at + 1
    } else if (stack.at(-1) === 'template') {
      if (char === '$' && text[at + 1] === '{') {
        stack.push('braces')
        at += 1
      }
    } else if (char === '{') stack.push('braces')
    else if (char === '}') stack.pop()
  }
  return text.length
}

function regexEnd(text: string, from: number, unclosed: Unclosed): number | undefined {
  if (from <= (unclosed['/'] ?? 0)) return undefined
  let inClass = false
  let at = from
  for (; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '\n' || char === '\r') break
    if (char === '\\') at += 1
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '/' && !inClass && at > from) return wordEnd(text, at + 1, true)
  }
  unclosed['/'] = at
  return undefined
}

function wordEnd(text: string, at: number, mayBeEmpty = false): number {
  let end = at
  while (end < text.length && isWord(text.charCodeAt(end))) end += 1
  return end === at && !mayBeEmpty ? at + 1 : end
}

function lineEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && !isLineBreak(text.charCodeAt(end))) end += 1
  return end
}

function closing(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at < 0 ? text.length : at + mark.length
}

function isLineBreak(code: number): boolean {
  return code === 10 || code === 13
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff
}

function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === 96
}

function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 36 ||
    code >= 0x80
  )
}
