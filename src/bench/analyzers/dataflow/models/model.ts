import type { CallArguments, Engine, Frame } from '../analysis/engine.ts'
import type { KindName } from '../analysis/kinds.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import type { Value } from '../analysis/value.ts'
import type { Instruction } from '../ir/ir.ts'
import type { RuleId } from './rules.ts'

/**
 * What frameworks and libraries do, as data. Names are qualified through imports; a call's result is named after the
 * call: `sqlite3.connect().cursor().execute`. `*` stands for any part of a name, `?` for a receiver nothing is known of:
 * `?.execute`.
 */
export interface Model {
  readonly sources?: readonly SourceModel[]
  readonly sinks?: readonly SinkModel[]
  readonly sanitizers?: readonly SanitizerModel[]
  readonly passes?: readonly PassModel[]
  /** Calls whose result never holds what went in. */
  readonly clean?: readonly string[]
  /** Calls that never return. */
  readonly ends?: readonly string[]
  readonly entries?: readonly EntryModel[]
  /** Calls that make something of which an app has several that must be told apart: routers. */
  readonly things?: readonly string[]
  /** Calls and attributes that answer a thing known under another name. */
  readonly types?: readonly { readonly names: readonly string[]; readonly is: string }[]
  /** Calls whose result is another thing when they are configured so. */
  readonly returns?: readonly ReturnModel[]
  readonly properties?: readonly PropertyModel[]
  /** Calls that say whether their argument is harmless. */
  readonly guards?: readonly GuardModel[]
  readonly marks?: readonly MarkModel[]
  readonly conventions?: readonly ConventionModel[]
  readonly checks?: readonly CheckModel[]
  readonly observers?: readonly Observer[]
}

/** An attribute, or a call's result, that holds what somebody outside sent. */
export interface SourceModel {
  readonly names: readonly string[]
  /** What an attacker fills: "the query string". */
  readonly input: string
  /** What it can be dangerous for; all kinds when left out. */
  readonly kinds?: readonly KindName[]
  readonly without?: readonly KindName[]
  /** How sure it is that somebody outside filled it; sure when left out. */
  readonly confidence?: 'medium' | 'low'
  /** An address of this very server as long as it is whole: it names the host of nobody else. */
  readonly own?: true
  /** What the file must hold. */
  readonly within?: RegExp
  /** Only the result of a call, and only where this says so; a text takes the place of `input`. */
  readonly judge?: (site: CallSite) => boolean | string
}

/** A position (from 0) or the name of an argument; a list of both when it may be given either way. */
export type ArgumentKey = number | string | readonly (number | string)[]

/** A test of an argument's constant value. */
export interface Condition {
  readonly argument: ArgumentKey
  /** A field of the argument, when it is an object, or the number of an element; dots lead inside. */
  readonly field?: string
  readonly is?: readonly (string | number | boolean | null)[]
  readonly matches?: RegExp
  /** True: given, whatever the value. False: left out. */
  readonly given?: boolean
  /** What a value that is not known counts as; default false. */
  readonly unknown?: boolean
}

export interface SinkModel {
  readonly names: readonly string[]
  readonly rule: RuleId
  readonly kinds: readonly KindName[]
  /** `receiver` for the thing the method is called on, `all` for every argument. */
  readonly arguments: readonly (ArgumentKey | 'receiver' | 'all')[]
  /** Look only at the first element of a list. */
  readonly element?: 'first'
  /** When the argument is an object the program made, these fields of it. */
  readonly fields?: readonly string[]
  /** Only where the response was marked so before, or was not. */
  readonly whenMarked?: string
  readonly unlessMarked?: string
  /** Look inside lists and objects. */
  readonly deep?: true
  /** All must hold. */
  readonly when?: readonly Condition[]
  /** The receiver's name in the source, for receivers nothing is known of. */
  readonly receiver?: RegExp
  readonly confidence?: 'medium' | 'low'
  readonly fix?: string
}

/** The result holds the argument without these kinds. */
export interface SanitizerModel {
  readonly names: readonly string[]
  readonly removes: readonly KindName[]
  /** The result is a path without `..` in it, so that its start can be trusted. */
  readonly resolves?: true
  readonly when?: readonly Condition[]
}

/** The result holds what these arguments hold. Without `arguments`: all of them and the receiver. */
export interface PassModel {
  readonly names: readonly string[]
  readonly arguments?: readonly (number | 'receiver')[]
  /** `whole`: the same text in another form; `host`: the host of an address. */
  readonly aspect?: 'whole' | 'host'
  /** What the result is dangerous for again: text that is decoded holds line ends, text that is parsed has keys. */
  readonly adds?: readonly KindName[]
}

/** Where requests enter: a decorator or a registering call. */
export interface EntryModel {
  readonly names: readonly string[]
  /** What the parameters of the function get. */
  readonly parameters:
    | { readonly by: 'path' }
    | { readonly by: 'position'; readonly types: readonly string[]; readonly others?: string }
    | { readonly by: 'declaration' }
  /** What becomes of what it returns. */
  readonly returns?: 'page' | 'data'
  /** Arguments that are functions, when it is not a decorator. */
  readonly functions?: 'all' | ArgumentKey
  readonly when?: readonly Condition[]
}

/** A call after which sinks behave differently: the type of a response was set. */
export interface MarkModel {
  readonly names: readonly string[]
  readonly mark: string
  readonly when: readonly Condition[]
}

/** Functions nobody registers in sight, known by the names of their parameters. */
export interface ConventionModel {
  readonly names: readonly RegExp[]
  readonly types: readonly string[]
  /** What the function is called. */
  readonly function?: RegExp
  /** What the file must hold. */
  readonly within?: RegExp
  /** What further parameters are. */
  readonly others?: string
}

export interface ReturnModel {
  readonly names: readonly string[]
  readonly when: readonly Condition[]
  readonly is: string
}

/** Setting a property of this name. */
export interface PropertyModel {
  readonly names: readonly string[]
  readonly rule: RuleId
  readonly kinds: readonly KindName[]
  /** The object's name must match. */
  readonly object?: RegExp
}

export interface GuardModel {
  readonly names: readonly string[]
  readonly argument: number | 'receiver'
  /** The answer that makes the argument harmless; default true. */
  readonly answer?: boolean
  readonly removes: readonly KindName[]
  /** Everything that came from the same source is harmless too: a signature was verified. */
  readonly everything?: true
}

/** A call as a check sees it. */
export interface CallSite {
  /** The qualified name. */
  readonly name: string
  readonly call: Extract<Instruction, { op: 'call' }>
  readonly args: CallArguments
  readonly receiver: Value | undefined
  readonly frame: Frame
  readonly engine: Engine
}

/** A call that is a weakness by the way it is made, whoever fills its arguments. Evaluated with the values known there. */
export interface CheckModel {
  readonly names: readonly string[]
  readonly rule: RuleId
  /** All must hold. */
  readonly when?: readonly Condition[]
  /** What a table cannot say; undefined when nothing is wrong. */
  readonly judge?: (site: CallSite) => Verdict | undefined
  /** One sentence about this call. */
  readonly message: string
  readonly confidence?: 'medium' | 'low'
  readonly fix?: string
}
