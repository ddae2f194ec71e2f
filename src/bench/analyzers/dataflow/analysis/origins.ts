import type { Instruction, Temp } from '../ir/ir.ts'
import { definitionOf, type Engine, type Frame } from './engine.ts'
import { isExponential } from './exponential.ts'
import { kindsOf } from './kinds.ts'
import { restrict } from './refine.ts'
import { regexTest } from './regex.ts'
import { variable, withVariable } from './state.ts'
import { nothing, onlyConstant, onlyText, withoutKinds } from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>
type Compare = Extract<Instruction, { op: 'compare' }>

const origin = kindsOf('origin')
const longestPattern = 200

/** Behind a branch that asked whether an origin is one of the allowed, it may be reflected. */
export function noteOrigin(condition: Temp, holds: boolean, frame: Frame, engine: Engine, depth = 0): void {
  const definition = definitionOf(condition, frame)
  if (definition === undefined || frame.state === undefined || depth > 4) return
  if (definition.op === 'unary' && /^(?:not|!)$/.test(definition.operator)) {
    noteOrigin(definition.operand, !holds, frame, engine, depth + 1)
  } else if (definition.op === 'compare') noteComparison(definition, holds, frame, engine)
  else if (definition.op === 'call' && holds) noteTest(definition, frame, engine)
}

/** `origin in allowed`, `allowed.indexOf(origin) !== -1`. */
function noteComparison(compare: Compare, holds: boolean, frame: Frame, engine: Engine): void {
  const { operator } = compare
  if (operator === 'in' || operator === 'not in') {
    if (holds === (operator === 'in') && !isLabelled(compare.right, frame))
      restrict(compare.left, origin, frame, engine)
    return
  }
  const call = definitionOf(compare.left, frame)
  const number = onlyConstant(frame.temps[compare.right])?.value
  if (call?.op !== 'call' || !/^(?:indexOf|findIndex|index|count)$/.test(call.method ?? '')) return
  const found = (operator === '!=' || operator === '>') === (number === -1) || (operator === '>=' && number === 0)
  if (found === holds) noteTest(call, frame, engine)
}

/** A call that said yes to the origin. */
function noteTest(call: Call, frame: Frame, engine: Engine): void {
  const test = regexTest(call, frame)
  if (test !== undefined) {
    const how = test.method === 'fullmatch' ? 'whole' : test.method === 'match' ? 'start' : 'search'
    if (originsMatching(test.regex.pattern, how) === 'some') restrict(test.target, origin, frame, engine)
    return
  }
  const { receiver, method = '' } = call
  const [first] = call.arguments
  if (receiver !== undefined && isLabelled(receiver, frame)) {
    const text = first === undefined ? undefined : onlyText(frame.temps[first.value])
    const isEnd = /^endswith$/i.test(method) && /^\.|:\/\//.test(text ?? '')
    const isLocal = /^startswith$/i.test(method) && /^https?:\/\/(?:localhost|127\.)/.test(text ?? '')
    if (isEnd || isLocal) restrict(receiver, origin, frame, engine)
    return
  }
  for (const { value } of call.arguments) restrict(value, origin, frame, engine)
  namedIn(call, frame)
}

/** `allowed.some((each) => each === origin)`, `any(origin == each for each in allowed)`. */
function namedIn(call: Call, frame: Frame): void {
  const { ir, module } = frame.facts
  const text = module.text.slice(call.start, Math.min(call.end, call.start + 500))
  for (const slot of ir.slots) {
    const value = frame.state === undefined ? undefined : variable(frame.state, slot)
    const name = module.slotNames[slot] ?? ''
    if (frame.state === undefined || value === undefined || value.labels.length === 0 || name === '') continue
    const isNamed = text.split(/[^\w$]+/).includes(name)
    if (isNamed) frame.state = withVariable(frame.state, slot, withoutKinds(value, origin))
  }
}

function isLabelled(temp: Temp, frame: Frame): boolean {
  return (frame.temps[temp] ?? nothing).labels.length > 0
}

/**
 * Which origins a regular expression lets in: `any` one, `strangers` too who choose their name well, only `some`, or
 * undefined when the expression is not understood.
 */
export function originsMatching(
  pattern: string,
  how: 'whole' | 'start' | 'search',
): 'any' | 'strangers' | 'some' | undefined {
  if (pattern.length > longestPattern || isExponential(pattern)) return undefined
  const matches = testOf(pattern, how)
  if (matches === undefined) return undefined
  if (matches('https://stranger.invalid') || matches('http://stranger.invalid')) return 'any'
  const hosts = [...pattern.matchAll(/[a-z0-9-]{1,40}(?:\\?\.[a-z0-9-]{1,40}){1,4}/gi)].map(([host]) =>
    host.replaceAll('\\', ''),
  )
  const strangers = hosts
    .filter((host) => !/^(?:localhost|127\.)/.test(host))
    .flatMap((host) => [
      `https://stranger${host}`,
      `https://${host}.stranger.invalid`,
      `https://a.${host}.stranger.invalid`,
      ...(host.split('.').length > 2 ? [`https://${host.replace('.', 'x')}`] : []),
    ])
  return strangers.some((each) => matches(each)) ? 'strangers' : 'some'
}

function testOf(pattern: string, how: 'whole' | 'start' | 'search'): ((text: string) => boolean) | undefined {
  const plain = pattern
    .replaceAll('(?P<', '(?<')
    .replace(/^\\A/, '^')
    .replace(/\\[Zz]$/, '$')
  try {
    const regex = new RegExp(how === 'whole' ? `^(?:${plain})$` : how === 'start' ? `^(?:${plain})` : plain)
    return (text) => regex.test(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
