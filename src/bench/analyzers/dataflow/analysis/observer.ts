import type { Instruction } from '../ir/ir.ts'
import type { RuleId } from '../models/rules.ts'
import type { Engine, Frame } from './engine.ts'
import type { Label, Place, Value } from './value.ts'

/** What is wrong at a place, when it differs from what the check says of every hit. */
export interface Verdict {
  readonly message?: string
  readonly confidence?: 'medium' | 'low'
  readonly fix?: string
  /** Where it is wrong, when that is not the call itself. */
  readonly place?: Place
  /** The way the value took there. */
  readonly label?: Label
}

type Of<Op extends Instruction['op']> = Extract<Instruction, { op: Op }>

/**
 * Looks on while a program is run and reports what tables of names cannot say: what a value is called, what it is
 * compared with, what is answered. Each is called for every visit of an instruction; hits at one place count once.
 */
export interface Observer {
  /** A variable is written; `name` is its name in the source. */
  readonly stored?: (name: string, value: Value, at: Of<'store'>, frame: Frame, engine: Engine) => void
  /** An attribute or item is written. */
  readonly written?: (
    object: Value,
    key: string | number | undefined,
    value: Value,
    at: Of<'set'>,
    frame: Frame,
    engine: Engine,
  ) => void
  /** Two values are compared. */
  readonly compared?: (left: Value, right: Value, at: Of<'compare'>, frame: Frame, engine: Engine) => void
  /** Any call, of the app's own functions too; `name` where the callee is a library's. */
  readonly called?: (name: string | undefined, at: Of<'call'>, frame: Frame, engine: Engine) => void
  /** An object is written out: `{ secure: false }`. */
  readonly spelled?: (
    fields: ReadonlyMap<string | number, Value>,
    at: Of<'object'>,
    frame: Frame,
    engine: Engine,
  ) => void
  /** A function that answers requests returns this. */
  readonly answered?: (
    value: Value,
    at: { readonly start: number; readonly end: number },
    frame: Frame,
    engine: Engine,
  ) => void
  /** Any function returns this. */
  readonly returned?: (value: Value, frame: Frame, engine: Engine) => void
  /** A class is defined; Python's fields are also variables stored before. */
  readonly declared?: (at: Of<'class'>, frame: Frame, engine: Engine) => void
  /** A function, or a module as it is loaded, has run to its end: the frame's state is what it left. */
  readonly finished?: (frame: Frame, engine: Engine) => void
}

/** A weakness without text from outside. */
export interface Weakness {
  readonly rule: RuleId
  readonly place: Place
  /** One sentence. */
  readonly message: string
  readonly confidence?: 'medium' | 'low'
  readonly fix?: string
  readonly label?: Label
}
