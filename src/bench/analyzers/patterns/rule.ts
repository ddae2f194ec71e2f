import type { Confidence, Rule, Severity } from '#bench/findings'
import type { SyntaxNode } from '#bench/syntax'
import type { Binding, Call, Element, Source } from './source.ts'

/** One place where a rule's matcher saw the defect. */
export interface Hit {
  /** The narrowest node that shows the defect. */
  readonly node: SyntaxNode
  /** One sentence about this place. */
  readonly message: string
  readonly severity?: Severity
  readonly confidence?: Confidence
  /** When the fix depends on the framework seen here. */
  readonly fix?: string
  /** What tells two hits of the rule apart besides the place. */
  readonly subject?: string
}

/**
 * What a rule looks at. `names` of calls are qualified through the file's imports (`hashlib.md5`, `child_process.exec`);
 * `*.execute` means any receiver. `name` of bindings is tested against the last part of what is bound: a variable, a
 * property, a dictionary key, a keyword argument.
 */
export type Matcher =
  | { readonly on: 'call'; readonly names: readonly string[]; match(call: Call, source: Source): Hit | undefined }
  | { readonly on: 'binding'; readonly name: RegExp; match(binding: Binding, source: Source): Hit | undefined }
  | { readonly on: 'element'; match(element: Element, source: Source): Hit | undefined }

/** A rule over syntax trees: what is true of every hit, and how to see one in each language. */
export interface PatternRule extends Rule {
  readonly python?: readonly Matcher[]
  readonly javascript?: readonly Matcher[]
}
