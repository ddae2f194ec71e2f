/** Names that hold a credential. Signing keys have a rule of their own (see {@link isSigningKeyName}). */
export const secretName =
  /(?:^|_|[a-z])(?:password|passwd|passphrase|pwd|secret|api_?key|apikey|(?:access|private|admin|encryption|signing|master|service|storage|license)_?key|auth_?token|access_?token|refresh_?token|client_?secret|secret_?key|token)\d?$/i

/** Names of keys that sign sessions and tokens: there even a placeholder is a working key. */
export function isSigningKeyName(name: string): boolean {
  return /^(?:secret|secret_?key|jwt_?secret(?:_?key)?|session_?secret|secretOrKey)$/i.test(name)
}

const placeholder =
  /^(?:x+|\*+|\.+|-+|_+|0+|none|null|undefined|n\/a|todo|tbd|foo|bar|dummy|placeholder|redacted|required|optional|string|text|hidden|bearer|basic|password|passwd|pwd|secret|token|key|apikey|api[_-]?key|jwt|csrf|refresh|access|auth)$|your[_\- ]|_here$|-here$|^<.*>$|^\[.*\]$|^\{.*\}$|example|placeholder|change[_-]?me|replace[_-]?(?:me|with)|insert[_-]|xxx+|\.\.\.|^env[:.]|^\$/i

/**
 * Whether a literal looks like the value of a credential rather than a label, a message, a field or variable name, a
 * path or a placeholder.
 */
export function isCredential(name: string, value: string): boolean {
  if (/\s/.test(value) || value.length > 160 || placeholder.test(value)) return false
  const password = /pass|pwd/i.test(name)
  if (value.length < (password ? 4 : 8)) return false
  if (/^(?:https?:)?\/|^[./#@:[^]|^--|[<>(){}]|^[\w-]+\.[a-z]{2,4}$/.test(value)) return false
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value)) return false
  const words = value.toLowerCase().replace(/[^a-z]/g, '')
  const nameLike = /^_{0,2}[A-Za-z][A-Za-z_\-.:]*$/.test(value)
  if (
    nameLike &&
    /password|passwd|token|secret|apikey|accesskey|auth|credential|bearer|header|cookie|field|input|label/.test(words)
  )
    return false
  if (!password && nameLike && !/[A-Z].*[a-z].*[A-Z]|.{20}/.test(value)) return false
  return true
}

/** How a credential is shown: its first two characters and its length. */
export function maskedName(value: string): string {
  return value.length < 6 ? `${value.length} characters` : `\`${value.slice(0, 2)}***\`, ${value.length} characters`
}
