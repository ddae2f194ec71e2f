import type { Instruction, Slot, Temp } from '../ir/ir.ts'
import type { FunctionFacts } from './program.ts'

/** Where the values and variables of one function are used. */
export interface Uses {
  readonly users: ReadonlyMap<Temp, readonly Instruction[]>
  readonly loads: ReadonlyMap<Slot, readonly Temp[]>
  readonly stores: ReadonlyMap<Slot, readonly Temp[]>
  readonly returned: ReadonlySet<Temp>
}

const known = new WeakMap<FunctionFacts, Uses>()

/** The uses within a function; the same object for the same function. */
export function usesOf(facts: FunctionFacts): Uses {
  const before = known.get(facts)
  if (before !== undefined) return before
  const users = new Map<Temp, Instruction[]>()
  const loads = new Map<Slot, Temp[]>()
  const stores = new Map<Slot, Temp[]>()
  const returned = new Set<Temp>()
  for (const { instructions, end } of facts.ir.blocks) {
    for (const instruction of instructions) {
      for (const temp of operandsOf(instruction)) add(users, temp, instruction)
      if (instruction.op === 'load') add(loads, instruction.slot, instruction.dst)
      if (instruction.op === 'store') add(stores, instruction.slot, instruction.value)
    }
    if (end.kind === 'return' && end.value !== undefined) returned.add(end.value)
  }
  const uses = { users, loads, stores, returned }
  known.set(facts, uses)
  return uses
}

function add<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const items = map.get(key)
  if (items === undefined) map.set(key, [item])
  else items.push(item)
}

/** The temporaries an instruction takes values from. */
export function operandsOf(instruction: Instruction): readonly Temp[] {
  switch (instruction.op) {
    case 'store':
      return [instruction.value]
    case 'get':
      return [instruction.object]
    case 'set':
      return [instruction.value]
    case 'call': {
      const { receiver } = instruction
      const given = instruction.arguments.map(({ value }) => value)
      return receiver === undefined ? given : [receiver, ...given]
    }
    case 'text':
      return instruction.parts
    case 'binary':
      return [instruction.left, instruction.right]
    case 'list':
      return instruction.items.map(({ value }) => value)
    case 'object':
      return instruction.entries.map(({ value }) => value)
    case 'join':
      return instruction.sources
    case 'append':
      return [instruction.value]
    case 'class':
      return instruction.members.map(({ value }) => value)
    case 'export':
      return [instruction.value]
    default:
      return []
  }
}
