import type { Instruction } from '../ir/ir.ts'
import { elementOf, externalNamed, newObject, partLabels } from './access.ts'
import { definitionOf, type Engine, type Frame } from './engine.ts'
import { variable, withVariable } from './state.ts'
import { anything, labelled, nothing, type Value } from './value.ts'

/** Types whose values hold no text of the sender's choice. */
const harmless =
  /^(?:int|float|bool|complex|uuid\.UUID|datetime\.\w+|decimal\.Decimal|typing\.Literal\[?\]?|enum\.\w+|pydantic\.(?:PositiveInt|NonNegativeInt|UUID4))$/
/** Types that say nothing about where a value comes from. */
const plain = /^(?:str|bytes|dict|list|set|tuple|object|typing\.\w+|pydantic\.\w+)$/

/**
 * Applies a declared type to a parameter: a value the framework filled from the request is limited by it, a parameter
 * nobody passed anything to is what it says.
 */
export function declareType(instruction: Extract<Instruction, { op: 'typed' }>, frame: Frame, engine: Engine): void {
  if (frame.state === undefined) return
  const value = variable(frame.state, instruction.slot)
  const [type] = frame.temps[instruction.type]?.refs ?? []
  if (value === undefined || value.refs.length > 0 || type === undefined) return
  const isFilled = value.labels.some(({ steps, source }) => steps === undefined && source.input === declaredInput)
  if (value.labels.length > 0 && !isFilled) return
  const typed = typedValue(type, value, instruction, frame, engine)
  if (typed !== undefined && frame.state !== undefined) frame.state = withVariable(frame.state, instruction.slot, typed)
}

/** The input of parameters frameworks fill by their declaration. */
export const declaredInput = 'a parameter of the request'

function typedValue(
  type: Value['refs'][number],
  value: Value,
  instruction: Extract<Instruction, { op: 'typed' }>,
  frame: Frame,
  engine: Engine,
): Value | undefined {
  if (type.kind === 'external') {
    if (harmless.test(type.name)) return anything
    return plain.test(type.name) ? undefined : externalNamed(`${type.name}()`, instruction, frame, engine)
  }
  if (type.kind !== 'class') return undefined
  const facts = engine.classes.get(type.id)
  const isChoice = facts?.bases.some(({ refs }) =>
    refs.some((ref) => ref.kind === 'external' && ref.name.startsWith('enum.')),
  )
  if (isChoice === true) return anything
  const fields = new Map<string | number, Value>()
  for (const [name, declared] of allDeclared(type.id, engine, 0)) {
    const isHarmless = declared.refs.some((ref) => ref.kind === 'external' && harmless.test(ref.name))
    const labels = isHarmless ? [] : partLabels(value.labels, name, instruction, frame, engine)
    fields.set(name, labelled(labels))
  }
  const rest = fields.size === 0 && value.labels.length > 0 ? labelled(value.labels) : nothing
  const site = `${instruction.start} typed`
  return newObject({ kind: 'instance', class: type.id, fields, rest }, site, frame, engine)
}

function allDeclared(id: number, engine: Engine, depth: number): [string, Value][] {
  const facts = engine.classes.get(id)
  if (facts === undefined || depth > 5) return []
  const inherited = facts.bases.flatMap(({ refs }) =>
    refs.flatMap((ref) => (ref.kind === 'class' ? allDeclared(ref.id, engine, depth + 1) : [])),
  )
  return [...inherited, ...facts.declared]
}

/** `= Depends(f)`: the parameter is what `f` answers, which may read the request itself. */
export function depends(instruction: Extract<Instruction, { op: 'default' }>, frame: Frame, engine: Engine): boolean {
  const definition = definitionOf(instruction.value, frame)
  if (definition?.op !== 'call' || frame.state === undefined) return false
  const callee = frame.temps[definition.callee]?.refs[0]
  if (callee?.kind !== 'external' || !/\b(?:Depends|Security)$/.test(callee.name)) return false
  const [argument] = definition.arguments
  const given = argument === undefined ? undefined : frame.temps[argument.value]
  let value: Value = anything
  for (const ref of given?.refs ?? []) {
    if (ref.kind !== 'function') continue
    const facts = engine.program.function(ref.id)
    const outcome = engine.call(
      ref.id,
      ref.self,
      engine.declaredArguments(facts, frame),
      ref.closure,
      frame,
      definition,
    )
    if (outcome === undefined) continue
    value = facts.ir.generator ? elementOf(outcome.value, false, instruction, frame) : outcome.value
  }
  frame.state = withVariable(frame.state, instruction.slot, value)
  return true
}
