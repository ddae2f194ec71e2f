import type { Defect } from '#bench/findings'

/** A replacement for part of a flow: what a sanitizer, guard or safe call looks like for one sink. */
export interface Treatment {
  /** An expression over `$V`, the value read from the request. */
  readonly value?: string
  /** Statements before the sink, over `$V`; `$DENY` refuses the request. */
  readonly lines?: string
  /** Statements instead of the sink, over `$V`. */
  readonly call?: string
  readonly imports?: readonly string[]
  readonly setup?: string
  readonly why: string
}

/** One way to do one dangerous thing, as the library documents it, and what makes it safe. */
export interface Sink {
  readonly weakness: Defect
  readonly cwe: number
  readonly frameworks: readonly string[]
  readonly imports?: readonly string[]
  /** Code at module level. */
  readonly setup?: string
  /** What the input is called. */
  readonly name: string
  /** What the request does, in snake case: `find_users`. */
  readonly task: string
  /** The text the input ends up in, around `{}`; just `{}` when the input is used as it is. */
  readonly template: string
  /** What that text is called. */
  readonly text: string
  /** Statements over `$Q`, the text; `$!` ends the line of the sink. */
  readonly call: string
  /** What the statements leave behind to answer with; absent when they answer themselves. */
  readonly out?: string
  /** Names of the request handler's scope that the statements use. */
  readonly needs?: readonly string[]
  /** The statements wait for a promise. */
  readonly waits?: true
  /** Values of the input that do no harm. */
  readonly allowed: readonly [string, string, string]
  /** A regular expression that, when it matches all of the input, makes it harmless. */
  readonly pattern?: string
  /** An integer does no harm. */
  readonly number?: true
  /** Only these sources can carry an attack. */
  readonly sources?: readonly string[]
  /** What makes it safe. */
  readonly right: readonly Treatment[]
  /** What looks as if it made it safe. */
  readonly wrong: readonly Treatment[]
}

/** Where a request's input comes from. */
export interface Source {
  readonly id: string
  readonly expression: string
  readonly method: 'GET' | 'POST'
  /** Parameters of the request handler. */
  readonly signature?: string
  readonly imports?: readonly string[]
  readonly setup?: string
}

/** What a flow is made of, before a framework puts a file around it. */
export interface Parts {
  readonly body: string
  /** Code at module level, after the sink's own. */
  readonly top?: string
  readonly imports?: readonly string[]
  /** Code of another module: it gets the sink's imports and module-level code when `sink` is set. */
  readonly module?: {
    readonly name: string
    readonly code: string
    readonly imports?: readonly string[]
    readonly sink: boolean
  }
}

/** Everything a flow needs to know about the sink, the source and the framework it is written for. */
export interface Scene {
  readonly sink: Sink
  readonly source: Source
  /** The name of the input. */
  readonly v: string
  /** The expression that reads it. */
  readonly read: string
  /** How requests are read inside another function: its parameter and argument, `''` where the framework needs none. */
  readonly request: string
  /** The dangerous statements on the value of an expression, without the answer. */
  use(value: string): string
  /** The text around the value of an expression. */
  build(value: string): string
  /** The dangerous statements on a finished text. */
  call(text: string): string
  /** Answers the request; empty when the sink already did. */
  readonly answer: string
  /** Calls a function that holds the sink, and answers. */
  delegate(call: string): string
  /** Gives the result of the sink back from a function that holds it; empty when the sink answers. */
  readonly giveBack: string
  /** `$V` and `$DENY` filled in. */
  fill(code: string, value?: string): string
  /** Parameters and arguments for names of the handler's scope: `res, `. */
  readonly context: string
  /** Refuses the request, in the handler. */
  readonly deny: string
  /** Refuses the request, in any function. */
  readonly refuse: string
  /** A name the sink's task is called by in another function. */
  readonly verb: string
  /** Gives a name to the value of an expression. */
  assign(name: string, value: string): string
  /** What the input is called after a sanitizer. */
  readonly preparedName: string
  /** `n` distinguishes cases that would otherwise read the same. */
  readonly n: number
}

/** One kind of flow. Undefined when it makes no sense, or would carry another label, for this sink. */
export interface Shape<S extends Scene = Scene> {
  readonly variant: string
  readonly why: string
  parts(scene: S): Parts | undefined
}

/** The values as double-quoted literals of either language. */
export const quoted = (values: readonly string[]): string => values.map((value) => JSON.stringify(value)).join(', ')

/** Lines moved to the right. */
export function indent(code: string, columns: number): string {
  const space = ' '.repeat(columns)
  return code
    .split('\n')
    .map((line) => (line === '' ? line : space + line))
    .join('\n')
}
