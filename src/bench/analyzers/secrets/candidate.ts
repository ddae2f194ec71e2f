/** A text in a file that may be a secret. */
export interface Candidate {
  /** Offsets of the secret itself (UTF-16 units, the end exclusive): what is masked. */
  readonly start: number
  readonly end: number
  readonly value: string
  readonly origin:
    | { readonly kind: 'shape'; readonly rule: string; readonly service: string; readonly genuine?: boolean }
    | { readonly kind: 'address'; readonly scheme: string; readonly host: string; readonly user: string }
    | {
        readonly kind: 'assignment'
        readonly name: string
        readonly commented: boolean
        /** Written as an entry of a table (`name: 'value'`) rather than assigned. */
        readonly entry: boolean
      }
}
