import { definitionOf, type Frame } from '../analysis/engine.ts'
import { onlyConstant } from '../analysis/value.ts'
import type { Constant, Instruction, Temp } from '../ir/ir.ts'

type Call = Extract<Instruction, { op: 'call' }>

/** A constant, or that it cannot be told. */
type Outcome = { readonly value: Constant } | undefined

/** The truth of a value when no variable of the environment is set; undefined when it cannot be told. */
export function onWithoutEnvironment(temp: Temp, frame: Frame): boolean | undefined {
  const outcome = withoutEnvironment(temp, frame, 0)
  return outcome === undefined ? undefined : Boolean(outcome.value)
}

/** What an expression is when every variable of the environment has its default. */
function withoutEnvironment(temp: Temp, frame: Frame, depth: number): Outcome {
  const known = onlyConstant(frame.temps[temp])
  if (known !== undefined) return known
  const definition = definitionOf(temp, frame)
  if (definition === undefined || depth > 8) return undefined
  const inner = (each: Temp): Outcome => withoutEnvironment(each, frame, depth + 1)
  switch (definition.op) {
    case 'call':
      return calledWithout(definition, frame, inner)
    case 'unary': {
      const operand = inner(definition.operand)
      return operand !== undefined && /^(?:not|!)$/.test(definition.operator) ? { value: !operand.value } : undefined
    }
    case 'compare': {
      const left = inner(definition.left)
      if (left === undefined) return undefined
      if (definition.operator === 'in' || definition.operator === 'not in') {
        const list = definitionOf(definition.right, frame)
        const items = list?.op === 'list' ? list.items.map(({ value }) => inner(value)) : undefined
        if (items === undefined || items.some((item) => item === undefined)) return undefined
        return { value: items.some((item) => item?.value === left.value) === (definition.operator === 'in') }
      }
      const right = inner(definition.right)
      if (right === undefined) return undefined
      if (definition.operator === '==') return { value: left.value === right.value }
      return definition.operator === '!=' ? { value: left.value !== right.value } : undefined
    }
    case 'load': {
      const stores = frame.facts.ir.blocks.flatMap(({ instructions }) =>
        instructions.flatMap((each) => (each.op === 'store' && each.slot === definition.slot ? [each.value] : [])),
      )
      const [only] = stores
      return stores.length === 1 && only !== undefined ? inner(only) : undefined
    }
    default:
      return undefined
  }
}

/** `os.environ.get(name, default)` and what is made of it: `.lower()`, `bool(…)`, `int(…)`. */
function calledWithout(call: Call, frame: Frame, inner: (temp: Temp) => Outcome): Outcome {
  const names = (frame.temps[call.callee]?.refs ?? []).flatMap((ref) => (ref.kind === 'external' ? [ref.name] : []))
  const [first, second] = call.arguments.filter(({ name }) => name === undefined).map(({ value }) => value)
  const fallback = second ?? call.arguments.find(({ name }) => name === 'default')?.value
  const reads = names.some((name) =>
    /^(?:os\.environ\.get|os\.getenv|os\.environ\.setdefault|decouple\.config|environ\.Env\(\)(?:\.bool)?|environs\.Env\(\)(?:\.bool)?|starlette\.config\.Config\(\))$/.test(
      name,
    ),
  )
  if (reads)
    return fallback === undefined
      ? names.some((name) => name.startsWith('os.'))
        ? { value: null }
        : undefined
      : inner(fallback)
  if (names.includes('bool') && first !== undefined) {
    // Any text is true, "False" as well: what the environment says cannot switch it off.
    const value = inner(first)
    return value === undefined ? undefined : { value: Boolean(value.value) }
  }
  if (names.includes('int') && first !== undefined) {
    const value = inner(first)
    return value === undefined || Number.isNaN(Number(value.value)) ? undefined : { value: Number(value.value) }
  }
  if (names.some((name) => /strtobool$/.test(name)) && first !== undefined) {
    const value = inner(first)
    return value === undefined ? undefined : { value: /^(?:1|y|yes|t|true|on)$/i.test(String(value.value)) }
  }
  if (call.receiver === undefined || call.arguments.length > 0) return undefined
  const receiver = inner(call.receiver)
  if (typeof receiver?.value !== 'string') return undefined
  if (/^(?:lower|casefold)$/.test(call.method ?? '')) return { value: receiver.value.toLowerCase() }
  if (call.method === 'upper') return { value: receiver.value.toUpperCase() }
  if (call.method === 'title' || call.method === 'capitalize')
    return { value: receiver.value.charAt(0).toUpperCase() + receiver.value.slice(1).toLowerCase() }
  return call.method === 'strip' ? { value: receiver.value.trim() } : undefined
}
