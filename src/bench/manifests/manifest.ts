export type Ecosystem = 'npm' | 'pypi'

/** When a dependency is needed: while the app runs, only to develop it, only for a feature, or brought by the user. */
export type DependencyKind = 'runtime' | 'dev' | 'optional' | 'peer'

/** Where the package comes from. Only `registry` ones can be looked up by name. */
export type DependencySource = 'registry' | 'git' | 'url' | 'path'

/** One dependency as a manifest declares it. */
export interface Declaration {
  readonly ecosystem: Ecosystem
  /** PEP 503 normalised for Python; as written for npm. For an npm alias (`npm:real@1`) the real package. */
  readonly name: string
  /** What the code imports it as, when an npm alias gives it another name. */
  readonly alias?: string
  /** The range as written, `''` when there is none: `^4.18.0`, `>=2,<3`. */
  readonly specifier: string
  readonly kind: DependencyKind
  /** The one version the specifier allows, when it allows only one. */
  readonly pinned?: string
  readonly source: DependencySource
  readonly extras?: readonly string[]
  /** Environment marker (PEP 508): the dependency is installed only where it holds. */
  readonly marker?: string
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** One package of a lock file: what really is installed. */
export interface LockedPackage {
  readonly ecosystem: Ecosystem
  readonly name: string
  readonly version: string
  readonly kind: 'runtime' | 'dev' | 'optional'
  readonly source: DependencySource
  /** Importable from the app's own code: not nested under another package. */
  readonly hoisted: boolean
  /** The notice of the author that the version should not be used any more. */
  readonly deprecated?: string
  readonly licence?: string
  readonly installScript?: boolean
  readonly file: string
  readonly line: number
}

/** A place where a manifest says something its package manager would refuse. */
export interface ManifestProblem {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  readonly message: string
}

export type ManifestFormat =
  | 'package.json'
  | 'package-lock.json'
  | 'pnpm-lock.yaml'
  | 'yarn.lock'
  | 'requirements'
  | 'pyproject.toml'
  | 'python-lock'
  | 'Pipfile'
  | 'Pipfile.lock'
  | 'setup.cfg'
  | 'setup.py'
  | 'environment.yml'

/** What one manifest or lock file says. */
export interface Manifest {
  readonly path: string
  /** The folder it governs, `''` for the app itself. */
  readonly folder: string
  readonly format: ManifestFormat
  readonly ecosystem: Ecosystem
  readonly declarations: readonly Declaration[]
  readonly locked: readonly LockedPackage[]
  readonly problems: readonly ManifestProblem[]
  /** Names packages of this app have for each other (npm workspaces, the project's own distribution). */
  readonly ownName?: string
  /** The licence the app gives itself, as written. */
  readonly ownLicence?: string
  /** Lowest Python the app says it runs on: `3.11`. */
  readonly python?: string
  /** Packages also come from an index other than the public one: the public one cannot say what exists. */
  readonly otherIndex?: boolean
  /** Why the declarations may not be all: they are computed when the package is built. */
  readonly dynamic?: string
  readonly npm?: NpmPackage
}

/** The parts of a package.json that resolution of imports needs. */
export interface NpmPackage {
  readonly scripts: Readonly<Record<string, string>>
  /** `imports`: private names, `#db` → targets. */
  readonly imports: Readonly<Record<string, unknown>>
  readonly exports: unknown
  readonly main?: string
  readonly module: boolean
}

/** Raised inside the parsers; becomes a {@link ManifestProblem} of the file. */
export class ManifestSyntaxError extends Error {
  readonly line: number
  readonly column: number

  constructor(message: string, line: number, column: number) {
    super(message)
    this.name = 'ManifestSyntaxError'
    this.line = line
    this.column = column
  }
}

/** The name of a Python distribution as indexes compare it (PEP 503): `Flask_SQLAlchemy` → `flask-sqlalchemy`. */
export function normalisePythonName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase()
}
