import { InvalidInput } from '#platform/errors'

type Part =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'every' }
  | { readonly kind: 'deep'; readonly name: string }

/**
 * The values a JSON path (RFC 9535) selects, in document order. Understood are `$`, `.name`, `['name']`, `[0]`, `[-1]`,
 * `[*]`, `.*` and `..name`.
 * @throws InvalidInput for a path that is not understood
 */
export function selectJson(path: string, document: unknown): unknown[] {
  return partsOf(path).reduce<unknown[]>((values, part) => values.flatMap((value) => step(part, value)), [document])
}

function partsOf(path: string): Part[] {
  const parts: Part[] = []
  const part = /\.\.([\w-]+)|\.([\w-]+)|\.(\*)|\[(\*)\]|\[(-?\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/y
  part.lastIndex = 1
  while (path.startsWith('$') && part.lastIndex < path.length) {
    const match = part.exec(path)
    if (match === null) break
    const [, deep, name, star, every, index, single, double] = match
    if (deep !== undefined) parts.push({ kind: 'deep', name: deep })
    else if (star !== undefined || every !== undefined) parts.push({ kind: 'every' })
    else if (index !== undefined) parts.push({ kind: 'index', index: Number(index) })
    else parts.push({ kind: 'name', name: name ?? single ?? double ?? '' })
    if (part.lastIndex === path.length) return parts
  }
  if (path === '$') return parts
  throw new InvalidInput(`"${path}" is not a JSON path.`, { next: "Write it like $.items[0].id, $..id or $['a b']." })
}

function step(part: Part, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  switch (part.kind) {
    case 'name':
      return own(value, part.name)
    case 'index':
      return Array.isArray(value) && value.at(part.index) !== undefined ? [value.at(part.index)] : []
    case 'every':
      return Object.values(value)
    case 'deep':
      return [...own(value, part.name), ...Object.values(value).flatMap((inner) => step(part, inner))]
  }
}

function own(value: object, name: string): unknown[] {
  return Object.entries(value)
    .filter(([key]) => key === name)
    .map(([, inner]) => inner)
}
