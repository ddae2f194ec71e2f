import type { FunctionId, Instruction, Temp } from '../ir/ir.ts'
import { type CallArguments, definitionOf, type Frame } from './engine.ts'
import { heapObject, type State } from './state.ts'
import { anything, onlyText, type Value } from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>

/** Who a call of the app's code reaches, over all runs of it. */
export interface Called {
  /** Functions of the app that are called. */
  readonly functions: Set<FunctionId>
  /** Qualified names of library functions that are called. */
  readonly names: Set<string>
  /** Functions of the app among the arguments. */
  readonly given: Set<FunctionId>
}

/** One of the decorators of a function or class, innermost first in the list of all. */
export interface Decorator {
  readonly call: Call
  readonly owner: FunctionId
  readonly names: readonly string[]
  readonly functions: readonly FunctionId[]
}

/** A call that may register something that answers requests, as it was made. */
export interface Registration {
  /** Place in the order in which the app runs. */
  readonly order: number
  /** The registering call; for a decorator the call that made it. */
  readonly call: Call
  readonly owner: FunctionId
  readonly name: string | undefined
  readonly method: string
  readonly receiver: Value | undefined
  readonly args: CallArguments
  /** The path given to `.route(…)` before. */
  readonly base: string | undefined
  /** What a decorator is applied to, and where. */
  readonly target: Value | undefined
  readonly decorates: Call | undefined
  readonly state: State
}

/** What is noted of an app while it is run, for checks that compare its parts. */
export interface Inventory {
  readonly calls: Map<FunctionId, Map<Temp, Called>>
  readonly decorators: Map<string, Decorator[]>
  readonly registrations: Map<string, Registration>
}

export function newInventory(): Inventory {
  return { calls: new Map(), decorators: new Map(), registrations: new Map() }
}

/** Methods by which frameworks are told what answers requests. */
const registering: ReadonlySet<string> = new Set(
  'get post put patch delete del all head options use route api_route add_url_rule add_api_route register register_blueprint include_router before_request addHook mount add_resource add_middleware middleware websocket'.split(
    ' ',
  ),
)
/** The same, called by their own names: `path('x/', view)`. */
const registeringNames =
  /^(?:django\.(?:urls|conf\.urls)\.(?:path|re_path|url|include)|flask\.(?:Flask|Blueprint)|fastapi\.(?:FastAPI|APIRouter)|rest_framework\.routers\.\w+\(\)\.register)$/

/** Notes a call: who is called, what is decorated, what is registered. */
export function noteCall(call: Call, callee: Value, args: CallArguments, frame: Frame, inventory: Inventory): void {
  const owner = frame.facts.ir.id
  const called = calledAt(inventory, owner, call.dst)
  for (const ref of callee.refs) {
    if (ref.kind === 'function') called.functions.add(ref.id)
    else if (ref.kind === 'external') called.names.add(ref.name)
  }
  for (const value of args.positional) noteGiven(value, called)
  for (const value of args.named.values()) noteGiven(value, called)
  if (call.decorates === true) noteDecorator(call, callee, frame, inventory)
  const made = call.decorates === true ? definitionOf(call.callee, frame) : call
  if (made?.op !== 'call' || frame.state === undefined) return
  const method = made.method ?? ''
  const [name] = made === call ? called.names : calledAt(inventory, owner, made.dst).names
  const isNamed = name !== undefined && registeringNames.test(name)
  if (!registering.has(method) && !isNamed) return
  if (call.decorates !== true && !isNamed && !givesFunction(args, frame)) return
  const key = `${owner} ${call.dst} ${onlyText(args.positional[0]) ?? ''}`
  if (inventory.registrations.has(key)) return
  inventory.registrations.set(key, {
    order: inventory.registrations.size,
    call: made,
    owner,
    name,
    method,
    receiver: made.receiver === undefined ? undefined : frame.temps[made.receiver],
    args: call.decorates === true ? plainArguments(made, frame) : args,
    base: routeBefore(made, frame),
    target: call.decorates === true ? args.positional[0] : undefined,
    decorates: call.decorates === true ? call : undefined,
    state: frame.state,
  })
}

function noteGiven(value: Value, called: Called): void {
  for (const ref of value.refs) if (ref.kind === 'function') called.given.add(ref.id)
}

function calledAt(inventory: Inventory, owner: FunctionId, at: Temp): Called {
  let calls = inventory.calls.get(owner)
  if (calls === undefined) {
    calls = new Map()
    inventory.calls.set(owner, calls)
  }
  let called = calls.get(at)
  if (called === undefined) {
    called = { functions: new Set(), names: new Set(), given: new Set() }
    calls.set(at, called)
  }
  return called
}

/** Whether a call is given anything that can be called, also inside a list or object. */
function givesFunction(args: CallArguments, frame: Frame): boolean {
  return [...args.positional, ...args.named.values()].some((value) =>
    value.refs.some(
      (ref) =>
        ref.kind !== 'object' ||
        (frame.state !== undefined &&
          [...(heapObject(frame.state, ref.at)?.fields.values() ?? [])].some(({ refs }) => refs.length > 0)),
    ),
  )
}

function plainArguments(call: Call, frame: Frame): CallArguments {
  const positional: Value[] = []
  const named = new Map<string, Value>()
  for (const { name, value, spread } of call.arguments) {
    if (spread !== undefined) continue
    if (name === undefined) positional.push(frame.temps[value] ?? anything)
    else named.set(name, frame.temps[value] ?? anything)
  }
  return { positional, named, more: undefined, temps: [] }
}

function routeBefore(call: Call, frame: Frame): string | undefined {
  let at = definitionOf(call.receiver, frame)
  for (let depth = 0; at?.op === 'call' && depth < 12; depth++) {
    const first = at.arguments[0]
    if (at.method === 'route' && first !== undefined) return onlyText(frame.temps[first.value])
    at = definitionOf(at.receiver, frame)
  }
  return undefined
}

function noteDecorator(call: Call, callee: Value, frame: Frame, inventory: Inventory): void {
  let at = definitionOf(call.arguments[0]?.value, frame)
  for (let depth = 0; at?.op === 'call' && depth < 20; depth++) at = definitionOf(at.arguments[0]?.value, frame)
  if (at?.op !== 'function' && at?.op !== 'class') return
  const key = at.op === 'function' ? `f${at.function}` : `c${frame.facts.ir.id} ${at.dst}`
  const decorators = inventory.decorators.get(key) ?? []
  if (decorators.some((each) => each.call.start === call.start)) return
  const names = callee.refs.flatMap((ref) => (ref.kind === 'external' ? [ref.name] : []))
  const functions = callee.refs.flatMap((ref) => (ref.kind === 'function' ? [ref.id] : []))
  decorators.push({ call, owner: frame.facts.ir.id, names, functions })
  inventory.decorators.set(key, decorators)
}
