/**
 * A value as text for a `jsonb` column. PostgreSQL cannot hold U+0000 nor half a surrogate pair; both become U+FFFD.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? plainText(inner) : inner))
}

/** A string as PostgreSQL can hold it: U+0000 and halves of surrogate pairs become U+FFFD. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}
