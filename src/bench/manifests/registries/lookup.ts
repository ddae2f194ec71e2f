import type { Ecosystem } from '../manifest.ts'

/** What a registry says about a package, or one version of it. */
export type RegistryAnswer =
  | {
      readonly kind: 'found'
      readonly version: string
      readonly deprecated?: string
      readonly licence?: string
      readonly installScript?: boolean
      /** The registry holds the name because the package was malicious and was removed. */
      readonly securityHold?: boolean
    }
  /** The name exists, this version of it does not. */
  | { readonly kind: 'no-version' }
  /** No package of that name: anybody may register it. */
  | { readonly kind: 'no-package' }

/** A question to a registry; without a version, the newest one. */
export interface RegistryQuestion {
  readonly ecosystem: Ecosystem
  readonly name: string
  readonly version?: string
}

/** The registry did not answer; the message says why. */
export class RegistryUnreachable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RegistryUnreachable'
  }
}

/** A string that is the same for the same question. */
export function questionKey({ ecosystem, name, version }: RegistryQuestion): string {
  return `${ecosystem}:${name}${version === undefined ? '' : `@${version}`}`
}
