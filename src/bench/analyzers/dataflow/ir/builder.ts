import type {
  Block,
  BlockId,
  Constant,
  FunctionId,
  FunctionIr,
  Instruction,
  Operation,
  Parameter,
  Slot,
  Span,
  Temp,
  Terminator,
} from './ir.ts'

interface OpenBlock {
  readonly instructions: Instruction[]
  end: Terminator | undefined
  readonly handler: BlockId | undefined
}

type WithoutResult<Kind> = Kind extends { readonly dst: Temp } ? Omit<Kind, 'dst'> : never
/** An operation that has a result, before it is given its temporary. */
export type Computation = WithoutResult<Operation>
export type Effect = Exclude<Operation, { readonly dst: Temp }>

/** Hands out ids that are unique in an app. */
export interface Ids {
  functions: number
  slots: number
  /** Slot → the name in the source, for messages. */
  readonly slotNames: string[]
}

export function newIds(): Ids {
  return { functions: 0, slots: 0, slotNames: [] }
}

export function newSlot(ids: Ids, name: string): Slot {
  ids.slotNames.push(name)
  return ids.slots++
}

/** A function under construction: open from the first instruction until {@link finish}. */
export class FunctionBuilder {
  readonly id: FunctionId
  readonly parent: FunctionBuilder | undefined
  readonly parameters: Parameter[] = []
  readonly slots: Slot[] = []
  readonly captured = new Set<Slot>()
  self: Slot | undefined
  all: Slot | undefined
  generated: Temp | undefined
  /** Where exceptions of the statements being lowered go. */
  handler: BlockId | undefined
  readonly #blocks: OpenBlock[] = []
  #current: BlockId
  #temps = 0

  constructor(id: FunctionId, parent: FunctionBuilder | undefined) {
    this.id = id
    this.parent = parent
    this.#current = this.block()
  }

  /** Starts a block without going there. */
  block(): BlockId {
    this.#blocks.push({ instructions: [], end: undefined, handler: this.handler })
    return this.#blocks.length - 1
  }

  /** Instructions from here on go to that block. */
  enter(block: BlockId): void {
    this.#current = block
  }

  /** True while the place being lowered has not returned, raised or jumped. */
  get open(): boolean {
    return this.#blocks[this.#current]?.end === undefined
  }

  compute(operation: Computation, span: Span): Temp {
    const dst = this.#temps++
    this.#add({ ...operation, dst, start: span.start, end: span.end } as Instruction)
    return dst
  }

  effect(operation: Effect, span: Span): void {
    this.#add({ ...operation, start: span.start, end: span.end })
  }

  constant(value: Constant, span: Span): Temp {
    return this.compute({ op: 'constant', value }, span)
  }

  jump(to: BlockId): void {
    this.#end({ kind: 'jump', to })
  }

  branch(condition: Temp, then: BlockId, otherwise: BlockId): void {
    this.#end({ kind: 'branch', condition, then, else: otherwise })
  }

  return(span: Span, value?: Temp): void {
    this.#end({ kind: 'return', span, ...(value !== undefined && { value }) })
  }

  throw(value?: Temp): void {
    this.#end({ kind: 'throw', ...(value !== undefined && { value }) })
  }

  /** A new block that follows the present one when that is still open. */
  continueIn(block: BlockId = this.block()): void {
    if (this.open) this.jump(block)
    this.enter(block)
  }

  finish(facts: Pick<FunctionIr, 'name' | 'kind' | 'generator' | 'start' | 'end'>): FunctionIr {
    if (this.open) this.return({ start: facts.end, end: facts.end }, this.generated)
    return {
      ...facts,
      id: this.id,
      ...(this.parent !== undefined && { parent: this.parent.id }),
      parameters: this.parameters,
      ...(this.self !== undefined && { self: this.self }),
      ...(this.all !== undefined && { all: this.all }),
      slots: this.slots,
      captured: [...this.captured],
      blocks: this.#blocks.map(closed),
      temps: this.#temps,
    }
  }

  #add(instruction: Instruction): void {
    const block = this.#blocks[this.#current]
    if (block === undefined) throw new Error(`No block ${this.#current} in function ${this.id}.`)
    // What follows a return is lowered into a block nothing leads to, so that its functions still exist.
    if (block.end !== undefined) {
      this.enter(this.block())
      this.#add(instruction)
    } else block.instructions.push(instruction)
  }

  #end(end: Terminator): void {
    const block = this.#blocks[this.#current]
    if (block !== undefined && block.end === undefined) block.end = end
  }
}

function closed({ instructions, end, handler }: OpenBlock): Block {
  return { instructions, end: end ?? { kind: 'throw' }, ...(handler !== undefined && { handler }) }
}
