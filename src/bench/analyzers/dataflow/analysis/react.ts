import type { Instruction } from '../ir/ir.ts'
import { newList, newObject } from './access.ts'
import type { Invoke } from './collections.ts'
import type { CallArguments, Engine, Frame } from './engine.ts'
import { noteRead } from './seen.ts'
import { type HeapObject, heapObject, withObject } from './state.ts'
import { anything, externalValue, joinValues, nothing, type Value } from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>

/** React's hooks: what a component keeps between two runs. Source: react.dev/reference/react/hooks. Undefined for other calls. */
export function hookCall(
  name: string,
  call: Call,
  args: CallArguments,
  frame: Frame,
  engine: Engine,
  invoke: Invoke,
): Value | undefined {
  if (!name.startsWith('react.') && !name.startsWith('React.') && !name.startsWith('preact/')) return undefined
  const setter = /^react\.(set|dispatch)\.(\d+)$/.exec(name)
  if (setter !== null) return change(Number(setter[2]), setter[1] === 'dispatch', args, frame, invoke)
  const hook = /^(?:react|React|preact\/hooks)\.use([A-Z]\w+)$/.exec(name)?.[1]
  const [first, second] = args.positional
  switch (hook) {
    case 'State': {
      const isFunction = first?.refs.some(({ kind }) => kind === 'function') ?? false
      const initial = first !== undefined && isFunction ? invoke(first, []).value : first
      return kept('set', initial, undefined, call, frame, engine)
    }
    case 'Reducer':
      return kept('dispatch', second, first, call, frame, engine)
    case 'Ref': {
      const current = joinValues(first, externalValue('react.Element'))
      const fields = new Map([['current', current]])
      return newObject({ kind: 'object', fields, rest: nothing }, `${call.start} ref`, frame, engine)
    }
    case 'Memo':
      return first === undefined ? undefined : invoke(first, []).value
    case 'Callback':
    case 'DeferredValue':
      return first
    default:
      return undefined
  }
}

/** `[value, change]`: the value is the first one or whatever a run gave to `change`. */
function kept(
  how: 'set' | 'dispatch',
  initial: Value | undefined,
  reducer: Value | undefined,
  call: Call,
  frame: Frame,
  engine: Engine,
): Value {
  const name = `react state ${frame.facts.module.path} ${call.start}`
  const at = engine.number(name)
  engine.stores.set(name, at)
  noteRead(frame.reads, at)
  if (frame.state === undefined) return anything
  const before = heapObject(frame.state, at) ?? empty
  const fields = new Map(before.fields)
  if (reducer !== undefined) fields.set('reducer', reducer)
  const held = joinValues(fields.get('value'), initial ?? anything)
  if (!before.fields.has('value')) fields.set('value', held)
  frame.state = withObject(frame.state, at, { ...before, fields })
  const pair = new Map([
    [0, held],
    [1, externalValue(`react.${how}.${at}`)],
  ])
  const list = newList(nothing, `${call.start} state`, frame, engine)
  const [ref] = list.refs
  if (ref?.kind === 'object' && frame.state !== undefined) {
    frame.state = withObject(frame.state, ref.at, { kind: 'list', fields: pair, rest: nothing })
  }
  return list
}

function change(at: number, isReducer: boolean, args: CallArguments, frame: Frame, invoke: Invoke): Value {
  const before = frame.state === undefined ? undefined : heapObject(frame.state, at)
  const [given] = args.positional
  if (before === undefined || given === undefined) return anything
  const held = before.fields.get('value') ?? anything
  const reducer = before.fields.get('reducer')
  const next =
    isReducer && reducer !== undefined
      ? invoke(reducer, [held, given]).value
      : given.refs.some(({ kind }) => kind === 'function')
        ? invoke(given, [held]).value
        : given
  const object = frame.state === undefined ? undefined : heapObject(frame.state, at)
  if (frame.state === undefined || object === undefined) return anything
  const fields = new Map(object.fields).set('value', joinValues(held, next))
  frame.state = withObject(frame.state, at, { ...object, fields })
  return anything
}

const empty: HeapObject = { kind: 'object', fields: new Map(), rest: nothing }
