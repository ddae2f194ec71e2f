import type { Instruction, Temp } from '../ir/ir.ts'
import type { Frame } from './engine.ts'
import { harmlessFor, type Kinds, kindsOf, noKinds } from './kinds.ts'
import { onlyText, type Place, type Value } from './value.ts'

type Characters = (character: string) => boolean
type Call = Extract<Instruction, { op: 'call' }>

const word: Characters = (character) => /\w/.test(character)
const digit: Characters = (character) => /\d/.test(character)
const space: Characters = (character) => /\s/.test(character)
const longestPattern = 300

interface Regex {
  readonly pattern: string
  readonly flags: string
  /** Where it is written. */
  readonly at?: Place
}

/** What a call that tests a text against a regular expression takes from the text when it matches. */
export function regexLimits(call: Call, frame: Frame): { readonly target: Temp; readonly removes: Kinds } | undefined {
  const test = regexTest(call, frame)
  return test === undefined ? undefined : { target: test.target, removes: removedBy(test.regex, test.method) }
}

/** The text a call tests or searches, and the regular expression it does so with. */
export function regexTest(
  call: Call,
  frame: Frame,
): { readonly target: Temp; readonly regex: Regex; readonly method: string } | undefined {
  const first = call.arguments[0]?.value
  const second = call.arguments[1]?.value
  const receiver = regexOf(call.receiver === undefined ? undefined : frame.temps[call.receiver])
  if (receiver !== undefined && first !== undefined) {
    if (!/^(?:match|fullmatch|search|test|exec)$/.test(call.method ?? '')) return undefined
    return { target: first, regex: receiver, method: call.method ?? '' }
  }
  const callee = frame.temps[call.callee]?.refs[0]
  if (
    callee?.kind === 'external' &&
    callee.name.startsWith('re.') &&
    /^re\.(?:match|fullmatch|search)$/.test(callee.name)
  ) {
    const pattern =
      first === undefined ? undefined : (onlyText(frame.temps[first]) ?? regexOf(frame.temps[first])?.pattern)
    if (pattern === undefined || second === undefined) return undefined
    return { target: second, regex: { pattern, flags: '' }, method: callee.name.slice(3) }
  }
  const argument = regexOf(first === undefined ? undefined : frame.temps[first])
  if (argument !== undefined && call.receiver !== undefined && /^(?:match|search)$/.test(call.method ?? '')) {
    return { target: call.receiver, regex: argument, method: 'test' }
  }
  return undefined
}

/** The text a call changes, cuts or searches all through with a regular expression. */
export function regexReplacing(call: Call, frame: Frame): ReturnType<typeof regexTest> {
  const method = call.method ?? ''
  const at = (index: number | undefined) => (index === undefined ? undefined : call.arguments[index]?.value)
  const callee = frame.temps[call.callee]?.refs[0]
  const name = callee?.kind === 'external' ? callee.name : ''
  if (name.startsWith('re.') && /^re\.(?:sub|subn|split|findall|finditer)$/.test(name)) {
    const first = at(0)
    const target = at(/subn?$/.test(name) ? 2 : 1)
    const value = first === undefined ? undefined : frame.temps[first]
    const pattern = onlyText(value) ?? regexOf(value)?.pattern
    return target === undefined || pattern === undefined ? undefined : { target, regex: { pattern, flags: '' }, method }
  }
  const compiled = regexOf(call.receiver === undefined ? undefined : frame.temps[call.receiver])
  if (compiled !== undefined && /^(?:sub|subn|split|findall|finditer)$/.test(method)) {
    const target = at(/^sub/.test(method) ? 1 : 0)
    return target === undefined ? undefined : { target, regex: compiled, method }
  }
  const first = at(0)
  const given = regexOf(first === undefined ? undefined : frame.temps[first])
  if (given === undefined || call.receiver === undefined || !/^(?:replace|replaceAll|split|matchAll)$/.test(method))
    return undefined
  return { target: call.receiver, regex: given, method }
}

/** The regular expression a value surely is. */
export function regexOf(value: Value | undefined): Regex | undefined {
  const [ref] = value?.refs ?? []
  return value?.refs.length === 1 && ref?.kind === 'regex' && !value.open ? ref : undefined
}

function removedBy({ pattern, flags }: Regex, method: string): Kinds {
  // Anchors are of one of the choices alone.
  if (isChoice(pattern)) return noKinds
  const startsAtStart = method === 'match' || method === 'fullmatch' || /^(?:\^|\\A)/.test(pattern)
  if (!startsAtStart || pattern.length > longestPattern || flags.includes('m')) return noKinds
  const endsAtEnd = method === 'fullmatch' || /(?:^|[^\\])(?:\\\\)*(?:\$|\\[Zz])$/.test(pattern)
  if (!endsAtEnd) return removedByStart(pattern)
  const allowed = charactersIn(pattern)
  if (allowed === undefined) return removedByStart(pattern)
  return harmlessFor(allowed) | removedByStart(pattern)
}

