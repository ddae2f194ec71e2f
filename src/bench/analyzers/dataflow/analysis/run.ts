import type { BlockId, Temp } from '../ir/ir.ts'
import type { Engine, Frame, Outcome } from './engine.ts'
import { noteException } from './exceptions.ts'
import { intMapChanges, intMapSet } from './int-map.ts'
import { noteOrigin } from './origins.ts'
import { refine } from './refine.ts'
import { joinStates, type State, variable } from './state.ts'
import { noteSwitch } from './switches.ts'
import { truthOf } from './text.ts'
import { meetAnswer, transfer } from './transfer.ts'
import { anything, constantValue, joinValues, nothing, type Value } from './value.ts'

/** Visits of one block after which constants that keep changing are given up. */
const patience = 3
/** Visits of one block after which the loop is left as it is. */
const maximalVisits = 24

/** How a run of a function ended, and the state it left; undefined when it never returns. */
export interface Finished extends Outcome {
  readonly state: State
}

/**
 * Runs a function's graph on a frame until nothing changes: branches whose condition is known are taken one way, the
 * others narrow what is known on each side.
 */
export function runFunction(frame: Frame, engine: Engine): Finished | undefined {
  const { blocks } = frame.facts.ir
  const { order, byOrder } = frame.facts
  const states: (State | undefined)[] = []
  const visits = new Uint8Array(blocks.length)
  const waiting = new Uint8Array(blocks.length)
  let next = blocks.length
  const returns = new Returns(frame)

  function propagate(to: BlockId, state: State | undefined): void {
    if (state === undefined) return
    const before = states[to]
    let after = joinStates(before, state)
    if (after === before) return
    if (before !== undefined && (visits[to] ?? 0) >= patience) after = widened(before, after)
    states[to] = after
    const place = order[to] ?? blocks.length
    if (place >= blocks.length) return
    waiting[place] = 1
    if (place < next) next = place
  }

  propagate(0, frame.state)
  while (next < blocks.length) {
    const id = waiting[next] === 1 ? byOrder[next] : undefined
    const place = next
    next += 1
    if (id === undefined) continue
    waiting[place] = 0
    const block = blocks[id]
    const count = (visits[id] ?? 0) + 1
    if (block === undefined || count > maximalVisits) continue
    visits[id] = count
    engine.spend(block.instructions.length + 1)
    frame.state = states[id]
    if (block.handler !== undefined) propagate(block.handler, frame.state)
    for (const instruction of block.instructions) {
      transfer(instruction, frame, engine)
      if (frame.state === undefined) break
    }
    const state: State | undefined = frame.state
    if (state === undefined) continue
    const { end } = block
    if (end.kind === 'jump') propagate(end.to, state)
    else if (end.kind === 'throw') {
      if (block.handler !== undefined) propagate(block.handler, state)
    } else if (end.kind === 'return') {
      const value = end.value === undefined ? constantValue(undefined) : (frame.temps[end.value] ?? anything)
      for (const see of engine.models(frame.facts.module.path).observers.returned) see(value, frame, engine)
      meetAnswer(value, end.span, frame, engine)
      returns.add(value, end.value, state, frame, engine)
    } else {
      const truth = truthOf(frame.temps[end.condition] ?? anything)
      if (truth !== false) propagate(end.then, stateWhere(end.condition, true, state, frame, engine))
      if (truth !== true) propagate(end.else, stateWhere(end.condition, false, state, frame, engine))
    }
  }
  const finished = returns.finish()
  frame.state = finished?.state
  if (finished !== undefined)
    for (const see of engine.models(frame.facts.module.path).observers.finished) see(frame, engine)
  return finished
}

/** The state in the runs in which a condition holds, or does not; undefined when there are none. */
function stateWhere(condition: Temp, holds: boolean, state: State, frame: Frame, engine: Engine): State | undefined {
  frame.state = state
  refine(condition, holds, frame, engine)
  noteOrigin(condition, holds, frame, engine)
  noteException(condition, holds, frame, engine)
  noteSwitch(condition, holds, frame, engine)
  return frame.state
}

/** Constants that are still growing in a loop become unknown. */
function widened(before: State, after: State): State {
  let { variables } = after
  for (const { key, value } of intMapChanges(before.variables, after.variables)) {
    const old = variable(before, key)
    if (value === undefined || old === undefined || value.known.length <= old.known.length) continue
    variables = intMapSet(variables, key, { ...value, known: [], open: true, prefix: undefined })
  }
  return variables === after.variables ? after : { ...after, variables }
}

/** Gathers what all ways out of a function have in common. */
class Returns {
  readonly #slots: readonly (number | undefined)[]
  readonly #labelled: boolean
  #value: Value = nothing
  #state: State | undefined
  readonly #after: Value[]
  readonly #whenTrue: Value[]
  readonly #whenFalse: Value[]

  constructor(frame: Frame) {
    const { ir, stored } = frame.facts
    const plain = ir.parameters.filter(({ kind }) => kind === 'plain')
    this.#slots = plain.map(({ slot }) => (stored.has(slot) ? undefined : slot))
    const { state } = frame
    this.#labelled = plain.some(({ slot }) => state !== undefined && (variable(state, slot)?.labels.length ?? 0) > 0)
    this.#after = plain.map(() => nothing)
    this.#whenTrue = plain.map(() => nothing)
    this.#whenFalse = plain.map(() => nothing)
  }

  add(value: Value, temp: Temp | undefined, state: State, frame: Frame, engine: Engine): void {
    this.#value = joinValues(this.#value, value)
    this.#state = joinStates(this.#state, state)
    if (!this.#labelled) return
    this.#gather(this.#after, state)
    const truth = truthOf(value)
    if (truth !== false) this.#gatherWhere(true, this.#whenTrue, temp, state, frame, engine)
    if (truth !== true) this.#gatherWhere(false, this.#whenFalse, temp, state, frame, engine)
  }

  #gatherWhere(
    holds: boolean,
    into: Value[],
    temp: Temp | undefined,
    state: State,
    frame: Frame,
    engine: Engine,
  ): void {
    frame.state = state
    if (temp !== undefined) refine(temp, holds, frame, engine)
    if (frame.state !== undefined) this.#gather(into, frame.state)
  }

  finish(): Finished | undefined {
    if (this.#state === undefined) return undefined
    const known = (values: readonly Value[]): (Value | undefined)[] =>
      values.map((value, at) => (this.#slots[at] === undefined || !this.#labelled ? undefined : value))
    return {
      value: this.#value,
      state: this.#state,
      after: known(this.#after),
      whenTrue: known(this.#whenTrue),
      whenFalse: known(this.#whenFalse),
    }
  }

  #gather(into: Value[], state: State): void {
    this.#slots.forEach((slot, at) => {
      if (slot !== undefined) into[at] = joinValues(into[at], variable(state, slot) ?? anything)
    })
  }
}
