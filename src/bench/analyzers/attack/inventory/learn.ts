import type { KnownIds } from '../values.ts'

/** The ids of objects seen in answers, by the path they were seen under. */
export class SeenIds implements KnownIds {
  readonly #byPath = new Map<string, string[]>()

  /** Takes the ids of a JSON answer and of a `Location` header. */
  learn(path: string, json: unknown, location?: string): void {
    const collection = path.replace(/\?.*$/, '').replace(/\/$/, '')
    for (const id of idsIn(json)) this.add(collection, id)
    const last = location === undefined ? undefined : /^([^?#]*)\/(\d+|[0-9a-f-]{16,})\/?(?:[?#]|$)/i.exec(location)
    if (last) this.add((last[1] ?? '').replace(/^https?:\/\/[^/]+/, ''), last[2] ?? '')
  }

  add(collection: string, id: string): void {
    const known = this.#byPath.get(collection) ?? []
    if (!known.includes(id)) this.#byPath.set(collection, [id, ...known].slice(0, 20))
  }

  idsOf(path: string): readonly string[] {
    const exact = this.#byPath.get(path)
    if (exact !== undefined) return exact
    const name = singular(path.split('/').at(-1) ?? '')
    for (const [known, ids] of this.#byPath)
      if (name !== '' && singular(known.split('/').at(-1) ?? '') === name) return ids
    return []
  }
}

function singular(name: string): string {
  return name.toLowerCase().replace(/ies$/, 'y').replace(/s$/, '')
}

/** Ids of the objects in a JSON value, at most three levels deep; the object itself first. */
export function idsIn(json: unknown, depth = 0): string[] {
  if (typeof json !== 'object' || json === null || depth > 3) return []
  if (Array.isArray(json))
    return json
      .slice(-5)
      .reverse()
      .flatMap((item) => idsIn(item, depth + 1))
  const fields = Object.entries(json)
  const own = fields
    .filter(
      ([name, value]) =>
        /^(?:_?id|uuid|slug|[a-z]+_?[iI]d)$/.test(name) && (typeof value === 'number' || typeof value === 'string'),
    )
    .toSorted(([one], [other]) => Number(!/^_?id$/.test(one)) - Number(!/^_?id$/.test(other)))
    .slice(0, 1)
    .map(([, value]) => String(value))
  return [...own, ...fields.flatMap(([, value]) => idsIn(value, depth + 1))]
}

/** Names of the plain fields of the object, or of the first object of the list, in a JSON answer. */
export function fieldsIn(json: unknown): string[] {
  const object = objectIn(json)
  if (object === undefined) return []
  return Object.entries(object)
    .filter(([, value]) => typeof value !== 'object' || value === null)
    .map(([name]) => name)
}

function objectIn(json: unknown, depth = 0): object | undefined {
  if (typeof json !== 'object' || json === null || depth > 2) return undefined
  if (Array.isArray(json)) return objectIn(json[0], depth + 1)
  const values = Object.values(json)
  const wrapped = values.length <= 2 ? values.find((value) => typeof value === 'object' && value !== null) : undefined
  return wrapped === undefined ? json : (objectIn(wrapped, depth + 1) ?? json)
}
