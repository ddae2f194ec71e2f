import type { Registration } from '../../analysis/inventory.ts'
import type { FunctionFacts } from '../../analysis/program.ts'
import { heapObject } from '../../analysis/state.ts'
import { allConstants, onlyText, type Place, type Value } from '../../analysis/value.ts'
import type { FunctionId, Temp } from '../../ir/ir.ts'
import { type Code, nameAt, textAt } from './code.ts'
import type { Guard } from './guards.ts'

/** A function that answers requests, with everything that stands before it. */
export interface Route {
  /** In capitals; none where it answers whatever comes. */
  readonly methods: readonly string[]
  /** With the paths of the routers it is mounted on. */
  readonly path: string
  /** What it is called, as far as it has a name. */
  readonly name: string
  readonly handlers: readonly FunctionId[]
  readonly guards: readonly Guard[]
  /** Tells the routers of an app apart. */
  readonly router: string
  readonly place: Place
}

/** A router or app, and what it is mounted on. */
export interface Mount {
  readonly parent: string | undefined
  readonly path: string
  readonly guards: readonly Guard[]
}

/** The things an argument holds that can be called, lists opened. */
export function itemsOf(value: Value | undefined, registration: Registration): Value[] {
  if (value === undefined) return []
  return value.refs.flatMap((ref) => {
    if (ref.kind !== 'object') return [{ ...value, refs: [ref] }]
    const object = heapObject(registration.state, ref.at)
    return object?.kind === 'list' ? [...object.fields.values()].flatMap((field) => itemsOf(field, registration)) : []
  })
}

/** A field of an object given to a call. */
export function fieldOf(value: Value | undefined, name: string, registration: Registration): Value | undefined {
  const [ref] = value?.refs ?? []
  return ref?.kind === 'object' ? heapObject(registration.state, ref.at)?.fields.get(name) : undefined
}

/** The texts a list or tuple holds: `methods=['GET', 'POST']`. */
export function textsOf(value: Value | undefined, registration: Registration): string[] {
  const [ref] = value?.refs ?? []
  const object = ref?.kind === 'object' ? heapObject(registration.state, ref.at) : undefined
  const values = object === undefined ? (value === undefined ? [] : [value]) : [...object.fields.values()]
  return values.flatMap((each) => (allConstants(each) ?? []).filter((constant) => typeof constant === 'string'))
}

export function functionsOf(value: Value | undefined): FunctionId[] {
  return (value?.refs ?? []).flatMap((ref) => (ref.kind === 'function' ? [ref.id] : []))
}

/** Where the router was made that a value is; undefined for anything else. */
export function routerOf(value: Value | undefined): string | undefined {
  for (const ref of value?.refs ?? []) if (ref.kind === 'external' && ref.made !== undefined) return ref.made
  return undefined
}

/** What a value is called: for a call what is called, with its arguments. */
export function labelOf(temp: Temp | undefined, facts: FunctionFacts): string {
  const definition = temp === undefined ? undefined : facts.definitions[temp]
  if (definition?.op === 'function' || definition === undefined) return ''
  if (definition.op === 'call' && definition.arguments.some(({ value }) => facts.definitions[value]?.op === 'function'))
    return nameAt(definition.callee, facts)
  return textAt(temp, facts)
}

/** Guards given as values, named by the library they come from. */
export function guardsIn(value: Value | undefined, as: Guard['as'], text: string, registration: Registration): Guard[] {
  return itemsOf(value, registration).flatMap((item): Guard[] => {
    const functions = functionsOf(item)
    if (functions.length > 0) return [{ text, functions, as }]
    const names = item.refs.flatMap((ref) =>
      ref.kind === 'external' ? [ref.name.slice(ref.name.search(/[^./]*$/))] : [],
    )
    return names.length > 0 || text !== '' ? [{ text: `${text} ${names.join(' ')}`.trim(), functions: [], as }] : []
  })
}

export function joinedPath(...parts: readonly string[]): string {
  const joined = parts
    .filter((part) => part !== '' && part !== '/')
    .map((part) => (part.startsWith('/') ? part : `/${part}`))
    .join('')
  return joined.replace(/\/{2,}/g, '/') || '/'
}

export function firstText(value: Value | undefined): string | undefined {
  if (value === undefined) return undefined
  return onlyText(value) ?? allConstants(value)?.find((each) => typeof each === 'string')
}

/** The name of the function a route is answered by. */
export function handlerName(handlers: readonly FunctionId[], code: Code): string {
  const name = handlers.map((id) => code.facts(id).ir.name).find((each) => each !== 'anonymous')
  return name ?? ''
}
