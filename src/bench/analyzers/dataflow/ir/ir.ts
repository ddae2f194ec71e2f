/**
 * The intermediate form both front ends lower to. Plain data: it can be written as JSON and printed ({@link printFunction}).
 * A function is a graph of basic blocks; expressions are flattened into instructions over temporaries (each written by
 * one instruction) and slots (variables). Short circuits, conditional expressions, comprehensions, `match` and `switch`
 * are branches.
 */

/** Written by exactly one instruction of its function. */
export type Temp = number
/** A variable, unique in the whole app: inner functions name the slots of outer ones. */
export type Slot = number
export type BlockId = number
export type FunctionId = number

/** A value the text of the program spells out. `undefined` is JavaScript's. */
export type Constant = string | number | boolean | null | undefined

/** Offsets in the file's text, UTF-16 units, the end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'instanceof'

export interface Argument {
  readonly value: Temp
  /** A keyword argument's name. */
  readonly name?: string
  /** `*args` or `...args`; `**kwargs`. */
  readonly spread?: 'list' | 'dictionary'
}

export interface Member {
  readonly name: string
  readonly value: Temp
  /** `declared`: the value is the type of a field. */
  readonly kind: 'method' | 'getter' | 'setter' | 'static' | 'field' | 'declared'
}

interface Result {
  readonly dst: Temp
}

export type Operation =
  | (Result & { readonly op: 'constant'; readonly value: Constant })
  | (Result & { readonly op: 'regex'; readonly pattern: string; readonly flags: string })
  | (Result & { readonly op: 'load'; readonly slot: Slot })
  /** A name no scope of the file defines: a builtin or a global of the platform. */
  | (Result & { readonly op: 'global'; readonly name: string })
  | { readonly op: 'store'; readonly slot: Slot; readonly value: Temp }
  /** `object.key`, or `object[index]` with `key` when the index is a literal. */
  | (Result & {
      readonly op: 'get'
      readonly object: Temp
      readonly key?: string | number
      readonly index?: Temp
      readonly attribute: boolean
    })
  | {
      readonly op: 'set'
      readonly object: Temp
      readonly key?: string | number
      readonly index?: Temp
      readonly attribute: boolean
      readonly value: Temp
    }
  | (Result & {
      readonly op: 'call'
      readonly callee: Temp
      /** For `receiver.method(…)`: the callee is a `get` of it. */
      readonly receiver?: Temp
      readonly method?: string
      readonly arguments: readonly Argument[]
      readonly isNew: boolean
      /** The call a decorator stands for: its argument is the thing decorated. */
      readonly decorates?: true
    })
  /** Text joined from parts: concatenation, f-string, template literal. */
  | (Result & { readonly op: 'text'; readonly parts: readonly Temp[] })
  | (Result & { readonly op: 'binary'; readonly operator: string; readonly left: Temp; readonly right: Temp })
  | (Result & { readonly op: 'unary'; readonly operator: string; readonly operand: Temp })
  | (Result & { readonly op: 'compare'; readonly operator: CompareOperator; readonly left: Temp; readonly right: Temp })
  | (Result & {
      readonly op: 'list'
      readonly kind: 'list' | 'tuple' | 'set'
      readonly items: readonly { readonly value: Temp; readonly spread: boolean }[]
    })
  | (Result & {
      readonly op: 'object'
      readonly entries: readonly {
        readonly key?: string | number
        readonly index?: Temp
        readonly value: Temp
        readonly spread: boolean
      }[]
    })
  | (Result & { readonly op: 'function'; readonly function: FunctionId })
  | (Result & {
      readonly op: 'class'
      readonly name: string
      readonly bases: readonly Temp[]
      readonly members: readonly Member[]
    })
  /** A module, or with `name` what it exports under that name (`default` for a default import). */
  | (Result & { readonly op: 'import'; readonly module: string; readonly name?: string })
  /** One element of what is iterated; `keys` for JavaScript's `for … in`. */
  | (Result & { readonly op: 'element'; readonly of: Temp; readonly keys: boolean })
  /** Unpacking of what is left after `from` elements, or without the named keys. */
  | (Result & { readonly op: 'rest'; readonly of: Temp; readonly from: number })
  /** Anything that may be any of its sources. */
  | (Result & { readonly op: 'join'; readonly sources: readonly Temp[] })
  /** Adds an element to a list a comprehension or a generator builds. */
  | { readonly op: 'append'; readonly list: Temp; readonly value: Temp }
  /** An element of a page written in JSX. */
  | (Result & {
      readonly op: 'markup'
      readonly tag: string
      readonly component?: Temp
      readonly attributes: readonly { readonly name?: string; readonly value: Temp }[]
      readonly children: readonly Temp[]
    })
  /** The value of a parameter the caller left out. */
  | { readonly op: 'default'; readonly slot: Slot; readonly value: Temp }
  /** A declared type, evaluated as an expression. */
  | { readonly op: 'typed'; readonly slot: Slot; readonly type: Temp }
  /** What a module offers to others: `*` re-exports everything of a module value. */
  | { readonly op: 'export'; readonly name: string; readonly value: Temp }

export type Instruction = Operation & Span

export type Terminator =
  | { readonly kind: 'jump'; readonly to: BlockId }
  | { readonly kind: 'branch'; readonly condition: Temp; readonly then: BlockId; readonly else: BlockId }
  | { readonly kind: 'return'; readonly value?: Temp; readonly span: Span }
  | { readonly kind: 'throw'; readonly value?: Temp }

export interface Block {
  readonly instructions: readonly Instruction[]
  readonly end: Terminator
  /** Where an exception raised in this block goes. */
  readonly handler?: BlockId
}

export interface Parameter {
  readonly slot: Slot
  readonly name: string
  readonly kind: 'plain' | 'keyword-only' | 'list' | 'dictionary'
}

export interface FunctionIr extends Span {
  readonly id: FunctionId
  readonly name: string
  readonly kind: 'module' | 'function' | 'method' | 'arrow'
  readonly parent?: FunctionId
  readonly parameters: readonly Parameter[]
  /** The first parameter (Python) or a slot of its own (`this`). */
  readonly self?: Slot
  /** JavaScript's `arguments`. */
  readonly all?: Slot
  readonly generator: boolean
  /** Slots this function declares. */
  readonly slots: readonly Slot[]
  /** Slots of outer functions it or an inner function uses. */
  readonly captured: readonly Slot[]
  /** The first is the entry. */
  readonly blocks: readonly Block[]
  readonly temps: number
}

/** A part of a file the front end did not understand. */
export interface Gap {
  readonly line: number
  readonly reason: string
}

export interface ModuleIr {
  readonly path: string
  readonly language: 'python' | 'javascript'
  readonly text: string
  readonly functions: readonly FunctionIr[]
  /** Runs when the module is loaded. */
  readonly main: FunctionId
  /** Slot → its name in the source: one table for all modules of an app. */
  readonly slotNames: readonly string[]
  /** Names at the top of the module. */
  readonly names: ReadonlyMap<string, Slot>
  readonly gaps: readonly Gap[]
}
