import type { Instruction, Temp } from '../ir/ir.ts'
import type { Engine } from './engine.ts'
import type { FunctionFacts, Program } from './program.ts'
import { operandsOf, usesOf } from './uses.ts'
import type { Label } from './value.ts'

/** What becomes of a value within the function that computes it. */
export interface Destinations {
  /** Variables, attributes, keys and keyword arguments it is given to; the function's name when it is returned. */
  readonly names: readonly string[]
  /** The functions it is passed to. */
  readonly calls: readonly string[]
  /** What the methods called on it are given: `hash.update(x)`. */
  readonly inputs: readonly Temp[]
}

/** Calls whose result is their argument or receiver in another form. */
const conversions =
  /^(?:str|String|repr|bytes|bytearray|Buffer|from|encode|decode|strip|[lr]strip|trim|lower|upper|toLowerCase|toUpperCase|toString|normalize|format|join|concat|hex|fromhex|toHex|hexlify|unhexlify|b(?:16|32|64|85)(?:en|de)code|urlsafe_b64(?:en|de)code|standard_b64(?:en|de)code|btoa|atob|zip|enumerate|list|tuple|stringify|dumps|Uint8Array|force_bytes|force_str|to_bytes|smart_bytes|int|Number|slice|substring|substr|digest|hexdigest|finalize|update|get|getlist|parse|ljust|rjust|zfill|padStart|padEnd|replace|replaceAll|createHash|final)$/

const farthest = 120

/** Follows a value forward through its function: assignments, conversions, methods called on it. */
export function destinationsOf(temp: Temp, facts: FunctionFacts, program: Program): Destinations {
  const { users, loads, returned } = usesOf(facts)
  const names = new Set<string>()
  const calls = new Set<string>()
  const inputs: Temp[] = []
  const open: Temp[] = [temp]
  const seen = new Set<Temp>(open)
  const follow = (next: Temp): void => {
    if (seen.has(next) || seen.size > farthest) return
    seen.add(next)
    open.push(next)
  }
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (returned.has(each)) names.add(functionName(facts, program))
    for (const user of users.get(each) ?? []) {
      switch (user.op) {
        case 'store': {
          const name = facts.module.slotNames[user.slot] ?? ''
          if (name !== '') names.add(name)
          for (const load of loads.get(user.slot) ?? []) follow(load)
          break
        }
        case 'set':
          if (typeof user.key === 'string') names.add(user.key)
          break
        case 'export':
          names.add(user.name)
          break
        case 'class':
          for (const { name, value } of user.members) if (value === each) names.add(name)
          break
        case 'object':
          for (const { key, value } of user.entries) {
            if (value === each && typeof key === 'string') names.add(key)
          }
          break
        case 'call': {
          if (user.receiver === each) {
            for (const { value } of user.arguments) inputs.push(value)
            follow(user.dst)
            break
          }
          const callee = calleeName(user, facts)
          if (conversions.test(callee)) follow(user.dst)
          else if (callee !== '') calls.add(callee)
          for (const { name, value } of user.arguments) if (value === each && name !== undefined) names.add(name)
          break
        }
        case 'append':
          follow(user.list)
          break
        case 'get':
          if (user.index !== undefined || user.key !== undefined) follow(user.dst)
          break
        default:
          if ('dst' in user) follow(user.dst)
      }
    }
  }
  return { names: [...names], calls: [...calls], inputs }
}

/** Names of what a value is made from, within its function: `password` of `str(form['password']).encode()`. */
export function originNames(temp: Temp, facts: FunctionFacts): readonly string[] {
  const { stores } = usesOf(facts)
  const names = new Set<string>()
  const seen = new Set<Temp>()
  const open: Temp[] = [temp]
  for (let each = open.pop(); each !== undefined && seen.size < farthest; each = open.pop()) {
    if (seen.has(each)) continue
    seen.add(each)
    const definition = facts.definitions[each]
    switch (definition?.op) {
      case 'load': {
        const name = facts.module.slotNames[definition.slot] ?? ''
        if (name !== '') names.add(name)
        open.push(...(stores.get(definition.slot) ?? []))
        break
      }
      case 'get': {
        const key = definition.key ?? constantText(definition.index, facts)
        if (typeof key === 'string') names.add(key)
        else open.push(definition.object)
        break
      }
      case 'call': {
        if (!conversions.test(calleeName(definition, facts))) break
        if (definition.method === 'get' || definition.method === 'getlist') {
          const key = constantText(definition.arguments[0]?.value, facts)
          if (typeof key === 'string') names.add(key)
          break
        }
        if (definition.receiver !== undefined) open.push(definition.receiver)
        open.push(...definition.arguments.map(({ value }) => value))
        break
      }
      case 'element':
      case 'rest':
        open.push(definition.of)
        break
      case 'text':
      case 'binary':
      case 'list':
      case 'join':
        open.push(...operandsOf(definition))
        break
      case 'global':
        names.add(definition.name)
        break
    }
  }
  return [...names]
}

