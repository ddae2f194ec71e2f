import { type CodeNode, nodesUnder } from '#bench/syntax'
import { FunctionBuilder, type Ids, newSlot } from '../ir/builder.ts'
import type { BlockId, Constant, FunctionIr, Gap, ModuleIr, Slot, Span, Temp } from '../ir/ir.ts'

/** Nesting beyond which source is data or an attack on the parser, not code. */
const deepest = 250

/** Names declared at one level: a function, a block (JavaScript), a class body (Python). */
export interface Scope {
  readonly owner: FunctionBuilder
  readonly names: Map<string, Slot>
  readonly parent: Scope | undefined
  /** Functions inside a class body do not see its names. */
  readonly kind: 'function' | 'block' | 'class'
}

/** Where `break` and `continue` of a loop or `switch` lead. */
export interface Loop {
  readonly label: string | undefined
  readonly exit: BlockId
  readonly next: BlockId | undefined
  /** How many `finally` bodies surround it. */
  readonly cleanups: number
}

/** What a front end knows of one language. */
export interface Grammar {
  expression(node: CodeNode, low: Lowering): Temp
  statement(node: CodeNode, low: Lowering): void
  /** Branches on a condition, with short circuits as control flow. */
  condition(node: CodeNode, low: Lowering, then: BlockId, otherwise: BlockId): void
}

/** One file being lowered: open from its first node to {@link Lowering.module}. */
export class Lowering {
  readonly ids: Ids
  readonly functions: FunctionIr[] = []
  readonly gaps: Gap[] = []
  builder: FunctionBuilder
  scope: Scope
  loops: Loop[] = []
  cleanups: (() => void)[] = []
  /** The innermost class, for `super`. */
  classBase: Temp | undefined
  readonly #grammar: Grammar
  #depth = 0

  constructor(ids: Ids, grammar: Grammar) {
    this.ids = ids
    this.#grammar = grammar
    this.builder = new FunctionBuilder(ids.functions++, undefined)
    this.scope = { owner: this.builder, names: new Map(), parent: undefined, kind: 'function' }
  }

  expression(node: CodeNode): Temp {
    return this.#deeper(node, () => this.#grammar.expression(node, this)) ?? this.join([], node)
  }

  statement(node: CodeNode): void {
    this.#deeper(node, () => this.#grammar.statement(node, this))
  }

  statements(nodes: readonly CodeNode[]): void {
    for (const node of nodes) {
      // Inside `try` every statement is a block: its start is where an exception leaves.
      if (this.builder.handler !== undefined && this.builder.open) this.builder.continueIn()
      this.statement(node)
    }
  }

