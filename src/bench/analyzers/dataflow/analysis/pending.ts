import type { Engine, Frame } from './engine.ts'
import { reportWeakness } from './engine.ts'
import type { Weakness } from './observer.ts'
import { fact, heapObject, withFact, withField, withObject } from './state.ts'
import { constantValue, nothing } from './value.ts'

/** What may turn out to be wrong, by the number it has in a state. */
interface Pending {
  readonly topics: Set<string>
  readonly weaknesses: Map<number, Weakness>
}

const byEngine = new WeakMap<Engine, Pending>()

function pendingOf(engine: Engine): Pending {
  let pending = byEngine.get(engine)
  if (pending === undefined) {
    pending = { topics: new Set(), weaknesses: new Map() }
    byEngine.set(engine, pending)
  }
  return pending
}

function numbered(weakness: Weakness, engine: Engine): number {
  const { place, rule } = weakness
  const number = engine.number(`weakness ${rule} ${place.path} ${place.start}`)
  pendingOf(engine).weaknesses.set(number, weakness)
  return number
}

/**
 * Sets what is wrong with a setting from here on, nothing when it was set well. It is reported when the function ends
 * and every way there left it so: the last value counts, and one that depends on a condition is no mistake.
 */
export function settle(topic: string, weakness: Weakness | undefined, frame: Frame, engine: Engine): void {
  if (frame.state === undefined) return
  pendingOf(engine).topics.add(topic)
  const value = weakness === undefined ? undefined : constantValue(numbered(weakness, engine))
  frame.state = withFact(frame.state, engine.number(`setting ${topic}`), value)
}

/** Reports the settings of these topics as they are now; all topics when none are named. */
export function reportSettled(frame: Frame, engine: Engine, topics?: readonly string[]): void {
  const pending = byEngine.get(engine)
  if (pending === undefined || frame.state === undefined) return
  for (const topic of topics ?? pending.topics) {
    for (const number of fact(frame.state, engine.number(`setting ${topic}`))?.known ?? []) {
      const weakness = typeof number === 'number' ? pending.weaknesses.get(number) : undefined
      if (weakness !== undefined) reportWeakness(weakness, engine)
    }
  }
}

const doubts = 'doubts'

/** Notes something that is wrong unless it is {@link redeem redeemed} before the request is answered. */
export function doubt(weakness: Weakness, frame: Frame, engine: Engine): void {
  writeDoubt(numbered(weakness, engine), true, frame, engine)
}

/** What was doubted so far is in order, and what is doubted later in the same run. */
export function redeem(rule: Weakness['rule'], frame: Frame, engine: Engine): void {
  for (const [number, weakness] of pendingOf(engine).weaknesses) {
    if (weakness.rule === rule) writeDoubt(number, false, frame, engine)
  }
  writeDoubt(engine.number(`redeemed ${rule}`), false, frame, engine)
}

function writeDoubt(number: number, isBad: boolean, frame: Frame, engine: Engine): void {
  if (frame.state === undefined) return
  const at = engine.number(doubts)
  const before = heapObject(frame.state, at) ?? { kind: 'object', fields: new Map(), rest: nothing }
  frame.state = withObject(frame.state, at, withField(before, number, constantValue(isBad), true))
}

/** Reports what no way through the program put in order. */
export function reportDoubts(frame: Frame, engine: Engine): void {
  const pending = byEngine.get(engine)
  if (pending === undefined || frame.state === undefined) return
  const fields = heapObject(frame.state, engine.number(doubts))?.fields
  for (const [number, value] of fields ?? []) {
    const weakness = pending.weaknesses.get(Number(number))
    if (weakness === undefined || value.known.includes(false)) continue
    if (fields?.has(engine.number(`redeemed ${weakness.rule}`)) !== true) reportWeakness(weakness, engine)
  }
}