/** Whether the whole pattern is a choice: `^a|b$`. */
function isChoice(pattern: string): boolean {
  return pattern.includes('|') && charactersIn(pattern) === undefined
}

/** `^/(?!/)`, `^/\w`, `^https://example\.com/`: what a fixed start takes away. */
function removedByStart(pattern: string): Kinds {
  const isOneChoice = !pattern.includes('|')
  const body = pattern.replace(/^(?:\^|\\A)/, '').replace(isOneChoice ? /^\((?:\?:)?/ : /^$/, '')
  if (/^\\?\/(?:\(\?!|\[\^[^\]]*\/|\\w|\[[a-zA-Z0-9])/.test(body)) return kindsOf('redirect', 'script-url')
  const literal = /^(?:[\w\s:/@-]|\\[^\w])*/.exec(body)?.[0].replaceAll('\\', '') ?? ''
  if (/^https?:\/\/[^/]+\//.test(literal)) return kindsOf('url')
  if (/^https?:\/\//.test(literal)) return kindsOf('script-url')
  return noKinds
}

/** The characters a text matched by the whole pattern can consist of; undefined when the pattern is not understood. */
export function charactersIn(pattern: string): Characters | undefined {
  const all: Characters[] = []
  let depth = 0
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? ''
    if (character === '\\') {
      at += 1
      all.push(escaped(pattern[at] ?? ''))
    } else if (character === '[') {
      const end = classEnd(pattern, at)
      if (end === undefined) return undefined
      all.push(characterClass(pattern.slice(at + 1, end)))
      at = end
    } else if (character === '.') all.push((each) => each !== '\n')
    else if (character === '(') {
      depth += 1
      const head = /^\(\?(?:[:=!]|<[=!]|P?<\w+>)?/.exec(pattern.slice(at, at + 40))
      if (head !== null) at += head[0].length - 1
    } else if (character === ')') depth -= 1
    else if (character === '|') {
      if (depth === 0) return undefined
    } else if (character === '{') {
      const end = pattern.indexOf('}', at)
      if (end < 0) return undefined
      at = end
    } else if (!'^$*+?'.includes(character)) all.push((each) => each === character)
  }
  return (each) => all.some((allowed) => allowed(each))
}

function classEnd(pattern: string, start: number): number | undefined {
  for (let at = start + 1; at < pattern.length; at++) {
    if (pattern[at] === '\\') at += 1
    else if (pattern[at] === ']' && at > start + 1 && !(at === start + 2 && pattern[start + 1] === '^')) return at
  }
  return undefined
}

function escaped(letter: string): Characters {
  switch (letter) {
    case 'd':
      return digit
    case 'w':
      return word
    case 's':
      return space
    case 'D':
      return (each) => !digit(each)
    case 'W':
      return (each) => !word(each)
    case 'S':
      return (each) => !space(each)
    case 'A':
    case 'Z':
    case 'z':
    case 'b':
    case 'B':
      return () => false
    case 'n':
      return (each) => each === '\n'
    case 'r':
      return (each) => each === '\r'
    case 't':
      return (each) => each === '\t'
    default:
      return (each) => each === letter
  }
}

function characterClass(body: string): Characters {
  const negated = body.startsWith('^')
  const text = negated ? body.slice(1) : body
  const all: Characters[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '\\') {
      at += 1
      all.push(escaped(text[at] ?? ''))
      continue
    }
    const last = text[at + 1] === '-' ? text[at + 2] : undefined
    if (last !== undefined) {
      at += 2
      all.push((each) => each >= character && each <= last)
    } else all.push((each) => each === character)
  }
  const holds: Characters = (each) => all.some((allowed) => allowed(each))
  return negated ? (each) => !holds(each) : holds
}

/** What replacing every match of a pattern takes from a text: `re.sub('[^a-z]', '', x)`. */
export function removedByReplacing({ pattern, flags }: Regex, replacement: string | undefined): Kinds {
  if (replacement === undefined || pattern.length > longestPattern || flags.includes('single')) return noKinds
  const single = /^(\[(?:\\.|[^\]\\])+\]|\\[wdsWDS.\\/-]|[^\\[(.^$])[+*]?$/.exec(pattern)?.[1]
  const options = single === undefined ? alternatives(pattern) : [single]
  if (options === undefined) return noKinds
  const gone = options.map((option) => charactersIn(option) ?? (() => false))
  return harmlessFor(
    (character) => (!gone.some((matches) => matches(character)) || replacement.includes(character)) && character !== '',
  )
}

/** `\r|\n` as its parts, when each is one character. */
function alternatives(pattern: string): string[] | undefined {
  const parts = pattern.split('|')
  return parts.length > 1 && parts.every((part) => /^\\?.$/.test(part)) ? parts : undefined
}
