import { type FunctionFacts, nextBlocks } from '../../analysis/program.ts'
import type { BlockId, FunctionId, Instruction, Temp } from '../../ir/ir.ts'
import { type Code, instructionsOf, nameAt, textAt } from './code.ts'
import { handsOn, isHandedOn } from './hand-on.ts'
import { type Identity, larger } from './identity.ts'
import { callLevel, endingCall, guardLevel, type Level } from './names.ts'
import { Writes } from './writes.ts'

type Call = Extract<Instruction, { op: 'call' }>
/** What must not be reached by those who are not asked for. */
type Work = (at: Instruction, facts: FunctionFacts) => boolean

/** Something that stands before a route: a decorator, a dependency, a middleware. */
export interface Guard {
  readonly text: string
  readonly functions: readonly FunctionId[]
  /** How it stands there: `hook` refuses by answering, a `dependency` by raising. */
  readonly as: 'decorator' | 'dependency' | 'middleware' | 'hook'
}

const deepest = 6

/** Says what the code of functions guarantees: nothing is changed before somebody was asked. */
export class Guards {
  readonly #code: Code
  readonly #identity: Identity
  readonly #levels = new Map<string, Level>()
  readonly #changes = new Map<FunctionId, boolean>()
  readonly #writes: Writes
  readonly #ending = new Map<FunctionId, boolean>()

  constructor(code: Code, identity: Identity) {
    this.#code = code
    this.#identity = identity
    this.#writes = new Writes(code, identity)
  }

