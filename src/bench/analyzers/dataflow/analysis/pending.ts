import { type Engine, type Frame, reportWeakness } from './engine.ts'
import type { Weakness } from './observer.ts'
import { type HeapObject, heapObject, withField, withObject } from './state.ts'
import { constantValue, nothing } from './value.ts'

const inOrder = 0
const byEngine = new WeakMap<Engine, Map<number, Weakness>>()
const empty: HeapObject = { kind: 'object', fields: new Map(), rest: nothing }

/** What may turn out to be wrong, by the number it has in a state. */
function weaknessesOf(engine: Engine): Map<number, Weakness> {
  let weaknesses = byEngine.get(engine)
  if (weaknesses === undefined) {
    weaknesses = new Map()
    byEngine.set(engine, weaknesses)
  }
  return weaknesses
}

/**
 * Sets what is wrong with something from here on, nothing when it is in order: the last value of a setting counts. It is
 * reported when the program (or the answer to a request) ends and no way there put it in order.
 */
export function settle(topic: string, weakness: Weakness | undefined, frame: Frame, engine: Engine): void {
  write(engine.number(`topic ${topic}`), weakness, frame, engine)
}

/** Whether something was settled before, well or not. */
export function isSettled(topic: string, frame: Frame, engine: Engine): boolean {
  return settledIn(frame, engine).fields.has(engine.number(`topic ${topic}`))
}

/** What is wrong with something as it is now, where that is sure. */
export function settledAs(topic: string, frame: Frame, engine: Engine): Weakness | undefined {
  const [number, other] = settledIn(frame, engine).fields.get(engine.number(`topic ${topic}`))?.known ?? []
  return other === undefined ? weaknessesOf(engine).get(Number(number)) : undefined
}

/** Everything settled under a rule is in order, and stays so. */
export function redeem(rule: Weakness['rule'], frame: Frame, engine: Engine): void {
  for (const [topic, { known }] of settledIn(frame, engine).fields) {
    const isOfRule = known.some((number) => weaknessesOf(engine).get(Number(number))?.rule === rule)
    if (isOfRule) write(Number(topic), undefined, frame, engine)
  }
  settle(`redeemed ${rule} ${outermost(frame)}`, undefined, frame, engine)
}

/** Whether {@link redeem} was called on the way here. */
export function isRedeemed(rule: Weakness['rule'], frame: Frame, engine: Engine): boolean {
  return isSettled(`redeemed ${rule} ${outermost(frame)}`, frame, engine)
}

/** The function that answers, of all that are running: what another one checked is no help. */
function outermost(frame: Frame): number {
  let each = frame
  while (each.caller !== undefined && each.caller.depth > 0) each = each.caller
  return each.facts.ir.id
}

/** Reports, when all is run, what nothing put in order. */
export function reportSettled(frame: Frame, engine: Engine): void {
  for (const { known } of settledIn(frame, engine).fields.values()) {
    if (known.includes(inOrder)) continue
    for (const number of known) {
      const weakness = weaknessesOf(engine).get(Number(number))
      if (weakness !== undefined) reportWeakness(weakness, engine)
    }
  }
}

function settledIn(frame: Frame, engine: Engine): HeapObject {
  return (frame.state === undefined ? undefined : heapObject(frame.state, engine.number('settled'))) ?? empty
}

function write(topic: number, weakness: Weakness | undefined, frame: Frame, engine: Engine): void {
  if (frame.state === undefined) return
  let number = inOrder
  if (weakness !== undefined) {
    const { rule, place, message } = weakness
    number = engine.number(`weakness ${rule} ${place.path} ${place.start} ${message}`)
    weaknessesOf(engine).set(number, weakness)
  }
  const settled = withField(settledIn(frame, engine), topic, constantValue(number), true)
  frame.state = withObject(frame.state, engine.number('settled'), settled)
}
