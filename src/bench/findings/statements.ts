import { type Dialect, startsExpression, type Token } from './tokens.ts'

/** A statement, header of a block, or markup tag: what a formatter may lay out differently but never takes apart. */
export interface Statement {
  /** Indices into the tokens given, inclusive and exclusive. */
  readonly start: number
  readonly end: number
  /** The name of the innermost function, class or route around it, `''` at the top of the file. */
  readonly enclosing: string
}

/**
 * Groups tokens (without comments) into statements, in order and without gaps. Never throws; linear time. Line breaks
 * count only where the language gives them meaning, so the result does not depend on layout.
 */
export function statementsOf(
  tokens: readonly Token[],
  columns: (token: Token) => number,
  dialect: Dialect,
): Statement[] {
  if (dialect === 'plain') return plainStatements(tokens)
  if (dialect === 'python') return pythonStatements(tokens, columns)
  return scriptStatements(tokens, dialect)
}

function plainStatements(tokens: readonly Token[]): Statement[] {
  const statements: Statement[] = []
  let start = 0
  for (let at = 1; at <= tokens.length; at += 1) {
    if (at < tokens.length && tokens[at]?.newLine !== true) continue
    statements.push({ start, end: at, enclosing: '' })
    start = at
  }
  return statements
}

const compound = new Set('if elif else for while try except finally with def class async match case'.split(' '))

function pythonStatements(tokens: readonly Token[], columns: (token: Token) => number): Statement[] {
  const statements: Statement[] = []
  const blocks: { readonly column: number; readonly name: string }[] = []
  let start = 0
  let depth = 0
  let lambdas = 0
  const finish = (end: number): void => {
    if (end <= start) return
    statements.push({ start, end, enclosing: blocks.at(-1)?.name ?? '' })
    start = end
    lambdas = 0
  }
  for (const [at, token] of tokens.entries()) {
    if (token.newLine && depth > 0 && opensPythonBlock(token, tokens[at - 1])) depth = 0
    if (token.newLine && depth === 0) {
      finish(at)
      const column = columns(token)
      while (blocks.length > 0 && (blocks.at(-1)?.column ?? 0) >= column) blocks.pop()
    }
    if (token.kind === 'word' && token.text === 'lambda') lambdas += 1
    if (token.kind !== 'sign') continue
    if ('([{'.includes(token.text)) depth += 1
    else if (')]}'.includes(token.text)) depth = Math.max(0, depth - 1)
    else if (depth === 0 && token.text === ';') finish(at + 1)
    else if (depth === 0 && token.text === ':') {
      if (lambdas > 0) lambdas -= 1
      else if (compound.has(tokens[start]?.text ?? '')) {
        const name = pythonName(tokens, start, at)
        const first = tokens[start]
        finish(at + 1)
        if (name !== undefined && first !== undefined) blocks.push({ column: columns(first), name })
      }
    }
  }
  finish(tokens.length)
  return statements
}

/** A bracket left open by broken code must not swallow the rest of the file. */
function opensPythonBlock(token: Token, previous: Token | undefined): boolean {
  return (token.text === 'def' || token.text === 'class') && previous?.text !== ',' && token.kind === 'word'
}

function pythonName(tokens: readonly Token[], start: number, end: number): string | undefined {
  for (let at = start; at < Math.min(end, start + 2); at += 1) {
    const text = tokens[at]?.text
    if (text === 'def' || text === 'class') return tokens[at + 1]?.text
  }
  return undefined
}

type Bracket = { readonly kind: '(' | '[' | 'object' | 'block' | 'tag'; readonly name: string }
const opened: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
const mark = (kind: Bracket['kind']): string => (kind === 'object' || kind === 'block' ? '{' : kind)

function scriptStatements(tokens: readonly Token[], dialect: Dialect): Statement[] {
  const statements: Statement[] = []
  const stack: Bracket[] = []
  const open: Record<string, number> = { '(': 0, '[': 0, '{': 0, tag: 0 }
  let start = 0
  let enclosing = ''
  const finish = (end: number): void => {
    if (end > start) statements.push({ start, end, enclosing })
    start = Math.max(start, end)
  }
  const push = (kind: Bracket['kind'], name = enclosing): void => {
    stack.push({ kind, name: enclosing })
    open[mark(kind)] = (open[mark(kind)] ?? 0) + 1
    enclosing = name
  }
  const pop = (): Bracket | undefined => {
    const bracket = stack.pop()
    if (bracket === undefined) return undefined
    open[mark(bracket.kind)] = (open[mark(bracket.kind)] ?? 1) - 1
    enclosing = bracket.name
    return bracket
  }
  for (const [at, token] of tokens.entries()) {
    const previous = tokens[at - 1]
    const top = stack.at(-1)?.kind
    if (token.newLine && (top === undefined || top === 'block') && !continues(previous, tokens[at - 2], token))
      finish(at)
    if (token.text === 'else' && at === start && tokens[at + 1]?.text !== 'if' && tokens[at + 1]?.text !== '{')
      finish(at + 1)
    if (token.kind !== 'sign') continue
    const text = token.text
    if (text === '(' || text === '[') push(text)
    else if (text === '{') {
      if (!opensBlock(tokens, start, at, top)) push('object')
      else {
        const name = blockName(tokens, start, at) ?? enclosing
        finish(at + 1)
        push('block', name)
      }
    } else if (text === ')' || text === ']' || text === '}') {
      const wanted = opened[text] ?? ''
      if ((open[wanted] ?? 0) === 0) continue
      if (top === 'block' && text === '}') finish(at)
      let closed = pop()
      while (closed !== undefined && mark(closed.kind) !== wanted) closed = pop()
      if (closed?.kind === 'block' && !opensTail(tokens[at + 1])) finish(at + 1)
      if (closed?.kind === '(' && endsCondition(tokens, start, at, stack.at(-1)?.kind)) finish(at + 1)
    } else if (text === ';' && (top === undefined || top === 'block' || top === 'tag')) {
      if (top === 'tag') pop()
      finish(at + 1)
    } else if (text === '<' && opensTag(token, previous, tokens[at + 1], dialect)) {
      finish(at)
      push('tag')
    } else if (text === '>' && top === 'tag' && previous?.text !== '=') {
      pop()
      finish(at + 1)
    }
  }
  finish(tokens.length)
  return statements
}

