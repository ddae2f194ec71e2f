/**
 * How views are written into the address: plain `?severity=critical,high&q=cors`, no JSON. Lists are joined by commas;
 * empty and undefined values are left out, so the default view has a bare address.
 */
export const parseSearch = (search: string): Record<string, string> => Object.fromEntries(new URLSearchParams(search))

export const stringifySearch = (values: Record<string, unknown>): string => {
  const pairs = new URLSearchParams()
  for (const [key, value] of Object.entries(values)) {
    const text = Array.isArray(value) ? value.join(',') : value === undefined || value === null ? '' : String(value)
    if (text !== '') pairs.set(key, text)
  }
  const text = pairs.toString().replaceAll('%2C', ',').replaceAll('%2F', '/')
  return text === '' ? '' : `?${text}`
}

/** A non-empty list of free words, or undefined. Takes the text of an address or a list already parsed. */
export const wordList = (value: unknown): string[] | undefined => {
  const items = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : []
  const list = [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))]
  return list.length > 0 ? list : undefined
}

/** Like {@link wordList}, keeping only what is allowed, in the allowed order. */
export const choiceList = <T extends string>(value: unknown, allowed: readonly T[]): T[] | undefined => {
  const given = new Set(wordList(value))
  const list = allowed.filter((item) => given.has(item))
  return list.length > 0 ? list : undefined
}

export const choice = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((item) => item === value)

export const text = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number from 1 up, or undefined. */
export const positive = (value: unknown): number | undefined => {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : 0
  return Number.isInteger(number) && number >= 1 ? number : undefined
}

export const flag = (value: unknown): true | undefined =>
  value === true || value === '1' || value === 'true' ? true : undefined
