import type { Region } from '#bench/findings'

/** A name taken out of a module: `x` in `from m import x`, `{ x }`, `default` for a default import. */
export interface ImportedName {
  readonly name: string
  readonly region: Region
  readonly typeOnly?: boolean
}

/** One place where a module is imported. */
export interface ImportSite {
  readonly file: string
  readonly region: Region
  readonly snippet: string
  /** The module as written: `flask_sqlalchemy`, `.models`, `./api`, `@scope/x/y`. */
  readonly module: string
  readonly names: readonly ImportedName[]
  /** `from m import *`, `export * from`. */
  readonly star: boolean
  /** A failure is handled: `try … except ImportError`, `import(…).catch(…)`. */
  readonly optional: boolean
  /** Only types: never loaded at run time. */
  readonly typeOnly: boolean
  /** Runs only when a function is called. */
  readonly lazy: boolean
  readonly form: 'static' | 'dynamic' | 'require' | 'reexport'
}

/** What a module of the app offers to others. */
export interface ModuleExports {
  readonly names: ReadonlySet<string>
  /** Modules whose names are offered too (`export *`, `from m import *`), as written. */
  readonly stars: readonly string[]
  /** Why the names cannot be known from the text; then no missing name is reported. */
  readonly dynamic?: string
  /** The module has a part that runs only when it is started as a script (`if __name__ == '__main__'`). */
  readonly isScript?: boolean
}

/** What the syntax tree of one file says about imports. */
export interface ModuleFacts {
  readonly sites: readonly ImportSite[]
  readonly exports: ModuleExports
  /** The first syntax error; names of a broken file are not judged. */
  readonly brokenAt?: number
  /** Texts in the code: packages are also used by name (`'mysql+pymysql://'`, Django's INSTALLED_APPS). */
  readonly strings: () => Promise<readonly string[]>
}
