/** What a source file imports, read from its text alone. */

export interface Import {
  /** As written: `./store.ts`, `#platform/errors`, `node:fs`. */
  readonly specifier: string
  readonly line: number
  readonly kind: 'static' | 'type' | 'dynamic'
  /** `export … from`: what is imported is passed on. */
  readonly passesOn: boolean
}

export interface Token {
  readonly kind: 'word' | 'string' | 'mark'
  readonly text: string
  readonly line: number
}

/** All imports of a TypeScript file: static, side effect, `export … from`, type, `import('x')` as call or as type. */
export function importsOf(tokens: readonly Token[]): Import[] {
  const found: Import[] = []
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word' || (token.text !== 'import' && token.text !== 'export')) continue
    if (tokens[at - 1]?.text === '.') continue
    const read = token.text === 'import' ? readImport(tokens, at) : readExport(tokens, at)
    if (read !== undefined) found.push({ ...read, line: token.line, passesOn: token.text === 'export' })
  }
  return found
}

type Read = Pick<Import, 'specifier' | 'kind'> | undefined

function readImport(tokens: readonly Token[], at: number): Read {
  const [first, second] = [tokens[at + 1], tokens[at + 2]]
  if (first?.kind === 'string') return { specifier: first.text, kind: 'static' }
  if (first?.text === '(') return second?.kind === 'string' ? { specifier: second.text, kind: 'dynamic' } : undefined
  return readClause(tokens, at)
}

function readExport(tokens: readonly Token[], at: number): Read {
  const first = tokens[at + 1]?.text === 'type' ? tokens[at + 2] : tokens[at + 1]
  return first?.text === '{' || first?.text === '*' ? readClause(tokens, at) : undefined
}

/** `… from 'x'`: between the keyword and `from` stand only names, braces, commas and `*`. */
function readClause(tokens: readonly Token[], at: number): Read {
  const kind = tokens[at + 1]?.text === 'type' && !/^(from|,)$/.test(tokens[at + 2]?.text ?? '') ? 'type' : 'static'
  for (let next = at + 1; next < tokens.length; next++) {
    const [token, after] = [tokens[next], tokens[next + 1]]
    if (token?.text === 'from' && after?.kind === 'string') return { specifier: after.text, kind }
    if (token?.kind === 'mark' && !'{},*'.includes(token.text)) return undefined
    if (token?.kind === 'string' && !/^(as|,|\{|\})$/.test(after?.text ?? '')) return undefined
  }
  return undefined
}

/**
 * The words, strings and marks of a TypeScript file, without comments, regular expressions and the text of templates
 * (the code inside `${…}` is kept). Text between JSX tags is read as words, which does no harm here.
 */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  /** For every open brace, whether it is a template's `${`. */
  const braces: boolean[] = []
  let line = 1
  let at = 0

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const text = pattern.exec(source)?.[0]
    if (text !== undefined) at += text.length
    return text
  }
  const add = (kind: Token['kind'], text: string): void => {
    tokens.push({ kind, text, line })
  }
  const countLines = (text: string): void => {
    for (const character of text) if (character === '\n') line++
  }

  while (at < source.length) {
    const skipped = take(blank) ?? take(comment)
    if (skipped !== undefined) {
      countLines(skipped)
      continue
    }
    if (source[at] === '/' && startsExpression(tokens.at(-1)) && take(regularExpression) !== undefined) {
      add('mark', '/')
      continue
    }
    const word = take(wordOrNumber)
    if (word !== undefined) {
      add('word', word)
      continue
    }
    const text = take(quoted)
    if (text !== undefined) {
      add('string', text.slice(1, -1))
      continue
    }
    const mark = source[at] ?? ''
    if (mark === '`' || (mark === '}' && braces.pop() === true)) {
      at++
      const template = take(templateText) ?? ''
      countLines(template)
      if (template.endsWith('${')) braces.push(true)
      add('mark', '`')
      continue
    }
    if (mark === '{') braces.push(false)
    add('mark', mark)
    at++
  }
  return tokens
}

const blank = /\s+/y
const comment = /\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/y
const wordOrNumber = /[\p{L}\p{N}_$]+/uy
const quoted = /'(?:[^'\\\n]|\\[^\n])*'|"(?:[^"\\\n]|\\[^\n])*"/y
const regularExpression = /\/(?:[^/\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/\w*/y
const templateText = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)?/y

const beforeExpression = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'do',
  'else',
  'void',
  'delete',
  'await',
  'yield',
])

function startsExpression(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'word') return beforeExpression.has(before.text)
  return before.kind === 'mark' && !')]}<`/'.includes(before.text)
}
