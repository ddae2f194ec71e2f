import type { Region } from './finding.ts'
import { type Statement, statementsOf } from './statements.ts'
import { dialectOf, type Token, tokenize } from './tokens.ts'

/** The code a finding is about, free of layout: what its fingerprint stands on. */
export interface CodeContext {
  /** Normalised tokens of the offending statement, narrowed to the argument or entry the region starts in. */
  readonly tokens: readonly { readonly text: string; readonly kind: Token['kind'] }[]
  /** The innermost function, class or route around the statement; `''` at the top of a file. */
  readonly enclosing: string
}

/** More of a statement than this is not needed to tell it from others, and hostile input has statements of megabytes. */
const tokenLimit = 60
const scanLimit = 4_000
const nestingLimit = 12

/**
 * Prepares one file and answers for any region in it. Inserted lines, another indentation, re-wrapped calls, other
 * quotes, trailing commas, redundant parentheses and semicolons do not change the answer.
 */
export function codeContexts(path: string, text: string): (region: Region) => CodeContext {
  const dialect = dialectOf(path)
  const lines = lineStarts(text)
  const all = tokenize(text, dialect)
  const comments = all.filter((token) => token.kind === 'comment')
  const code = withBreaks(all)
  const columns = (token: Token): number => token.start - (lines[lineOf(lines, token.start)] ?? 0)
  const statements = statementsOf(code, columns, dialect)

  return (region) => {
    const lineStart = lines[region.startLine - 1]
    if (lineStart === undefined) return { tokens: [], enclosing: '' }
    const lineEnd = lines[region.startLine] ?? text.length
    const offset = lineStart + (region.startColumn ?? 1) - 1
    const commented = firstEndingAfter(comments, offset)
    const focus = firstEndingAfter(code, offset)
    const comment = comments[commented]
    const token = code[focus]
    const inComment =
      comment !== undefined && comment.start < lineEnd && (token === undefined || token.start >= comment.start)
    const statement = statements[firstEndingAfter(statements, focus)]
    if (
      comment !== undefined &&
      inComment &&
      (region.startColumn !== undefined || (token?.start ?? lineEnd) >= lineEnd)
    ) {
      return { tokens: [{ text: comment.text, kind: 'comment' }], enclosing: statement?.enclosing ?? '' }
    }
    if (statement === undefined) return { tokens: [], enclosing: '' }
    return { tokens: narrowed(code, statement, focus), enclosing: statement.enclosing }
  }
}

/** Drops comments; a line break before one counts for the token after it. */
function withBreaks(all: readonly Token[]): Token[] {
  const code: Token[] = []
  let broken = false
  let spaced = false
  for (const token of all) {
    if (token.kind === 'comment') {
      broken ||= token.newLine
      spaced = true
      continue
    }
    code.push(broken || spaced ? { ...token, newLine: token.newLine || broken, spaced: true } : token)
    broken = false
    spaced = false
  }
  return code
}

/**
 * The statement's tokens, without the siblings of the arguments and entries around the focus, so that a further entry
 * in a list changes nothing for the others.
 */
function narrowed(code: readonly Token[], statement: Statement, focus: number): CodeContext['tokens'] {
  const before: Token[] = []
  let start = Math.max(statement.start, focus - scanLimit)
  let end = Math.min(statement.end, focus + scanLimit)
  for (let level = 0; level < nestingLimit; level += 1) {
    const group = (level === 0 && importedName(code, start, end, focus)) || groupAround(code, start, end, focus)
    if (group === undefined) break
    before.push(...code.slice(start, group.open + 1))
    start = group.start
    end = group.end
  }
  return [...withoutLayout(before).slice(-tokenLimit), ...withoutLayout(code.slice(start, end)).slice(0, tokenLimit)]
}

function withoutLayout(tokens: readonly Token[]): Token[] {
  return tokens.filter((token, at) => !isLayout(token, tokens[at - 1], tokens[at + 1]))
}

/** Parentheses, semicolons, the comma before a closing bracket and the bar before a first alternative come and go. */
function isLayout(token: Token, previous: Token | undefined, next: Token | undefined): boolean {
  if (token.kind !== 'sign') return false
  if (token.text === '(' || token.text === ')' || token.text === ';') return true
  if (token.text === '|') return previous?.text === ':' || previous?.text === '='
  return token.text === ',' && (next === undefined || ')]}'.includes(next.text))
}

interface Group {
  /** Index of the opening bracket. */
  readonly open: number
  /** The element of the group the focus is in: inclusive and exclusive. */
  readonly start: number
  readonly end: number
}

/**
 * The outermost bracket pair strictly around the focus, and the element of it the focus is in. Parentheses that only group
 * (they follow no name or call) are no such pair, since formatting adds and removes them.
 */
function groupAround(code: readonly Token[], start: number, end: number, focus: number): Group | undefined {
  const stack: boolean[] = []
  let level = 0
  let base = 0
  let open = -1
  let element = -1
  for (let at = start; at < end; at += 1) {
    if (at > focus && level === 0) return undefined
    const token = code[at]
    if (token === undefined || token.kind !== 'sign') continue
    if ('([{'.includes(token.text)) {
      const counts = token.text !== '(' || isCalled(code[at - 1])
      stack.push(counts)
      if (!counts) continue
      level += 1
      if (level > 1) continue
      if (at === focus) return undefined
      open = at
      element = at + 1
      base = stack.length
    } else if (')]}'.includes(token.text)) {
      if (stack.pop() !== true) continue
      level -= 1
      if (level === 0 && at >= focus) return at === focus ? undefined : { open, start: element, end: at }
    } else if (token.text === ',' && level === 1 && stack.length === base) {
      if (at > focus) return { open, start: element, end: at }
      element = at + 1
    }
  }
  return level > 0 && element <= focus ? { open, start: element, end } : undefined
}

const uncalled = new Set(
  'return yield import in not and or if elif else while for assert await async lambda del raise is from as of typeof case throw new delete void default'.split(
    ' ',
  ),
)

function isCalled(previous: Token | undefined): boolean {
  if (previous === undefined || previous.kind === 'comment') return false
  if (previous.kind === 'word') return !uncalled.has(previous.text)
  return previous.kind === 'string' || previous.text === ')' || previous.text === ']' || previous.text === '}'
}

/** One name of `from a import b, c`: the names are entries of a list that may stand in parentheses. */
function importedName(code: readonly Token[], start: number, end: number, focus: number): Group | undefined {
  const first = code[start]?.text
  if (first !== 'from' && first !== 'import') return undefined
  let open = -1
  let element = end
  for (let at = start; at < end; at += 1) {
    const text = code[at]?.text
    if (open < 0) {
      if (text !== 'import') continue
      open = at
      element = at + 1
    } else if (text === '{' || text === 'from') return undefined
    else if (text === ',') {
      if (at > focus) return element <= focus ? { open, start: element, end: at } : undefined
      element = at + 1
    }
  }
  return element <= focus ? { open, start: element, end } : undefined
}

/** Index of the first item that ends after `offset`; the length when none does. Items are sorted. */
function firstEndingAfter(items: readonly { readonly end: number }[], offset: number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle]?.end ?? 0) > offset) high = middle
    else low = middle + 1
  }
  return low
}

/** Offsets of the first character of every line; lines end with LF, CR LF or CR. */
export function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1)
  }
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}
