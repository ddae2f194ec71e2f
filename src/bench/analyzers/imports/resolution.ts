/** What an import refers to. */
export type Resolution =
  | { readonly kind: 'standard-library'; readonly since?: string; readonly removed?: string }
  /** A module of the app; `file` is absent when it is a folder, an asset or cannot be told apart. */
  | { readonly kind: 'local'; readonly file?: string }
  | {
      readonly kind: 'package'
      readonly name: string
      readonly alternatives: readonly string[]
      readonly known: boolean
    }
  /** A module of the app that is not there. */
  | { readonly kind: 'unresolved'; readonly looked: string; readonly otherCase?: string }
  /** The name can only come from Node.js, which does not have it. */
  | { readonly kind: 'no-builtin' }
  /** An address, a bundler's virtual module, generated code: outside what can be judged from the text. */
  | { readonly kind: 'external'; readonly reason: string }
