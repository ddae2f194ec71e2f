import type { FunctionFacts } from '../../analysis/program.ts'
import type { Instruction, Temp } from '../../ir/ir.ts'
import { type Code, nameAt, textAt } from './code.ts'
import type { Identity } from './identity.ts'
import { changesByName, harmlessCall, harmlessReceiver, requestLike } from './names.ts'

/** Says of instructions whether they change data. */
export class Writes {
  readonly #code: Code
  readonly #identity: Identity

  constructor(code: Code, identity: Identity) {
    this.#code = code
    this.#identity = identity
  }

  /** A call, assignment or deletion that changes data that outlives the request. */
  isChange(at: Instruction, facts: FunctionFacts): boolean {
    if (at.op === 'set') return this.#outlives(at.object, facts)
    if (at.op === 'unary' && at.operator === 'delete') {
      const operand = facts.definitions[at.operand]
      return operand?.op === 'get' && this.#outlives(operand.object, facts)
    }
    if (at.op !== 'call' || (this.#code.called(facts.ir.id, at.dst)?.functions.size ?? 0) > 0) return false
    const name = nameAt(at.callee, facts)
    if (at.receiver !== undefined && this.#isHarmless(at.receiver, facts, 0)) return false
    const statement = textAt(at.arguments[0]?.value, facts, 60)
    if (
      /^(?:execute|executemany|query|run|raw|exec|prepare|sql|executeQuery|\$executeRaw\w*|\$queryRaw\w*)$/.test(name)
    ) {
      if (/^\W*\w{0,8}\W*(?:insert|update|delete|replace|drop|alter|create|truncate|merge)\b/i.test(statement))
        return true
      return (
        /^(?:execute|executemany|run|exec|\$executeRaw\w*)$/.test(name) &&
        !/^\W*\w{0,8}\W*(?:select|with|pragma|show)\b/i.test(statement) &&
        at.arguments.length > 0
      )
    }
    return changesByName(name)
  }

  /** A call that may do anything, where nothing is known to change data. */
  isWork(at: Instruction, facts: FunctionFacts): boolean {
    if (at.op === 'set') return this.isChange(at, facts)
    if (at.op !== 'call' || (this.#code.called(facts.ir.id, at.dst)?.functions.size ?? 0) > 0) return false
    if (at.receiver !== undefined && this.#isHarmless(at.receiver, facts, 0)) return false
    const name = nameAt(at.callee, facts)
    return name !== '' && !harmlessCall.test(name) && this.#identity.of(at.dst, facts) === 0
  }

  /** Things of the answer, the session or the function itself. */
  #isHarmless(temp: Temp, facts: FunctionFacts, depth: number): boolean {
    const at = facts.definitions[temp]
    if (at === undefined || depth > 6) return false
    if (harmlessReceiver.test(nameAt(temp, facts)) && at.op !== 'call') {
      // A session of the database has the name of one of the browser.
      return !/^session$/.test(nameAt(temp, facts)) || this.#identity.of(temp, facts) > 0
    }
    if (at.op === 'load') return this.#isOwn(at.slot, facts)
    if (at.op === 'call' && at.receiver !== undefined) return this.#isHarmless(at.receiver, facts, depth + 1)
    if (at.op === 'get')
      return (
        this.#isHarmless(at.object, facts, depth + 1) && !/^(?:db|store|models|database|prisma)$/.test(String(at.key))
      )
    return at.op === 'list' || at.op === 'object' || at.op === 'constant' || at.op === 'text'
  }

  /** A list or object the function made for itself. */
  #isOwn(slot: number, facts: FunctionFacts): boolean {
    const writes = this.#code.writes(slot)
    return (
      writes.length > 0 &&
      facts.ir.kind !== 'module' &&
      writes.every(({ facts: where, temp }) => {
        const at = where.definitions[temp]
        if (where.ir.kind === 'module') return false
        if (at?.op === 'list' || at?.op === 'object' || at?.op === 'text') return true
        return (
          at?.op === 'call' &&
          /^(?:list|dict|set|Map|Set|Array|FormData|URLSearchParams|Headers|defaultdict|make_response|Response|jsonify|NextResponse|get_json|json|to_dict|BytesIO|StringIO)$/.test(
            nameAt(at.callee, where),
          )
        )
      })
    )
  }

  #outlives(object: Temp, facts: FunctionFacts): boolean {
    const at = facts.definitions[object]
    const name = nameAt(object, facts)
    if (harmlessReceiver.test(name) || requestLike.test(name)) return false
    if (at?.op === 'get') return this.#outlives(at.object, facts)
    if (at?.op === 'call') return !harmlessReceiver.test(nameAt(at.receiver, facts))
    if (at?.op !== 'load') return false
    const writes = this.#code.writes(at.slot)
    return writes.some(({ facts: where, temp }) => {
      if (where.ir.kind === 'module') return true
      const origin = where.definitions[temp]
      return (
        origin?.op === 'call' &&
        /^(?:get|find|query|first|one|load|fetch|scalar|lookup|select|retrieve)/i.test(nameAt(origin.callee, where)) &&
        !/json|body|form|args|session$|cookie|header/i.test(nameAt(origin.callee, where))
      )
    })
  }
}
