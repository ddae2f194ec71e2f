/** What was read of a key before, or is being read; a failure is forgotten, and of more than `limit` the oldest goes. */
export function remembered<Value>(
  values: Map<string, Promise<Value>>,
  key: string,
  limit: number,
  read: () => Promise<Value>,
): Promise<Value> {
  const known = values.get(key)
  if (known !== undefined) return known
  const value = read()
  values.set(key, value)
  value.catch(() => values.delete(key))
  const oldest = values.keys().next().value
  if (values.size > limit && oldest !== undefined) values.delete(oldest)
  return value
}
