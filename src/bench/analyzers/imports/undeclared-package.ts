import type { ImportSite } from './site.ts'

/** A package some import needs and nothing declares. */
export interface UndeclaredPackage {
  readonly site: ImportSite
  readonly ecosystem: 'npm' | 'pypi'
  readonly name: string
  /** Whether the name is that of the package for certain, not guessed from the import. */
  readonly certain: boolean
}
