import type { Constant, Instruction } from '../ir/ir.ts'
import { newList, readKey } from './access.ts'
import type { CallArguments, Engine, Frame } from './engine.ts'
import { placeOf } from './engine.ts'
import { harmlessFor, kindsOf } from './kinds.ts'
import { regexOf, removedByReplacing } from './regex.ts'
import { buildText } from './text.ts'
import {
  allConstants,
  anything,
  asParts,
  constantValue,
  joinLabels,
  joinValues,
  labelled,
  lastingLabels,
  nothing,
  onlyText,
  stepped,
  type Value,
  withoutKinds,
} from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>

/** Methods of text whose answer says something about it but holds nothing of it. */
const answers = new Set([
  'startswith',
  'endswith',
  'startsWith',
  'endsWith',
  'includes',
  'isdigit',
  'isalnum',
  'isalpha',
  'isnumeric',
  'isdecimal',
  'isidentifier',
  'isspace',
  'islower',
  'isupper',
  'find',
  'rfind',
  'index',
  'rindex',
  'indexOf',
  'lastIndexOf',
  'count',
  'search',
  'test',
  'localeCompare',
  'charCodeAt',
  'codePointAt',
  '__len__',
  'toFixed',
  'is_absolute',
  'exists',
  'is_file',
  'is_dir',
  'hexdigest',
])
/** Of these, the ones that answer a number or a digest made of all of it. */
const numbers = new Set(['toFixed', 'charCodeAt', 'codePointAt', 'hexdigest'])
/** Methods that answer the same text in another form. */
const forms = new Set([
  'strip',
  'lstrip',
  'rstrip',
  'lower',
  'upper',
  'title',
  'capitalize',
  'casefold',
  'trim',
  'trimStart',
  'trimEnd',
  'toLowerCase',
  'toUpperCase',
  'toString',
  'valueOf',
  'encode',
  'decode',
  'normalize',
  'expandtabs',
  'swapcase',
])
const folded: Readonly<Record<string, (text: string) => Constant>> = {
  strip: (text) => text.trim(),
  trim: (text) => text.trim(),
  lower: (text) => text.toLowerCase(),
  toLowerCase: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  toUpperCase: (text) => text.toUpperCase(),
  toString: (text: string) => text,
  isdigit: (text) => /^\d+$/.test(text),
  isalpha: (text) => /^[^\W\d_]+$/.test(text),
  encode: (text) => text,
  decode: (text) => text,
}

/** A method of text; undefined when the receiver is not text or the method is not one of text. */
export function textMethod(
  call: Call,
  receiver: Value,
  args: CallArguments,
  frame: Frame,
  engine: Engine,
): Value | undefined {
  const method = call.method ?? ''
  const constants = allConstants(receiver)
  const isText = constants?.every((constant) => typeof constant === 'string') ?? false
  if (!isText && (receiver.labels.length === 0 || receiver.refs.some(({ kind }) => kind === 'object'))) return undefined
  const [first, second] = args.positional
  if (isText && constants !== undefined) {
    const known = foldedMethod(method, constants, args)
    if (known !== undefined) return known
  }
  switch (method) {
    case 'format':
      return isText ? formatted(onlyText(receiver), args, call, frame, engine) : heldBy(receiver, args)
    case 'join':
      return undefined
    case 'replace':
    case 'replaceAll':
      return replaced(receiver, first, second, method === 'replaceAll' || frame.facts.module.language === 'python')
    case 'concat':
      return buildText([receiver, ...args.positional])
    case 'split':
    case 'rsplit':
    case 'splitlines':
    case 'partition':
    case 'rpartition':
    case 'match':
    case 'matchAll': {
      const place = placeOf(call, frame)
      const labels = stepped(asParts(receiver.labels), place, `split by .${method}()`)
      const cleared = method === 'splitlines' ? kindsOf('header', 'log') : 0
      return newList(withoutKinds(labelled(labels), cleared), `${call.start} ${method}`, frame, engine)
    }
  }
  if (answers.has(method)) return labelled(numbers.has(method) ? lastingLabels(receiver.labels) : [])
  if (forms.has(method)) return withoutKinds({ ...receiver, known: [], open: true }, kindsOf('nosql', 'fields'))
  return undefined
}

function foldedMethod(method: string, constants: readonly Constant[], args: CallArguments): Value | undefined {
  const fold = Object.hasOwn(folded, method) ? folded[method] : undefined
  const [first, second] = args.positional.map(onlyText)
  let all: Value = nothing
  for (const constant of constants) {
    if (typeof constant !== 'string') return undefined
    let result: Constant
    if (fold !== undefined) result = fold(constant)
    else if (first !== undefined && /^starts[wW]ith$/.test(method)) result = constant.startsWith(first)
    else if (first !== undefined && /^ends[wW]ith$/.test(method)) result = constant.endsWith(first)
    else if (first !== undefined && method === 'includes') result = constant.includes(first)
    else if (first !== undefined && second !== undefined && /^replace(?:All)?$/.test(method)) {
      result = constant.replaceAll(first, second)
    } else return undefined
    all = joinValues(all, constantValue(result))
  }
  return all
}

