import type { Region } from '#bench/findings'

/** One thing a type checker says about a file of the working copy. */
export interface Complaint {
  /** Absent where the file does not parse, or cannot be followed. */
  readonly rule: string | undefined
  readonly path: string
  readonly message: string
  readonly region: Region
}
