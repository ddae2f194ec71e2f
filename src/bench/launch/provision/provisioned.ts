import type { SandboxMount } from '#bench/sandbox'
import type { Provision } from '../contract.ts'

/** Packages made ready for a sandbox. */
export interface Provisioned {
  readonly provisions: readonly Provision[]
  readonly mounts: readonly SandboxMount[]
  readonly environment: Readonly<Record<string, string>>
  /** Folders inside whose entries are linked into a folder of the app: `/packages/0/node_modules` → `frontend/node_modules`. */
  readonly links: readonly { readonly from: string; readonly to: string; readonly copy: boolean }[]
}
