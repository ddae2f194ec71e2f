import type { Instruction, Temp } from '../ir/ir.ts'
import { definitionOf, type Engine, type Frame } from './engine.ts'
import { fact, withFact } from './state.ts'
import { constantValue, onlyConstant } from './value.ts'

/** Names of the surroundings a program runs in. */
const developments = /^(?:dev|develop|development|test|testing|local|debug|localhost|ci|stage)$/i
/** Modes by which somebody asks for less safety. */
const careless = /^(?:no-?verify|skip-?verify|insecure|unsafe|self-?signed)$/i
const productions = /^(?:prod|production|live|release)$/i
/** Switches that are on where developers work, or because whoever runs the program asks for less safety. */
const developmentName =
  /^(?:is|in|__|show|flask|app|enable|use|include)?_*(?:dev(?:elop(?:ment|er)?)?|debug(?:ging)?|test(?:s|ing)?|local(?:host)?|verbose)_*(?:mode|env|environment|enabled|errors?|only)?_*$/i
const productionName = /^(?:is|in|__|on)?_*(?:prod(?:uction)?|live|deployed|heroku)_*(?:mode|env|environment)?_*$/i
const carelessName =
  /insecure|(?:skip|no|disable|ignore)_?(?:tls|ssl|cert|verif)|self_?signed|trust_?all|allow_?(?:invalid|http\b)/i
const carefulName =
  /^(?:ssl_?|tls_?)?(?:verify|validate|check)_?(?:ssl|tls|certs?|certificates?)?$|strict_?(?:ssl|tls)/i

/**
 * The answer of a condition that means: not in production, or somebody asked for less safety. Undefined when the
 * condition is about something else.
 */
function developmentSide(temp: Temp, frame: Frame, depth = 0): boolean | undefined {
  const definition = definitionOf(temp, frame)
  if (definition === undefined || depth > 6) return undefined
  switch (definition.op) {
    case 'unary': {
      const inner = developmentSide(definition.operand, frame, depth + 1)
      return inner === undefined || !/^(?:not|!)$/.test(definition.operator) ? inner : !inner
    }
    case 'compare':
      return comparedSide(definition, frame, depth)
    case 'load': {
      const named = sideOfName(frame.facts.module.slotNames[definition.slot] ?? '')
      return named ?? originSide(definition.slot, frame, depth)
    }
    case 'get':
      return typeof definition.key === 'string' ? sideOfName(definition.key) : undefined
    case 'global':
      return sideOfName(definition.name)
    case 'call': {
      const [first] = definition.arguments
      const asked = first === undefined ? undefined : onlyConstant(frame.temps[first.value])?.value
      if (typeof asked === 'string' && /^(?:get|getenv|bool|getboolean)$/.test(definition.method ?? ''))
        return sideOfName(asked)
      if (definition.method !== undefined && sideOfName(definition.method) !== undefined)
        return sideOfName(definition.method)
      if (first !== undefined && definition.method === undefined) {
        // bool(x), isDevelopment(), asBoolean(process.env.DEBUG)
        return developmentSide(definition.callee, frame, depth + 1) ?? developmentSide(first.value, frame, depth + 1)
      }
      return definition.receiver !== undefined && definition.method !== undefined
        ? developmentSide(definition.receiver, frame, depth + 1)
        : developmentSide(definition.callee, frame, depth + 1)
    }
    default:
      return undefined
  }
}

function comparedSide(
  compare: Extract<Instruction, { op: 'compare' }>,
  frame: Frame,
  depth: number,
): boolean | undefined {
  const equal = compare.operator === '==' || compare.operator === 'in'
  if (!equal && compare.operator !== '!=' && compare.operator !== 'not in') return undefined
  for (const [temp, other] of [
    [compare.left, compare.right],
    [compare.right, compare.left],
  ] as const) {
    for (const text of constantsAt(temp, frame)) {
      if (typeof text === 'string' && (developments.test(text) || careless.test(text))) return equal
      if (typeof text === 'string' && productions.test(text)) return !equal
      const isOn = text === true || text === 1 || (typeof text === 'string' && /^(?:1|true|yes|on|y|t)$/i.test(text))
      const isOff = text === false || text === 0 || (typeof text === 'string' && /^(?:0|false|no|off)$/i.test(text))
      const inner = isOn || isOff ? developmentSide(other, frame, depth + 1) : undefined
      if (inner !== undefined) return (isOn === equal) === inner
    }
  }
  return undefined
}

/** The constants an operand spells out, also as elements of a list: `in ('dev', 'test')`. */
function constantsAt(temp: Temp, frame: Frame): readonly unknown[] {
  const definition = definitionOf(temp, frame)
  if (definition?.op === 'list') return definition.items.flatMap(({ value }) => constantsAt(value, frame))
  const constant = onlyConstant(frame.temps[temp])
  return constant === undefined ? [] : [constant.value]
}

/** What the one value a variable is given says. */
function originSide(slot: number, frame: Frame, depth: number): boolean | undefined {
  const stores = frame.facts.stores.get(slot)
  const [only] = stores ?? []
  return only !== undefined && stores?.length === 1 ? developmentSide(only.value, frame, depth + 1) : undefined
}

/** The same names are asked about again and again. */
const sides = new Map<string, boolean | undefined>()
const maximalSides = 20_000

function sideOfName(name: string): boolean | undefined {
  let side = sides.get(name)
  if (side === undefined && !sides.has(name)) {
    side = sideTold(name)
    if (sides.size >= maximalSides) sides.clear()
    sides.set(name, side)
  }
  return side
}

function sideTold(name: string): boolean | undefined {
  const plain = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2')
  if (developmentName.test(plain) || carelessName.test(plain)) return true
  return productionName.test(plain) || carefulName.test(plain) ? false : undefined
}

/** Remembers, behind a branch, that what follows does not run in production. */
export function noteSwitch(condition: Temp, holds: boolean, frame: Frame, engine: Engine): void {
  const side = frame.state === undefined ? undefined : developmentSide(condition, frame)
  if (frame.state === undefined || side === undefined || (holds ? side === false : side === true)) return
  frame.state = withFact(frame.state, engine.number('development only'), constantValue(true))
}

/** Whether the place that runs is behind a switch that is off in production. */
export function inDevelopment(frame: Frame, engine: Engine): boolean {
  const number = engine.number('development only')
  for (let each: Frame | undefined = frame; each !== undefined; each = each.caller) {
    if (each.state !== undefined && fact(each.state, number) !== undefined) return true
  }
  return false
}