  condition(node: CodeNode, then: BlockId, otherwise: BlockId): void {
    const done = this.#deeper(node, () => {
      this.#grammar.condition(node, this, then, otherwise)
      return true
    })
    if (done === undefined) this.builder.branch(this.join([], node), then, otherwise)
  }

  constant(value: Constant, span: Span): Temp {
    return this.builder.constant(value, span)
  }

  /** A value that may be any of the given ones, or (with none) anything. */
  join(sources: readonly Temp[], span: Span): Temp {
    return this.builder.compute({ op: 'join', sources }, span)
  }

  declare(name: string, scope: Scope = this.scope): Slot {
    const known = scope.names.get(name)
    if (known !== undefined) return known
    const slot = newSlot(this.ids, name)
    scope.names.set(name, slot)
    scope.owner.slots.push(slot)
    return slot
  }

  /** A slot the source has no name for. */
  temporary(name = ''): Slot {
    const slot = newSlot(this.ids, name)
    this.builder.slots.push(slot)
    return slot
  }

  /** The slot of a name as seen from here, or undefined for a global of the platform. */
  resolve(name: string): Slot | undefined {
    let crossed = false
    for (let scope: Scope | undefined = this.scope; scope !== undefined; scope = scope.parent) {
      if (scope.owner !== this.builder) crossed = true
      if (crossed && scope.kind === 'class') continue
      const slot = scope.names.get(name)
      if (slot === undefined) continue
      if (scope.owner !== this.builder) this.#capture(slot, scope.owner)
      return slot
    }
    return undefined
  }

  read(name: string, span: Span): Temp {
    const slot = this.resolve(name)
    return slot === undefined
      ? this.builder.compute({ op: 'global', name }, span)
      : this.builder.compute({ op: 'load', slot }, span)
  }

  write(name: string, value: Temp, span: Span): void {
    this.builder.effect({ op: 'store', slot: this.resolve(name) ?? this.declare(name), value }, span)
  }

  /** Lowers a function: `body` declares its parameters and lowers its statements. */
  inner(facts: Pick<FunctionIr, 'name' | 'kind' | 'generator'> & Span, body: () => void): Temp {
    const outer = this.builder
    const { scope, loops, cleanups } = this
    const { start, end } = facts
    this.builder = new FunctionBuilder(this.ids.functions++, outer)
    this.scope = { owner: this.builder, names: new Map(), parent: scope, kind: 'function' }
    this.loops = []
    this.cleanups = []
    if (facts.generator) {
      this.builder.generated = this.builder.compute({ op: 'list', kind: 'list', items: [] }, { start, end })
    }
    body()
    const finished = this.builder.finish(facts)
    this.builder = outer
    this.scope = scope
    this.loops = loops
    this.cleanups = cleanups
    this.functions.push(finished)
    return this.builder.compute({ op: 'function', function: finished.id }, { start, end })
  }

  inScope(kind: Scope['kind'], body: () => void): void {
    const outer = this.scope
    this.scope = { owner: this.builder, names: new Map(), parent: outer, kind }
    body()
    this.scope = outer
  }

  /** Runs the `finally` bodies left on the way out, innermost first. */
  cleanUp(from = 0): void {
    const all = this.cleanups
    for (let at = all.length - 1; at >= from; at--) {
      this.cleanups = all.slice(0, at)
      all[at]?.()
    }
    this.cleanups = all
  }

  /** Jumps out of (`exit`) or to the next round of (`next`) the innermost loop, or of the labelled one. */
  leave(how: 'exit' | 'next', label?: string): void {
    for (let at = this.loops.length - 1; at >= 0; at--) {
      const loop = this.loops[at]
      const target = loop?.[how]
      if (loop === undefined || target === undefined || (label !== undefined && loop.label !== label)) continue
      this.cleanUp(loop.cleanups)
      this.builder.jump(target)
      return
    }
    this.builder.throw()
  }

  /** Lowers a loop body with its exits. */
  loop(exit: BlockId, next: BlockId | undefined, body: () => void, label?: string): void {
    this.loops.push({ label, exit, next, cleanups: this.cleanups.length })
    body()
    this.loops.pop()
  }

  #capture(slot: Slot, owner: FunctionBuilder): void {
    let builder: FunctionBuilder | undefined = this.builder
    while (builder !== undefined && builder !== owner) {
      builder.captured.add(slot)
      builder = builder.parent
    }
  }

  #deeper<Result>(node: CodeNode, lower: () => Result): Result | undefined {
    if (this.#depth >= deepest) {
      if (this.gaps.length < 20) this.gaps.push({ line: node.line, reason: 'nested too deeply' })
      return undefined
    }
    this.#depth += 1
    const result = lower()
    this.#depth -= 1
    return result
  }

  /** The module all of whose statements were lowered; what the parser did not understand becomes a gap. */
  module(path: string, language: ModuleIr['language'], root: CodeNode): ModuleIr {
    for (const node of nodesUnder(root)) {
      if (node.type !== 'ERROR' && !node.missing) continue
      this.gaps.push({ line: node.line, reason: 'syntax error' })
      if (this.gaps.length >= 20) break
    }
    const main = this.builder.finish({ name: path, kind: 'module', generator: false, start: 0, end: root.end })
    return {
      path,
      language,
      text: root.source,
      functions: [...this.functions, main],
      main: main.id,
      names: this.scope.names,
      gaps: this.gaps,
      slotNames: this.ids.slotNames,
    }
  }
}

/** The children that are code. */
export function codeChildren(node: CodeNode): CodeNode[] {
  return node.children.filter(({ type }) => type !== 'comment' && type !== 'line_continuation')
}
