import type { Engine } from '../../analysis/engine.ts'
import type { Called } from '../../analysis/inventory.ts'
import type { FunctionFacts } from '../../analysis/program.ts'
import type { FunctionId, Instruction, Slot, Temp } from '../../ir/ir.ts'

/** Where a variable gets a value: by being stored to, by default, or by its declared type. */
export interface Written {
  readonly facts: FunctionFacts
  readonly temp: Temp
  readonly by: 'store' | 'default' | 'typed'
}

/** The app's code as it stands, with what the analysis saw of its calls. */
export interface Code {
  readonly engine: Engine
  facts(id: FunctionId): FunctionFacts
  /** What a call reaches; nothing for calls never run. */
  called(id: FunctionId, call: Temp): Called | undefined
  writes(slot: Slot): readonly Written[]
  /** The function and position a slot is a parameter of. */
  parameter(slot: Slot): { readonly id: FunctionId; readonly name: string; readonly at: number } | undefined
  /** Functions written directly inside a function. */
  inner(id: FunctionId): readonly FunctionId[]
}

const none: readonly never[] = []

export function codeOf(engine: Engine): Code {
  const { program, inventory } = engine
  const writes = new Map<Slot, Written[]>()
  const parameters = new Map<Slot, { id: FunctionId; name: string; at: number }>()
  const inner = new Map<FunctionId, FunctionId[]>()
  for (const ir of program.functions) {
    ir.parameters.forEach(({ slot, name }, at) => {
      parameters.set(slot, { id: ir.id, name, at })
    })
    if (ir.parent !== undefined) inner.set(ir.parent, [...(inner.get(ir.parent) ?? []), ir.id])
    for (const { instructions } of ir.blocks) {
      for (const instruction of instructions) {
        const { op } = instruction
        if (op !== 'store' && op !== 'default' && op !== 'typed') continue
        const written = writes.get(instruction.slot) ?? []
        const temp = op === 'typed' ? instruction.type : instruction.value
        written.push({ facts: program.function(ir.id), temp, by: op })
        writes.set(instruction.slot, written)
      }
    }
  }
  return {
    engine,
    facts: (id) => program.function(id),
    called: (id, call) => inventory.calls.get(id)?.get(call),
    writes: (slot) => writes.get(slot) ?? none,
    parameter: (slot) => parameters.get(slot),
    inner: (id) => inner.get(id) ?? none,
  }
}

/** The last part of what an expression is called: `remove` of `store.remove`, `current_user` of a variable. */
export function nameAt(temp: Temp | undefined, facts: FunctionFacts): string {
  const definition = temp === undefined ? undefined : facts.definitions[temp]
  switch (definition?.op) {
    case 'load':
      return facts.module.slotNames[definition.slot] ?? ''
    case 'global':
      return definition.name
    case 'get':
      return definition.key === undefined ? '' : String(definition.key)
    case 'import':
      return definition.name ?? definition.module.slice(definition.module.lastIndexOf('.') + 1)
    case 'call':
      return nameAt(definition.callee, facts)
    default:
      return ''
  }
}

/** The text of an expression as written, its beginning where it is long. */
export function textAt(temp: Temp | undefined, facts: FunctionFacts, longest = 160): string {
  const definition = temp === undefined ? undefined : facts.definitions[temp]
  if (definition === undefined) return ''
  return facts.module.text.slice(definition.start, Math.min(definition.end, definition.start + longest))
}

export function constantAt(temp: Temp | undefined, facts: FunctionFacts): string | undefined {
  const definition = temp === undefined ? undefined : facts.definitions[temp]
  return definition?.op === 'constant' && typeof definition.value === 'string' ? definition.value : undefined
}

/** Every instruction of a function. */
export function instructionsOf(facts: FunctionFacts): readonly Instruction[] {
  let all = flat.get(facts)
  if (all === undefined) {
    all = facts.ir.blocks.flatMap(({ instructions }) => instructions)
    flat.set(facts, all)
  }
  return all
}

/** Functions are looked through for many reasons. */
const flat = new WeakMap<FunctionFacts, readonly Instruction[]>()
