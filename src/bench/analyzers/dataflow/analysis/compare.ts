import type { CompareOperator, Constant } from '../ir/ir.ts'
import { contents, heapObject, type State } from './state.ts'
import { allConstants, anything, constantValue, joinValues, nothing, type Value } from './value.ts'

const combinations = 64

/** What a comparison answers where both sides are known. */
export function compareValues(operator: CompareOperator, left: Value, right: Value, state: State | undefined): Value {
  if (operator === 'in' || operator === 'not in') {
    const options = optionsIn(right, state)
    const constants = allConstants(left)
    if (options === undefined || constants === undefined || left.labels.length > 0) return anything
    return truths(constants.map((constant) => options.some((option) => option === constant) === (operator === 'in')))
  }
  const first = allConstants(left)
  const second = allConstants(right)
  if (first === undefined || second === undefined) return anything
  if (left.labels.length > 0 || right.labels.length > 0 || first.length * second.length > combinations) return anything
  const answers: boolean[] = []
  for (const a of first) {
    for (const b of second) {
      const answer = compare(operator, a, b)
      if (answer === undefined) return anything
      answers.push(answer)
    }
  }
  return truths(answers)
}

function truths(answers: readonly boolean[]): Value {
  return answers.reduce<Value>((all, answer) => joinValues(all, constantValue(answer)), nothing)
}

function compare(operator: CompareOperator, left: Constant, right: Constant): boolean | undefined {
  switch (operator) {
    case '==':
      return left === right || (left == null && right == null)
    case '!=':
      return !(left === right || (left == null && right == null))
    case 'instanceof':
      return undefined
  }
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return undefined
  if (typeof right !== 'number' && typeof right !== 'string') return undefined
  switch (operator) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    default:
      return undefined
  }
}

/** The constants a collection surely consists of: elements of a list, keys of an object. */
export function optionsIn(collection: Value, state: State | undefined): readonly Constant[] | undefined {
  if (collection.open || collection.labels.length > 0 || collection.refs.length === 0 || state === undefined) {
    return undefined
  }
  const options: Constant[] = []
  for (const ref of collection.refs) {
    if (ref.kind !== 'object') return undefined
    const object = heapObject(state, ref.at)
    if (object === undefined) return undefined
    if (object.kind === 'list') {
      const all = contents(object)
      const constants = allConstants(all)
      if (all === nothing) continue
      if (constants === undefined || all.labels.length > 0) return undefined
      options.push(...constants)
    } else {
      if (object.rest !== nothing) return undefined
      options.push(...object.fields.keys())
    }
  }
  return options
}

/**
 * Whether a collection is made by the program alone, though its elements are not all known: nothing from outside is in
 * it, so that being in it is a real restriction.
 */
export function isTrustedCollection(collection: Value, state: State | undefined): boolean {
  if (collection.labels.length > 0 || state === undefined) return false
  if (collection.refs.length === 0) return false
  return collection.refs.every((ref) => {
    if (ref.kind === 'external' || ref.kind === 'class') return true
    if (ref.kind !== 'object') return false
    const object = heapObject(state, ref.at)
    if (object === undefined) return false
    return object.kind === 'list' ? contents(object).labels.length === 0 : true
  })
}