/** `})` and `},` belong together: what closes a call after a function body is one statement. */
function opensTail(next: Token | undefined): boolean {
  return next !== undefined && next.kind === 'sign' && ')],;.'.includes(next.text)
}

const conditional = new Set(['if', 'while', 'for'])

/** The condition of a branch or loop is a statement apart from a body without braces, which may stand on its line or not. */
function endsCondition(
  tokens: readonly Token[],
  start: number,
  at: number,
  around: Bracket['kind'] | undefined,
): boolean {
  if ((around !== undefined && around !== 'block') || tokens[at + 1]?.text === '{') return false
  const first = tokens[start]?.text === 'else' ? start + 1 : start
  return tokens[first]?.kind === 'word' && conditional.has(tokens[first]?.text ?? '')
}

const objectWords = new Set(
  'import export const let var return case in of typeof await throw yield new default'.split(' '),
)

/** Whether `{` opens a block (its header is a statement of its own) rather than an object or an expression in markup. */
function opensBlock(tokens: readonly Token[], start: number, at: number, around: Bracket['kind'] | undefined): boolean {
  const previous = tokens[at - 1]
  if (previous === undefined || at === start) return true
  const inCode = around === undefined || around === 'block'
  if (previous.kind === 'word') return !objectWords.has(previous.text)
  // After a string or `>` there is the end of a return type: `(): Promise<void> {`.
  if (previous.kind !== 'sign') return inCode
  if (previous.text === '>') return inCode || tokens[at - 2]?.text === '='
  if (previous.text === ':') return inCode && (tokens[start]?.text === 'case' || tokens[start]?.text === 'default')
  return previous.text === ')' || previous.text === ';' || previous.text === '}' || previous.text === ']'
}

const control = new Set('if else for while do switch try catch finally with } @ import export default'.split(' '))

/** What names the block after this header: its words before the parameters, and a first string (a route). */
function blockName(tokens: readonly Token[], start: number, end: number): string | undefined {
  const words: string[] = []
  for (let at = start; at < end && words.length < 8; at += 1) {
    const token = tokens[at]
    if (token === undefined || token.text === '=' || isArrow(tokens, at + 1)) break
    if (words.length === 0 && control.has(token.text)) {
      if (token.text === 'export' || token.text === 'default') continue
      return undefined
    }
    if (token.text !== '(') words.push(token.text)
    else {
      const first = tokens[at + 1]
      if (first?.kind === 'string') words.push(first.text)
      break
    }
  }
  return words.length === 0 ? undefined : words.join(' ')
}

/** Whether `=>` stands at this index. */
export function isArrow(tokens: readonly Token[], at: number): boolean {
  return tokens[at]?.text === '=' && tokens[at + 1]?.text === '>'
}

/** `<` before a name opens a tag where an expression may start, or after white space in text. */
function opensTag(token: Token, previous: Token | undefined, next: Token | undefined, dialect: Dialect): boolean {
  if (next === undefined || next.spaced) return false
  if (next.kind !== 'word' && next.text !== '/' && next.text !== '>' && next.text !== '!') return false
  return (
    dialect === 'markup' || next.text === '/' || token.spaced || previous?.text === '}' || startsExpression(previous)
  )
}

const continuing = new Set(', = + - * / % & | ^ < ? : ( [ . ~'.split(' '))
const continued = new Set('. ? : + - * / % & | ^ = > , ) ]'.split(' '))
const continuedWords = new Set(['extends', 'implements', 'instanceof', 'satisfies'])

/** Whether a statement goes on over the line break before `next`. */
function continues(previous: Token | undefined, beforePrevious: Token | undefined, next: Token): boolean {
  if (previous === undefined) return false
  if (next.kind === 'word' ? continuedWords.has(next.text) : next.kind === 'sign' && continued.has(next.text))
    return true
  if (previous.kind !== 'sign') return false
  if (previous.text === '>') return beforePrevious?.text === '='
  const doubled = (previous.text === '+' || previous.text === '-') && beforePrevious?.text === previous.text
  return continuing.has(previous.text) && !doubled
}
