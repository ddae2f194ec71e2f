import type { Candidate } from './candidate.ts'

/** `scheme://user:password@host`; the password may hold anything but spaces, quotes, slashes and `@`. */
const address =
  /\b(?<scheme>[a-z][a-z0-9+.-]{1,30}):\/\/(?<user>[^\s:/@"'`<>]{0,100}):(?<password>[^\s/@"'`<>]{1,200})@(?<host>[^\s/:?#"'`<>,)]{1,255})/gi

/** Addresses with a password in them. */
export function addresses(text: string): Candidate[] {
  return [...text.matchAll(address)].map((match) => {
    const { scheme = '', user = '', password = '', host = '' } = match.groups ?? {}
    const start = match.index + scheme.length + 3 + user.length + 1
    return {
      start,
      end: start + password.length,
      value: password,
      origin: { kind: 'address', scheme: scheme.toLowerCase(), host, user },
    }
  })
}
