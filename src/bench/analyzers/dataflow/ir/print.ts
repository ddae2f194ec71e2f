import type { FunctionIr, Instruction, ModuleIr, Terminator } from './ir.ts'

/** The whole module as text: one function after the other, for tests and for looking at what a front end did. */
export function printModule(module: ModuleIr, slotNames: readonly string[]): string {
  return module.functions.map((each) => printFunction(each, slotNames)).join('\n')
}

/** One function as text: a line per instruction, blocks by number. */
export function printFunction(each: FunctionIr, slotNames: readonly string[]): string {
  const name = (slot: number): string => slotNames[slot] ?? `slot${slot}`
  const lines = [`${each.kind} ${each.name}(${each.parameters.map((parameter) => parameter.name).join(', ')})`]
  each.blocks.forEach((block, number) => {
    lines.push(` b${number}:${block.handler === undefined ? '' : ` (exceptions to b${block.handler})`}`)
    for (const instruction of block.instructions) lines.push(`  ${printInstruction(instruction, name)}`)
    lines.push(`  ${printEnd(block.end)}`)
  })
  return `${lines.join('\n')}\n`
}

function printInstruction(instruction: Instruction, name: (slot: number) => string): string {
  const { op, start: _start, end: _end, ...rest } = instruction
  const operands = Object.entries(rest)
    .filter(([key, value]) => key !== 'dst' && value !== false)
    .map(([key, value]) => `${key}=${key === 'slot' ? name(Number(value)) : (JSON.stringify(value) ?? 'undefined')}`)
  const result = 'dst' in instruction ? `t${instruction.dst} = ` : ''
  return `${result}${[op, ...operands].join(' ')}`
}

function printEnd(end: Terminator): string {
  switch (end.kind) {
    case 'jump':
      return `jump b${end.to}`
    case 'branch':
      return `branch t${end.condition} b${end.then} b${end.else}`
    case 'return':
      return end.value === undefined ? 'return' : `return t${end.value}`
    case 'throw':
      return end.value === undefined ? 'throw' : `throw t${end.value}`
  }
}