/** The last part of what an expression is called: `token` of `session['token'].strip()`. */
export function ownName(temp: Temp, facts: FunctionFacts, depth = 0): string | undefined {
  const definition = facts.definitions[temp]
  if (definition === undefined || depth > 8) return undefined
  switch (definition.op) {
    case 'load': {
      const name = facts.module.slotNames[definition.slot] ?? ''
      return name === '' ? firstName(usesOf(facts).stores.get(definition.slot) ?? [], facts, depth) : name
    }
    case 'global':
      return definition.name
    case 'get': {
      const key = definition.key ?? constantText(definition.index, facts)
      return typeof key === 'string' ? key : undefined
    }
    case 'call': {
      if (definition.method === 'get' || definition.method === 'getenv') {
        const key = constantText(definition.arguments[0]?.value, facts)
        if (typeof key === 'string') return key
      }
      if (!conversions.test(calleeName(definition, facts))) return undefined
      const inner = definition.receiver ?? definition.arguments[0]?.value
      const first = definition.arguments[0]?.value
      const own = inner === undefined ? undefined : ownName(inner, facts, depth + 1)
      return /^(?:Buffer|base64|binascii|codecs|JSON)$/.test(own ?? '') && first !== undefined
        ? ownName(first, facts, depth + 1)
        : own
    }
    case 'join':
      return firstName(definition.sources, facts, depth)
    default:
      return undefined
  }
}

/** The first name among values of which one is taken: `a || b`, `c ? a : b`. */
function firstName(temps: readonly Temp[], facts: FunctionFacts, depth: number): string | undefined {
  for (const temp of temps) {
    const name = ownName(temp, facts, depth + 1)
    if (name !== undefined) return name
  }
  return undefined
}

/** What a function is called: its own name, or that of the variable or key it is given to. */
export function functionName(facts: FunctionFacts, program: Program): string {
  const { ir } = facts
  if (ir.name !== 'anonymous' && ir.name !== 'field' && ir.name !== 'lambda' && ir.name !== '') return ir.name
  if (ir.parent === undefined) return ''
  const parent = program.function(ir.parent)
  for (const definition of parent.definitions) {
    if (definition?.op !== 'function' || definition.function !== ir.id) continue
    return holderName(definition.dst, parent) ?? ''
  }
  return ''
}

function holderName(temp: Temp, facts: FunctionFacts): string | undefined {
  for (const user of usesOf(facts).users.get(temp) ?? []) {
    if (user.op === 'store') return facts.module.slotNames[user.slot]
    if (user.op === 'set' && typeof user.key === 'string') return user.key
    if (user.op === 'class') return user.members.find(({ value }) => value === temp)?.name
    if (user.op !== 'object') continue
    const key = user.entries.find(({ value }) => value === temp)?.key
    if (typeof key === 'string') return key
  }
  return undefined
}

function constantText(temp: Temp | undefined, facts: FunctionFacts): string | number | undefined {
  const definition = temp === undefined ? undefined : facts.definitions[temp]
  if (definition?.op !== 'constant') return undefined
  return typeof definition.value === 'string' || typeof definition.value === 'number' ? definition.value : undefined
}

/** The last part of the name of what is called. */
export function calleeName(call: Extract<Instruction, { op: 'call' }>, facts: FunctionFacts): string {
  if (call.method !== undefined) return call.method
  const callee = facts.definitions[call.callee]
  if (callee?.op === 'global') return callee.name
  if (callee?.op === 'load') return facts.module.slotNames[callee.slot] ?? ''
  return callee?.op === 'get' && typeof callee.key === 'string' ? callee.key : ''
}

/** Names a value had on its way from its source: variables, keys, the parameter it came in as. */
export function labelNames({ source, steps }: Label, engine: Engine): readonly string[] {
  const names = new Set<string>()
  const entered = engine.program.modules
    .get(source.path)
    ?.text.slice(source.start, Math.min(source.end, source.start + 120))
  const first = lastWord(entered ?? '')
  if (first !== undefined) names.add(first)
  for (let step = steps; step !== undefined; step = step.previous) {
    const [, kind, text] = /^(assigned|read): ([\s\S]*)$/.exec(step.message) ?? []
    const name =
      kind === 'read'
        ? lastWord(text ?? '')
        : /^[\w$.]+/
            .exec(text ?? '')?.[0]
            .split('.')
            .at(-1)
    if (name !== undefined) names.add(name)
  }
  return [...names]
}

/** The last name or quoted key of an expression. */
function lastWord(text: string): string | undefined {
  return /([\w$-]+)['"`]?[\])]*(?:\s*,[^,]*\))?\s*$/.exec(text)?.[1]
}
