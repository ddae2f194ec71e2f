import type { Constant, FunctionId, Span } from '../ir/ir.ts'
import { type Kinds, lastingKinds, noKinds } from './kinds.ts'
import type { State } from './state.ts'

/** A place in the app. */
export interface Place extends Span {
  readonly path: string
}

/** Where text from outside enters. */
export interface Source extends Place {
  /** One per place. */
  readonly id: number
  /** "the query string", "the request body". */
  readonly input: string
  /** How sure it is that somebody outside filled it; sure when left out. */
  readonly confidence?: 'medium' | 'low'
}

/** One step of a path, linked to the one before. */
export interface Step {
  readonly place: Place
  readonly message: string
  readonly previous: Step | undefined
  readonly length: number
}

/** Text from one source inside a value. */
export interface Label {
  readonly source: Source
  readonly kinds: Kinds
  /** The kinds it surely has: the others went through something unknown. */
  readonly sure: Kinds
  /** Whether the value is all the source gave, a part of it or built from it, or the host of the address it gave. */
  readonly aspect: 'whole' | 'part' | 'host'
  readonly steps: Step | undefined
}

/** Something a value may refer to. `key` tells references apart. */
export type Ref = { readonly key: string } & (
  | { readonly kind: 'object'; readonly at: number }
  | { readonly kind: 'function'; readonly id: FunctionId; readonly closure: State | undefined; readonly self?: Value }
  | { readonly kind: 'class'; readonly id: number }
  | { readonly kind: 'super'; readonly id: number; readonly self: Value }
  | { readonly kind: 'module'; readonly path: string }
  /** `made`: the place of the call that made it, for things of which an app has several. */
  /** `table`: the table of a database it stands for, or whose rows it is. */
  | { readonly kind: 'external'; readonly name: string; readonly made?: string; readonly table?: string }
  /** `at`: where it is written. */
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string; readonly at?: Place }
)

/** What is known of a value at one point: constants and references it may be, text from outside it may hold. */
export interface Value {
  readonly known: readonly Constant[]
  readonly refs: readonly Ref[]
  readonly labels: readonly Label[]
  /** It may also be something unknown. */
  readonly open: boolean
  /** Text it surely starts with, where the rest is not known. */
  readonly prefix: string | undefined
  /** A path without `..` and links left in it. */
  readonly resolved: true | undefined
}

const maximalKnown = 8
const maximalRefs = 8
const maximalLabels = 6
const longestText = 400
const longestPath = 14

const none: readonly never[] = []

/** A value; all have the same fields in the same order, which engines of JavaScript reward. */
export function newValue(
  known: readonly Constant[],
  refs: readonly Ref[],
  labels: readonly Label[],
  open: boolean,
  prefix?: string,
  resolved?: true,
): Value {
  return { known, refs, labels, open, prefix, resolved }
}

export const nothing = newValue(none, none, none, false)
export const anything = newValue(none, none, none, true)

export function constantValue(value: Constant): Value {
  if (typeof value === 'string' && value.length > longestText) {
    return newValue(none, none, none, true, value.slice(0, longestText))
  }
  return newValue([value], none, none, false)
}

export function refValue(ref: Ref): Value {
  return newValue(none, [ref], none, false)
}

export function externalValue(name: string): Value {
  return externals.get(name) ?? remembered(externals, name, { kind: 'external', name, key: `x${name}` })
}

export function objectValue(at: number): Value {
  return objects.get(at) ?? remembered(objects, at, { kind: 'object', at, key: `o${at}` })
}

/** The same names and objects are met again and again; one value for each also makes joins end at once. */
const externals = new Map<string, Value>()
const objects = new Map<number, Value>()
const maximalRemembered = 20_000

function remembered<Key>(values: Map<Key, Value>, key: Key, ref: Ref): Value {
  const value = refValue(ref)
  if (values.size >= maximalRemembered) values.clear()
  values.set(key, value)
  return value
}

/** The one constant a value is, if it is exactly that. */
export function onlyConstant(value: Value | undefined): { readonly value: Constant } | undefined {
  if (value === undefined || value.open || value.refs.length > 0 || value.known.length !== 1) return undefined
  return { value: value.known[0] }
}

export function onlyText(value: Value | undefined): string | undefined {
  const constant = onlyConstant(value)
  return typeof constant?.value === 'string' ? constant.value : undefined
}

/** All constants it may be; undefined when it may be anything else. */
export function allConstants(value: Value): readonly Constant[] | undefined {
  return value.open || value.refs.length > 0 || value.known.length === 0 ? undefined : value.known
}

/** The text the value surely starts with. */
export function prefixOf(value: Value): string {
  return onlyText(value) ?? (value.known.length === 0 && value.refs.length === 0 ? (value.prefix ?? '') : '')
}