  /** What something that stands before a route asks for. */
  levelOf(guard: Guard): Level {
    const promised = guardLevel(guard.text)
    if (guard.functions.length === 0) return promised
    let level: Level = 0
    for (const id of guard.functions) level = larger(level, this.#bodyLevel(id, guard.as))
    if (level > 0) return level === 2 || (promised === 2 && level > 0) ? 2 : 1
    if (promised > 0 && guard.functions.some((id) => this.#mayRefuse(id))) return promised
    // A library's decorator that was given a test: `user_passes_test(lambda user: user.is_staff)`.
    if (guard.as === 'decorator' && guard.functions.every((id) => this.#code.inner(id).length === 0)) return promised
    return /^(?:\w+\.)?(?:require|ensure|protect|login_required|authenticate|authori[sz]e|is_?auth)/i.test(guard.text)
      ? promised
      : 0
  }

  #bodyLevel(id: FunctionId, as: Guard['as']): Level {
    if (as === 'decorator') {
      let level: Level = 0
      for (const inner of [id, ...this.#all(id, 0)]) {
        level = larger(
          level,
          this.#cached(`decorator ${inner}`, (wanted) => this.#guarded(inner, wanted, isHandedOn(this.#code))),
        )
      }
      return level
    }
    if (as === 'middleware') {
      return this.#cached(`middleware ${id}`, (wanted) => {
        const facts = this.#code.facts(id)
        const on = instructionsOf(facts).some((at) => handsOn(at, facts, this.#code))
        if (on || this.#all(id, 0).some((inner) => this.#handsOnInside(inner)))
          return this.#guarded(id, wanted, (at, where) => handsOn(at, where, this.#code))
        return this.#refuses(id, wanted)
      })
    }
    if (as === 'hook') return this.#cached(`hook ${id}`, (wanted) => this.#refuses(id, wanted))
    return this.helper(id)
  }

  #handsOnInside(id: FunctionId): boolean {
    const facts = this.#code.facts(id)
    return instructionsOf(facts).some((at) => handsOn(at, facts, this.#code))
  }

  #all(id: FunctionId, depth: number): FunctionId[] {
    if (depth > 3) return []
    return this.#code.inner(id).flatMap((inner) => [inner, ...this.#all(inner, depth + 1)])
  }

  /** What a function guarantees to whoever calls it and goes on. */
  helper(id: FunctionId): Level {
    return this.#cached(`helper ${id}`, (wanted) => {
      const facts = this.#code.facts(id)
      return instructionsOf(facts).length > 0 && this.#guarded(id, wanted, () => false, true)
    })
  }

  /** What a function that answers requests asks for before it changes something. */
  handler(id: FunctionId): Level {
    return this.#cached(`handler ${id}`, (wanted) => {
      if (this.changes(id)) return this.#guarded(id, wanted, (at, facts) => this.#writes.isChange(at, facts))
      const facts = this.#code.facts(id)
      const works = (at: Instruction, where: FunctionFacts): boolean => this.#writes.isWork(at, where)
      if (instructionsOf(facts).some((at) => works(at, facts))) return this.#guarded(id, wanted, works)
      return this.#refuses(id, wanted)
    })
  }

  #cached(key: string, holds: (wanted: Level) => boolean): Level {
    const known = this.#levels.get(key)
    if (known !== undefined) return known
    this.#levels.set(key, 0)
    const level: Level = holds(2) ? 2 : holds(1) ? 1 : 0
    this.#levels.set(key, level)
    return level
  }

  /** Whether work, or a return where `returns`, is only reached by those the function asked for. */
  #guarded(id: FunctionId, wanted: Level, work: Work, returns = false, depth = 0): boolean {
    const facts = this.#code.facts(id)
    const { blocks } = facts.ir
    if (this.#dependencies(facts) >= wanted) return true
    const reaches = this.#reaching(facts, work, returns, wanted, depth)
    // Where nothing can be reached, nothing is guarded.
    if (!reaches.has(0)) return false
    const seen = new Set<BlockId>([0])
    const open: BlockId[] = [0]
    for (let block = open.pop(); block !== undefined; block = open.pop()) {
      const { instructions, end, handler } = blocks[block] ?? { instructions: [], end: { kind: 'throw' as const } }
      const onward: BlockId[] = handler === undefined ? [] : [handler]
      let stopped = false
      for (const at of instructions) {
        if (at.op === 'call' && (this.#callLevel(at, facts) >= wanted || this.#ends(at, facts))) {
          stopped = true
          break
        }
        if (this.#works(at, facts, work, wanted, depth)) return false
      }
      if (!stopped) {
        if (returns && end.kind === 'return') return false
        if (end.kind === 'branch' && this.#identity.of(end.condition, facts) >= wanted) {
          // One side refuses: whoever gets to the other was asked.
          if (reaches.has(end.then) && reaches.has(end.else)) onward.push(end.then, end.else)
        } else onward.push(...nextBlocks(end))
      }
      for (const to of onward) {
        if (seen.has(to)) continue
        seen.add(to)
        open.push(to)
      }
    }
    return true
  }

  /** The blocks from which work can be reached. */
  #reaching(facts: FunctionFacts, work: Work, returns: boolean, wanted: Level, depth: number): Set<BlockId> {
    const { blocks } = facts.ir
    const reaching = new Set<BlockId>()
    const ended = blocks.map(({ instructions }) => instructions.some((at) => at.op === 'call' && this.#ends(at, facts)))
    blocks.forEach(({ instructions, end }, id) => {
      const stop = instructions.findIndex((at) => at.op === 'call' && this.#ends(at, facts))
      const run = stop === -1 ? instructions : instructions.slice(0, stop)
      if (
        run.some(
          (at) =>
            this.#works(at, facts, work, wanted, depth) || (at.op === 'call' && this.#worksInside(at, facts, work)),
        )
      )
        reaching.add(id)
      else if (returns && stop === -1 && end.kind === 'return') reaching.add(id)
    })
    for (let before = -1; before !== reaching.size; ) {
      before = reaching.size
      blocks.forEach(({ end, handler }, id) => {
        if (reaching.has(id)) return
        const next = ended[id] === true ? [] : nextBlocks(end)
        if ([...next, ...(handler === undefined ? [] : [handler])].some((to) => reaching.has(to))) reaching.add(id)
      })
    }
    return reaching
  }

  /** Work at an instruction, or in a function it is given or calls, that nothing guards in there. */
  #works(at: Instruction, facts: FunctionFacts, work: Work, wanted: Level, depth: number): boolean {
    if (at.op !== 'call' || depth > deepest) return work(at, facts)
    const called = this.#code.called(facts.ir.id, at.dst)
    for (const id of [...(called?.functions ?? []), ...(called?.given ?? [])]) {
      if (id === facts.ir.id || !this.#worksIn(id, work, 0)) continue
      if (!this.#guarded(id, wanted, work, false, depth + 2)) return true
    }
    return (called?.functions.size ?? 0) === 0 && work(at, facts)
  }

  #worksInside(at: Call, facts: FunctionFacts, work: Work): boolean {
    const called = this.#code.called(facts.ir.id, at.dst)
    return [...(called?.functions ?? []), ...(called?.given ?? [])].some((id) => this.#worksIn(id, work, 0))
  }

  #worksIn(id: FunctionId, work: Work, depth: number): boolean {
    if (depth > 3) return false
    const facts = this.#code.facts(id)
    return instructionsOf(facts).some(
      (at) =>
        work(at, facts) ||
        (at.op === 'call' &&
          [...(this.#code.called(id, at.dst)?.functions ?? [])].some(
            (inner) => inner !== id && this.#worksIn(inner, work, depth + 1),
          )),
    )
  }

  /** A condition on who it is one side of which ends at once. */
  #refuses(id: FunctionId, wanted: Level): boolean {
    const facts = this.#code.facts(id)
    if (this.#dependencies(facts) >= wanted) return true
    return facts.ir.blocks.some(
      ({ instructions, end }) =>
        (end.kind === 'branch' &&
          end.then !== end.else &&
          this.#identity.of(end.condition, facts) >= wanted &&
          [end.then, end.else].some((side) => this.#isRefusal(side, facts))) ||
        instructions.some((at) => at.op === 'call' && this.#callLevel(at, facts) >= wanted),
    )
  }

  /** Whether some way through a function, or a function in it, ends with a refusal. */
  #mayRefuse(id: FunctionId): boolean {
    return [id, ...this.#all(id, 0)].some((each) => {
      const facts = this.#code.facts(each)
      return facts.ir.blocks.some(({ end }) => {
        return end.kind === 'branch' && [end.then, end.else].some((side) => this.#isRefusal(side, facts))
      })
    })
  }

  #isRefusal(block: BlockId, facts: FunctionFacts, depth = 0): boolean {
    const found = facts.ir.blocks[block]
    if (found === undefined || depth > 4) return false
    const { instructions, end } = found
    if (end.kind === 'throw') return true
    for (const at of instructions) {
      if (at.op === 'constant' && (at.value === 401 || at.value === 403)) return true
      if (at.op !== 'call') continue
      const name = nameAt(at.callee, facts)
      if (this.#ends(at, facts) || /redirect|forbidden|unauthori[sz]ed|denied|sendStatus/i.test(name)) return true
    }
    return end.kind === 'jump' && this.#isRefusal(end.to, facts, depth + 1)
  }

  /** What the declared dependencies of a function ask for (`user = Depends(current_user)`). */
  #dependencies(facts: FunctionFacts): Level {
    let level: Level = 0
    for (const at of instructionsOf(facts)) {
      if (at.op === 'call' && /^(?:Depends|Security)$/.test(nameAt(at.callee, facts)))
        level = larger(level, this.dependency(at, facts))
    }
    for (const { slot } of facts.ir.parameters) {
      for (const { temp, facts: where, by } of this.#code.writes(slot)) {
        if (by === 'typed') level = larger(level, this.#annotated(temp, where, 0))
      }
    }
    return level
  }

  /** `CurrentUser = Annotated[User, Depends(current_user)]` used as a type. */
  #annotated(temp: Temp, facts: FunctionFacts, depth: number): Level {
    const at = facts.definitions[temp]
    if (depth > 6 || at === undefined) return 0
    if (at.op === 'call')
      return /^(?:Depends|Security)$/.test(nameAt(at.callee, facts)) ? this.dependency(at, facts) : 0
    const parts = at.op === 'get' ? [at.index] : at.op === 'list' ? at.items.map(({ value }) => value) : []
    let level: Level = 0
    for (const part of parts) if (part !== undefined) level = larger(level, this.#annotated(part, facts, depth + 1))
    if (at.op === 'load') {
      for (const written of this.#code.writes(at.slot)) {
        if (written.by === 'store') level = larger(level, this.#annotated(written.temp, written.facts, depth + 1))
      }
    }
    return level
  }

  /** What `Depends(f)` asks for. */
  dependency(call: Call, facts: FunctionFacts): Level {
    const functions = [...(this.#code.called(facts.ir.id, call.dst)?.given ?? [])]
    const text = textAt(call.arguments[0]?.value, facts)
    const level = this.levelOf({ text, functions, as: 'dependency' })
    return functions.length === 0 && level === 0 && /^(?:current_?|get_?)?(?:user|account)$/i.test(text) ? 1 : level
  }

  #callLevel(call: Call, facts: FunctionFacts): Level {
    const called = this.#code.called(facts.ir.id, call.dst)
    let level: Level = 0
    for (const id of called?.functions ?? []) level = larger(level, this.helper(id))
    if ((called?.functions.size ?? 0) > 0) return level
    const name = nameAt(call.callee, facts)
    const receiver = call.receiver === undefined ? '' : nameAt(call.receiver, facts)
    if (/^(?:verify|decode)$/.test(name) && /jwt|token|jsonwebtoken|jose/i.test(receiver)) return 1
    if (receiver === 'auth' && /^(?:protect|check|verify|require\w*)$/.test(name)) return 1
    return callLevel(name)
  }

  #ends(call: Call, facts: FunctionFacts): boolean {
    const called = this.#code.called(facts.ir.id, call.dst)
    const name = nameAt(call.callee, facts)
    if (called === undefined || called.functions.size === 0) {
      const models = this.#code.engine.models(facts.module.path)
      if ([...(called?.names ?? [])].some((each) => models.facts(each).ends)) return true
      if (name === 'throw' && call.receiver !== undefined) return true
      if (name === 'redirect' && [...(called?.names ?? [])].some((each) => each.startsWith('next/'))) return true
      return (
        endingCall.test(name) &&
        !(call.receiver !== undefined && /^(?:res|response|reply)$/.test(nameAt(call.receiver, facts)))
      )
    }
    return [...called.functions].every((id) => this.#neverReturns(id))
  }

  #neverReturns(id: FunctionId): boolean {
    const known = this.#ending.get(id)
    if (known !== undefined) return known
    this.#ending.set(id, false)
    const facts = this.#code.facts(id)
    const never = !facts.ir.generator && !this.#reaching(facts, () => false, true, 1, deepest).has(0)
    this.#ending.set(id, never)
    return never
  }

  /** Whether a function changes data, itself or in what it calls. */
  changes(id: FunctionId): boolean {
    const known = this.#changes.get(id)
    if (known !== undefined) return known
    this.#changes.set(id, false)
    const changes =
      this.#worksIn(id, (at, facts) => this.#writes.isChange(at, facts), 0) ||
      this.#code.inner(id).some((each) => this.changes(each))
    this.#changes.set(id, changes)
    return changes
  }
}