function heldBy(receiver: Value, args: CallArguments): Value {
  let { labels } = receiver
  for (const value of [...args.positional, ...args.named.values()]) labels = joinLabels(labels, value.labels)
  return labelled(asParts(labels))
}

/** `'… {} …'.format(a, b=c)`. */
function formatted(format: string | undefined, args: CallArguments, call: Call, frame: Frame, engine: Engine): Value {
  if (format === undefined) return heldBy(anything, args)
  let next = 0
  const parts: Value[] = []
  for (const piece of format.split(/(\{[^{}]{0,100}\})/)) {
    const field = /^\{([\w]*)[^{}]*\}$/.exec(piece)?.[1]
    if (field === undefined) {
      if (piece !== '') parts.push(constantValue(piece))
      continue
    }
    const given = /^\d*$/.test(field) ? args.positional[field === '' ? next++ : Number(field)] : args.named.get(field)
    // `{0[name]}`, `{user.name}`.
    const [, mark, key] = /^\{\w*([[.])([\w-]+)/.exec(piece) ?? []
    const part =
      given === undefined || key === undefined ? given : readKey(given, key, mark === '.', call, frame, engine)
    parts.push(part ?? args.more ?? anything)
  }
  return buildText(parts)
}

/** `format % values`. */
export function percentFormatted(
  format: string,
  values: readonly Value[],
  named?: ReadonlyMap<string | number, Value>,
): Value {
  let next = 0
  const parts: Value[] = []
  for (const piece of format.split(/(%(?:\(\w{1,40}\))?[-+0 #]{0,3}\d{0,4}(?:\.\d{1,4})?[a-zA-Z%])/)) {
    if (!/^%.*[a-zA-Z%]$/.test(piece)) {
      if (piece !== '') parts.push(constantValue(piece))
    } else if (piece === '%%') parts.push(constantValue('%'))
    else {
      const name = /^%\((\w+)\)/.exec(piece)?.[1]
      const value = (name === undefined ? undefined : named?.get(name)) ?? values[next] ?? values[0] ?? anything
      next += 1
      parts.push(/[sra]$/.test(piece) ? value : labelled(lastingLabels(value.labels)))
    }
  }
  return buildText(parts)
}

/** Replacing takes away what can no longer be in the text. */
function replaced(receiver: Value, pattern: Value | undefined, replacement: Value | undefined, all: boolean): Value {
  const base: Value = { ...receiver, known: [], open: true, labels: asParts(receiver.labels) }
  const result =
    replacement === undefined || replacement.labels.length === 0
      ? base
      : { ...base, labels: joinLabels(base.labels, asParts(replacement.labels)) }
  const regex = regexOf(pattern)
  const withText = onlyText(replacement)
  // Between single quotes the shell ends the text, adds a quote and goes on.
  const isShellQuote = withText === "'\\''" || withText === `'"'"'`
  if (isShellQuote && all && (regex?.pattern ?? onlyText(pattern)) === "'")
    return withoutKinds(result, kindsOf('shell'))
  if (isShellQuote && regex?.pattern === "'" && regex.flags.includes('g')) return withoutKinds(result, kindsOf('shell'))
  if (onlyText(pattern) === '\\' && withText === '/' && all) return { ...receiver, known: [], open: true }
  if (regex !== undefined) {
    if (!regex.flags.includes('g')) return result
    const isFunction = replacement?.refs.some(({ kind }) => kind === 'function') ?? false
    const isEscape = isFunction || (withText !== undefined && /^\\+\$&$/.test(withText))
    const removed = removedByReplacing(regex, isEscape ? '' : withText)
    // An escaping function is one, whatever it escapes with.
    if (/^\[?[^\]]*[<&]/.test(regex.pattern)) return withoutKinds(result, kindsOf('html') | removed)
    return withoutKinds(result, removed)
  }
  const text = onlyText(pattern)
  if (text === undefined || withText === undefined || !all) return result
  if (text === '<' && !withText.includes('<')) return withoutKinds(result, kindsOf('html'))
  if ((text === '/' || text === '\\') && !/[\\/]/.test(withText)) return withoutKinds(result, kindsOf('path'))
  if ((text === "'" || text === '"') && !withText.includes(text)) return withoutKinds(result, kindsOf('xpath'))
  if (text === '\n' || text === '\r' || text === '\r\n') return withoutKinds(result, kindsOf('header', 'log'))
  if (text.length === 1)
    return withoutKinds(result, harmlessFor((each) => each !== text) & ~kindsOf('structure', 'deserialise'))
  return result
}
