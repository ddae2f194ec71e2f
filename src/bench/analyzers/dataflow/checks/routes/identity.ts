import type { FunctionFacts } from '../../analysis/program.ts'
import type { FunctionId, Instruction, Slot, Temp } from '../../ir/ir.ts'
import { type Code, constantAt, instructionsOf, nameAt, textAt } from './code.ts'
import {
  checksPassword,
  identityCookie,
  identityKey,
  identityParameter,
  identityText,
  type Level,
  makesIdentity,
  recordSecret,
  requestLike,
  rightsText,
  secretName,
  tellsIdentity,
  tellsRights,
} from './names.ts'

const deepest = 24

/** Says of expressions whether they depend on who sent the request (1), and on that person's rights (2). */
export class Identity {
  readonly #code: Code
  readonly #known = new Map<string, Level>()
  readonly #answers = new Map<FunctionId, Level>()
  readonly #lenient: boolean
  /** What the app itself keeps with the request: `req.customer = …`. */
  readonly #kept = new Map<string, { readonly temp: Temp; readonly facts: FunctionFacts }[]>()

  /** @param lenient Whether a secret kept with a record, or a password asked again, counts as well. */
  constructor(code: Code, lenient: boolean) {
    this.#code = code
    this.#lenient = lenient
    for (const { id } of code.engine.program.functions) {
      const facts = code.facts(id)
      for (const at of instructionsOf(facts)) {
        if (at.op !== 'set' || typeof at.key !== 'string' || !requestLike.test(nameAt(at.object, facts))) continue
        this.#kept.set(at.key, [...(this.#kept.get(at.key) ?? []), { temp: at.value, facts }])
      }
    }
  }

