import type { FunctionFacts } from '../../analysis/program.ts'
import type { Instruction, Temp } from '../../ir/ir.ts'
import { type Code, constantAt, nameAt } from './code.ts'

/** `next()`, `await next()`, `call_next(request)`: the request goes on. */
export function handsOn(at: Instruction, facts: FunctionFacts, code: Code): boolean {
  if (at.op !== 'call') return false
  const definition = facts.definitions[at.callee]
  if (definition?.op !== 'load') return false
  const parameter = code.parameter(definition.slot)
  if (parameter === undefined) return /^get_response$/.test(nameAt(at.callee, facts))
  if (/^call_next$|^get_response$/.test(parameter.name)) return true
  const [first] = at.arguments
  return (
    /^_?(?:next|done|cb)$/.test(parameter.name) &&
    (first === undefined || (constantAt(first.value, facts) === undefined && isNothing(first.value, facts)))
  )
}

function isNothing(temp: Temp, facts: FunctionFacts): boolean {
  const definition = facts.definitions[temp]
  return definition?.op === 'constant' && definition.value == null
}

/** A decorator's function calls what it was given. */
export function isHandedOn(code: Code): (at: Instruction, facts: FunctionFacts) => boolean {
  return (at, facts) => {
    if (at.op !== 'call') return false
    const definition = facts.definitions[at.callee]
    if (definition?.op !== 'load') return false
    const parameter = code.parameter(definition.slot)
    return parameter !== undefined && parameter.id !== facts.ir.id
  }
}
