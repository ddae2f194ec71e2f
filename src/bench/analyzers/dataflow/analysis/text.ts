import type { Constant } from '../ir/ir.ts'
import { kindsOf } from './kinds.ts'
import {
  allConstants,
  anything,
  asParts,
  constantValue,
  joinLabels,
  joinValues,
  type Label,
  labelled,
  lastingLabels,
  newValue,
  nothing,
  onlyText,
  prefixOf,
  type Value,
} from './value.ts'

const hostChosen = kindsOf('url')
const schemeChosen = kindsOf('redirect-host', 'script-url', 'ssrf')
const absolute = kindsOf('path-absolute')
/** Text is no object any more. */
const structured = kindsOf('nosql', 'fields')
const combinations = 8

/** Text made of parts in a row. Constant text in front takes away what only the start of a text can do. */
export function buildText(parts: readonly Value[]): Value {
  const constant = constantText(parts)
  if (constant !== undefined) return constant
  let labels: readonly Label[] = []
  let prefix = ''
  let prefixKnown = true
  let hostElsewhere = false
  let literalSince = ''
  const isSeveral = parts.filter((part) => onlyText(part) !== '').length > 1
  for (const part of parts) {
    const fixed = onlyText(part) ?? (allConstants(part)?.length === 1 ? String(allConstants(part)?.[0]) : undefined)
    if (fixed !== undefined) {
      if (prefixKnown) prefix += fixed
      else literalSince += fixed
      continue
    }
    if (part.labels.length > 0) {
      const own = isSeveral ? asParts(part.labels) : part.labels
      labels = joinLabels(labels, withPrefix(own, prefix, prefixKnown, hostElsewhere && literalSince.includes('/')))
      hostElsewhere ||= false
    }
    if (prefixKnown) {
      prefix += prefixOf(part)
      hostElsewhere = prefix === '' && part.labels.length === 0
      prefixKnown = false
    }
  }
  return newValue([], [], labels, true, prefix === '' ? undefined : prefix.slice(0, 400))
}

function withPrefix(
  labels: readonly Label[],
  prefix: string,
  known: boolean,
  hostElsewhere: boolean,
): readonly Label[] {
  let gone = structured
  if (prefix !== '') {
    gone |= absolute
    if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]+[/?#]/i.test(prefix) || /^[/.]?[^/\\:]+[/?#&=]|^\/[^/\\]|^[?#]/.test(prefix)) {
      gone |= hostChosen
    } else if (prefix.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(prefix)) gone |= kindsOf('script-url')
    if (prefix === '/') gone |= schemeChosen
    if (/^\w+$|^[a-z][a-z0-9+.-]*:\/\//i.test(prefix)) gone |= kindsOf('redirect-slashes')
  } else if (!known) {
    gone |= absolute
    if (hostElsewhere) gone |= hostChosen
  }
  const doubt = !known && prefix === '' && !hostElsewhere ? hostChosen : 0
  return labels
    .map((label) => ({ ...label, kinds: label.kinds & ~gone, sure: label.sure & ~gone & ~doubt }))
    .filter(({ kinds }) => kinds !== 0)
}

function constantText(parts: readonly Value[]): Value | undefined {
  let texts = ['']
  for (const part of parts) {
    const constants = allConstants(part)
    if (constants === undefined || part.labels.length > 0 || texts.length * constants.length > combinations) {
      return undefined
    }
    texts = texts.flatMap((text) => constants.map((constant) => text + textOfConstant(constant)))
  }
  return texts.reduce<Value>((all, text) => joinValues(all, constantValue(text)), nothing)
}

function textOfConstant(constant: Constant): string {
  return constant === null ? 'None' : String(constant)
}

/** `a + b`, `a * b`, `format % values`: folded where both are constant. */
export function binaryValue(operator: string, left: Value, right: Value): Value {
  const first = allConstants(left)
  const second = allConstants(right)
  if (first !== undefined && second !== undefined && first.length * second.length <= combinations) {
    let all: Value = nothing
    for (const a of first) {
      for (const b of second) {
        const folded = fold(operator, a, b)
        if (folded === undefined) return withLabels(anything, left, right)
        all = joinValues(all, constantValue(folded.value))
      }
    }
    return withLabels(all, left, right)
  }
  if (operator === '+') return buildText([left, right])
  if (operator === '*' || operator === '/' || operator === '-' || operator === '**' || operator === '//') {
    // Only Python's `text * number` keeps text.
    return operator === '*'
      ? withLabels(anything, left, right)
      : labelled(lastingLabels(joinLabels(left.labels, right.labels)))
  }
  return withLabels(anything, left, right)
}

function withLabels(value: Value, left: Value, right: Value): Value {
  const labels = joinLabels(left.labels, right.labels)
  return labels.length === 0 ? value : { ...value, labels: asParts(labels), open: true }
}

function fold(operator: string, left: Constant, right: Constant): { value: Constant } | undefined {
  if (typeof left === 'number' && typeof right === 'number') {
    const value = foldNumbers(operator, left, right)
    return value === undefined ? undefined : { value }
  }
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
    return { value: textOfConstant(left) + textOfConstant(right) }
  }
  if (operator === '*' && typeof left === 'string' && typeof right === 'number' && right >= 0) {
    return left.length * right <= 400 ? { value: left.repeat(right) } : undefined
  }
  if (operator === 'and' || operator === '&&') return { value: left ? right : left }
  if (operator === 'or' || operator === '||') return { value: left ? left : right }
  return undefined
}

function foldNumbers(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return right === 0 ? undefined : left / right
    case '//':
      return right === 0 ? undefined : Math.floor(left / right)
    case '%':
      return right === 0 ? undefined : left % right
    case '**':
      return Math.abs(right) < 64 ? left ** right : undefined
    case '&':
      return left & right
    case '|':
      return left | right
    default:
      return undefined
  }
}

/** The truth of a value: undefined when it may be either. Text from outside may be empty. */
export function truthOf(value: Value): boolean | undefined {
  if (value.open || value.labels.length > 0) return undefined
  let truth: boolean | undefined
  if (value.refs.length > 0) {
    // Lists may be empty: only functions and classes are surely true.
    if (value.refs.some(({ kind }) => kind !== 'function' && kind !== 'class')) return undefined
    truth = true
  }
  for (const constant of value.known) {
    const each = Boolean(constant)
    if (truth !== undefined && truth !== each) return undefined
    truth = each
  }
  return truth
}
