/**
 * A value as text for a `jsonb` column. PostgreSQL cannot hold U+0000 nor half a surrogate pair; both become U+FFFD.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  // JSON.stringify escapes exactly these two. Looking at every string as it goes takes ten times as long.
  if (!/\\u(?:0000|d[89a-f])/.test(text)) return text
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? plainText(inner) : inner))
}

/** A string as PostgreSQL can hold it: U+0000 and halves of surrogate pairs become U+FFFD. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}