/** What may be either; the first value itself when the second adds nothing. */
export function joinValues(first: Value | undefined, second: Value | undefined): Value {
  if (first === undefined || first === second) return first ?? second ?? nothing
  if (second === undefined || second === nothing) return first
  if (first === nothing) return second
  let known = joinConstants(first.known, second.known)
  let open = first.open || second.open
  let prefix = first.prefix
  if (first.prefix !== second.prefix || first.known.length > 0 || second.known.length > 0) {
    prefix = commonPrefix(first, second)
  }
  if (known.length > maximalKnown) {
    known = []
    open = true
  }
  const refs = joinRefs(first.refs, second.refs)
  const labels = joinLabels(first.labels, second.labels)
  if (refs.length > maximalRefs) open = true
  if (
    known === first.known &&
    refs === first.refs &&
    labels === first.labels &&
    open === first.open &&
    prefix === first.prefix &&
    (first.resolved === undefined || second.resolved === true || second.labels.length === 0)
  ) {
    return first
  }
  const shortened = refs.length > maximalRefs ? refs.slice(0, maximalRefs) : refs
  const resolved =
    (first.resolved === true || first.labels.length === 0) && (second.resolved === true || second.labels.length === 0)
  return newValue(known, shortened, labels, open, prefix, resolved && labels.length > 0 ? true : undefined)
}

function commonPrefix(first: Value, second: Value): string | undefined {
  const left = prefixOf(first)
  const right = prefixOf(second)
  let length = 0
  while (length < left.length && left[length] === right[length]) length += 1
  return length === 0 ? undefined : left.slice(0, length)
}

function joinConstants(first: readonly Constant[], second: readonly Constant[]): readonly Constant[] {
  if (first === second || second.length === 0) return first
  if (first.length === 0) return second
  // `indexOf` and not `includes`: what is not a number is not the same as itself.
  if (second.every((constant) => first.indexOf(constant) !== -1)) return first
  return [...first, ...second.filter((constant) => first.indexOf(constant) === -1)]
}

function joinRefs(first: readonly Ref[], second: readonly Ref[]): readonly Ref[] {
  if (first === second || second.length === 0) return first
  if (first.length === 0) return second
  if (second.every(({ key }) => hasRef(first, key))) return first
  return [...first, ...second.filter(({ key }) => !hasRef(first, key))]
}

function hasRef(refs: readonly Ref[], key: string): boolean {
  for (const ref of refs) if (ref.key === key) return true
  return false
}

/** Labels of both: for one source the kinds together, the path of the first. */
export function joinLabels(first: readonly Label[], second: readonly Label[]): readonly Label[] {
  if (second.length === 0 || first === second) return first
  if (first.length === 0) return second
  let result: Label[] | undefined
  for (const label of second) {
    const all: readonly Label[] = result ?? first
    const at = likeIn(all, label)
    const same = all[at]
    if (same === undefined) {
      if (all.length >= maximalLabels) continue
      result = [...all, label]
    } else if ((same.kinds | label.kinds) !== same.kinds || (same.sure | label.sure) !== same.sure) {
      result = [...all]
      result[at] = { ...same, kinds: same.kinds | label.kinds, sure: same.sure | label.sure }
    }
  }
  return result ?? first
}

/** The place of the label of the same source and aspect, -1 when there is none. */
function likeIn(labels: readonly Label[], { source, aspect }: Label): number {
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at]
    if (label?.source === source && label.aspect === aspect) return at
  }
  return -1
}

/** The value with its labels changed; labels without any kind go. */
export function mapLabels(value: Value, change: (label: Label) => Label): Value {
  if (value.labels.length === 0) return value
  const labels = value.labels.map(change).filter(({ kinds }) => kinds !== noKinds)
  return labels.length === value.labels.length && labels.every((label, at) => label === value.labels[at])
    ? value
    : { ...value, labels }
}

export function withoutKinds(value: Value, kinds: Kinds): Value {
  return mapLabels(value, (label) =>
    (label.kinds & kinds) === 0 ? label : { ...label, kinds: label.kinds & ~kinds, sure: label.sure & ~kinds },
  )
}

/** The labels of what a value was made of that stay when it becomes a number or a digest. */
export function lastingLabels(labels: readonly Label[]): readonly Label[] {
  if (labels.every(({ kinds }) => (kinds & lastingKinds) === 0)) return []
  return labels
    .filter(({ kinds }) => (kinds & lastingKinds) !== 0)
    .map((label): Label => ({ ...label, kinds: label.kinds & lastingKinds, sure: label.sure & lastingKinds }))
}

/** The labels after something that may or may not have kept them. */
export function doubtful(labels: readonly Label[]): readonly Label[] {
  return labels.map((label) => (label.sure === noKinds ? label : { ...label, sure: noKinds }))
}

export function asParts(labels: readonly Label[]): readonly Label[] {
  return labels.every(({ aspect }) => aspect === 'part')
    ? labels
    : labels.map((label) => (label.aspect === 'part' ? label : { ...label, aspect: 'part' }))
}

/** The labels with one more step on their paths. */
export function stepped(labels: readonly Label[], place: Place, message: string): readonly Label[] {
  if (labels.length === 0) return labels
  return labels.map((label) => {
    const last = label.steps
    if (last !== undefined && last.place.start === place.start && last.place.path === place.path) return label
    if ((last?.length ?? 0) >= longestPath) return label
    return { ...label, steps: { place, message, previous: last, length: (last?.length ?? 0) + 1 } }
  })
}

/** Unknown text that holds what the labels say. */
export function labelled(labels: readonly Label[]): Value {
  return labels.length === 0 ? anything : newValue(none, none, labels, true)
}