  of(temp: Temp | undefined, facts: FunctionFacts, depth = 0): Level {
    if (temp === undefined || depth > deepest) return 0
    const key = `${facts.ir.id} ${temp}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, 0)
    const definition = facts.definitions[temp]
    const level = definition === undefined ? 0 : this.#defined(definition, facts, depth + 1)
    this.#known.set(key, level)
    return level
  }

  /** What the answer of a function depends on. */
  answer(id: FunctionId): Level {
    const known = this.#answers.get(id)
    if (known !== undefined) return known
    this.#answers.set(id, 0)
    const facts = this.#code.facts(id)
    let level: Level = 0
    let answers = false
    for (const { end } of facts.ir.blocks) {
      if (end.kind === 'return' && end.value !== undefined) {
        answers = true
        level = larger(level, this.of(end.value, facts))
      } else if (end.kind === 'branch') level = larger(level, this.of(end.condition, facts))
    }
    const result = answers ? level : 0
    this.#answers.set(id, result)
    return result
  }

  #defined(at: Instruction, facts: FunctionFacts, depth: number): Level {
    const of = (temp: Temp | undefined): Level => this.of(temp, facts, depth)
    switch (at.op) {
      case 'load':
        return this.#loaded(at.slot, facts, depth)
      case 'global':
        return identityParameter.test(at.name) && at.name !== 'user' ? 1 : 0
      case 'import':
        return this.#imported(at.module, at.name)
      case 'constant':
        return typeof at.value === 'string' && identityText.test(at.value) ? 1 : 0
      case 'get':
        return this.#read(at.object, at.key ?? constantAt(at.index, facts), at.index, facts, depth)
      case 'call':
        return this.#called(at, facts, depth)
      case 'compare': {
        const secret = this.#lenient && (this.#isSecret(at.left, facts) || this.#isSecret(at.right, facts))
        const level = larger(secret ? 1 : 0, larger(of(at.left), of(at.right)))
        const texts = [constantAt(at.left, facts), constantAt(at.right, facts)]
        return level > 0 && texts.some((text) => text !== undefined && rightsText.test(text)) ? 2 : level
      }
      case 'binary':
        return larger(of(at.left), of(at.right))
      case 'unary':
        return of(at.operand)
      case 'text':
        return at.parts.reduce<Level>((level, part) => larger(level, of(part)), 0)
      case 'list':
        return at.items.reduce<Level>((level, { value }) => larger(level, of(value)), 0)
      case 'object':
        return at.entries.reduce<Level>((level, { value }) => larger(level, of(value)), 0)
      case 'join':
        return at.sources.reduce<Level>((level, source) => larger(level, of(source)), 0)
      case 'element':
      case 'rest':
        return of(at.of)
      default:
        return 0
    }
  }

  #imported(module: string, name: string | undefined): Level {
    if (name === undefined) return 0
    if (/^current_?(?:user|admin|account|member|identity)$/i.test(name)) return 1
    return (module === 'flask' || module === 'quart') && name === 'session' ? 1 : 0
  }

  #loaded(slot: Slot, facts: FunctionFacts, depth: number): Level {
    let level: Level = 0
    const parameter = this.#code.parameter(slot)
    if (parameter !== undefined && identityParameter.test(parameter.name)) level = 1
    for (const { temp, facts: where } of this.#code.writes(slot)) {
      level = larger(level, this.of(temp, where, depth))
      if (level === 2) return level
    }
    if (level === 0 && /^current_?user$/i.test(facts.module.slotNames[slot] ?? '')) return 1
    return level
  }

  /** `req.user`, `session['user_id']`, `user.is_admin`, `os.environ['API_KEY']`. */
  #read(
    object: Temp,
    key: string | number | undefined,
    index: Temp | undefined,
    facts: FunctionFacts,
    depth: number,
  ): Level {
    const level = larger(this.of(object, facts, depth), index === undefined ? 0 : this.of(index, facts, depth))
    if (typeof key !== 'string') return level > 0 || !/^cookies?$/i.test(nameAt(object, facts)) ? level : 1
    if (level > 0) return tellsRights.test(key) ? 2 : level
    const name = nameAt(object, facts)
    if (identityKey.test(key) && !/^cookies?$/i.test(key) && requestLike.test(name)) return 1
    if (/^cookies?$/i.test(name)) return identityCookie.test(key) ? 1 : 0
    if (requestLike.test(name)) {
      let kept: Level = 0
      for (const { temp, facts: where } of this.#kept.get(key) ?? []) kept = larger(kept, this.of(temp, where, depth))
      if (kept > 0) return kept
    }
    if (identityText.test(key)) return 1
    return /^env(?:iron)?$/.test(name) && secretName.test(key) ? 1 : 0
  }

  #called(call: Extract<Instruction, { op: 'call' }>, facts: FunctionFacts, depth: number): Level {
    const name = nameAt(call.callee, facts)
    const called = this.#code.called(facts.ir.id, call.dst)
    let level: Level = 0
    for (const id of called?.functions ?? []) level = larger(level, this.answer(id))
    const [first] = call.arguments
    if (/^(?:Depends|Security)$/.test(name)) {
      for (const id of called?.given ?? []) level = larger(level, this.answer(id))
      const named = textAt(first?.value, facts)
      return larger(level, tellsRights.test(named) ? 2 : tellsIdentity.test(named) || /user|auth/i.test(named) ? 1 : 0)
    }
    if (this.#lenient && checksPassword.test(name)) return 1
    if (makesIdentity.test(name)) return level
    const isSession = /session$/i.test(name)
    // In Python a function of that name opens a session of the database.
    if (tellsIdentity.test(name) && !(isSession && facts.module.language === 'python') && called?.functions.size !== 1)
      level = larger(level, 1)
    for (const { value } of call.arguments) level = larger(level, this.of(value, facts, depth))
    if (call.receiver !== undefined) {
      const receiver = this.of(call.receiver, facts, depth)
      const key = /^(?:get|pop)$/.test(name) ? constantAt(first?.value, facts) : undefined
      level = larger(level, receiver)
      if (key !== undefined && level === 0) level = this.#secretAt(call.receiver, key, facts)
      if (level > 0 && key !== undefined && tellsRights.test(key)) return 2
    }
    return level > 0 && tellsRights.test(name) ? 2 : level
  }

  /** `request.headers.get('X-Api-Key')`, `os.environ.get('ADMIN_TOKEN')`, `request.cookies.get('session')`. */
  #secretAt(receiver: Temp, key: string, facts: FunctionFacts): Level {
    const name = nameAt(receiver, facts)
    if (/^cookies?$/i.test(name)) return identityCookie.test(key) ? 1 : 0
    if (identityText.test(key)) return 1
    return /^env(?:iron)?$/.test(name) && secretName.test(key) ? 1 : 0
  }

  /** `poll['edit_key']`, of something that is not what was sent. */
  #isSecret(temp: Temp, facts: FunctionFacts): boolean {
    const at = facts.definitions[temp]
    const key = at?.op === 'get' ? (at.key ?? constantAt(at.index, facts)) : undefined
    return (
      typeof key === 'string' &&
      recordSecret.test(key) &&
      at?.op === 'get' &&
      !requestLike.test(nameAt(at.object, facts))
    )
  }

  /** Whether a function uses who sent the request in a way that fails, or differs, for everybody else. */
  uses(id: FunctionId, depth = 0): 'part' | 'argument' | undefined {
    const facts = this.#code.facts(id)
    let found: 'part' | undefined
    for (const at of instructionsOf(facts)) {
      if (at.op === 'call') {
        const name = nameAt(at.callee, facts)
        if (/^(?:log|info|warn|warning|error|debug|print|jsonify|json|render\w*|auth|Depends|Security)$/.test(name))
          continue
        if (
          name === 'get' &&
          /^(?:cookies?|headers|args|form|environ|env|session|store)$/i.test(nameAt(at.receiver, facts))
        )
          continue
        if (at.arguments.some(({ value }) => this.isPart(value, facts))) return 'argument'
      } else if (at.op === 'compare') {
        const isPart = (temp: Temp): boolean => this.isPart(temp, facts)
        const other = (temp: Temp): boolean => facts.definitions[temp]?.op !== 'constant'
        if ((isPart(at.left) && other(at.right)) || (isPart(at.right) && other(at.left))) return 'argument'
      } else if (at.op === 'get' && at.attribute && this.isPart(at.dst, facts)) found = 'part'
    }
    for (const inner of [...this.#code.inner(id), ...this.#reached(id)]) {
      if (depth > 2) break
      const used = this.uses(inner, depth + 1)
      if (used === 'argument') return used
      found ??= used
    }
    return found
  }

  /** Functions of the app that a function calls with something: `own_note(note_id)`. */
  #reached(id: FunctionId): FunctionId[] {
    const facts = this.#code.facts(id)
    return instructionsOf(facts).flatMap((at) =>
      at.op === 'call' && at.arguments.length > 0 ? [...(this.#code.called(id, at.dst)?.functions ?? [])] : [],
    )
  }

  /** Whether a value is a part of an identity, such as its number (`current_user.id`), or holds one. */
  isPart(temp: Temp, facts: FunctionFacts, depth = 0): boolean {
    if (depth > 6 || this.of(temp, facts) === 0) return false
    const at = facts.definitions[temp]
    switch (at?.op) {
      case 'get':
        if (textAt(temp, facts).includes('?.') || /^env(?:iron)?$/.test(nameAt(at.object, facts))) return false
        return this.isPart(at.object, facts, depth + 1) || identityKey.test(String(at.key ?? ''))
      case 'object':
        return at.entries.some(({ value }) => this.isPart(value, facts, depth + 1))
      case 'list':
        return at.items.some(({ value }) => this.isPart(value, facts, depth + 1))
      case 'call':
        if ([...(this.#code.called(facts.ir.id, at.dst)?.functions ?? [])].some((id) => this.answer(id) > 0))
          return true
        return (
          at.arguments.some(({ value }) => this.isPart(value, facts, depth + 1)) ||
          (at.receiver !== undefined && this.isPart(at.receiver, facts, depth + 1)) ||
          (tellsIdentity.test(nameAt(at.callee, facts)) &&
            !/compare|verif|check|^is|^has|valid|timing/i.test(nameAt(at.callee, facts)))
        )
      case 'load': {
        const stores = this.#code.writes(at.slot).filter(({ by }) => by === 'store')
        return (
          stores.length === 0 ||
          stores.some(({ temp, facts: where }) => where !== facts || this.isPart(temp, where, depth + 1))
        )
      }
      case 'import':
        return true
      case 'text':
        return at.parts.some((part) => this.isPart(part, facts, depth + 1))
      case 'compare':
        return this.isPart(at.left, facts, depth + 1) || this.isPart(at.right, facts, depth + 1)
      default:
        return false
    }
  }
}

export function larger(a: Level, b: Level): Level {
  return a > b ? a : b
}
