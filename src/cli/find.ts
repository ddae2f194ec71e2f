import type { z } from 'zod'
import { appSchema } from '#bench/collection'
import { type Study, studySchema } from '#bench/studies'
import { InvalidInput, NotFound } from '#platform/errors'
import type { Connection } from './connection.ts'
import { localTime } from './output.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Fewer characters say too little to be a part of an id. */
const shortestPrefix = 4

/** The study of that id, of which that is the beginning of the id, or of exactly that name. */
export function findStudy(connection: Connection, text: string): Promise<Study> {
  return findOne(connection, studySchema, '/studies', text, 'study', 'studies')
}

/** The app meant by an id, the beginning of one, or its name. */
export function findApp(connection: Connection, text: string): Promise<z.output<typeof appSchema>> {
  return findOne(connection, appSchema, '/apps', text, 'app', 'apps')
}

async function findOne<Item extends z.ZodType<{ id: string; name: string; createdAt: string }>>(
  connection: Connection,
  schema: Item,
  path: string,
  text: string,
  one: string,
  many: string,
): Promise<z.output<Item>> {
  const wanted = text.toLowerCase()
  if (uuid.test(wanted)) return connection.get(schema, `${path}/${wanted}`)
  const { items } = await connection.list(schema, path)
  const isPrefix = wanted.length >= shortestPrefix && /^[0-9a-f-]+$/.test(wanted)
  const matches = items.filter(({ id, name }) => name === text || (isPrefix && id.startsWith(wanted)))
  const [match] = matches
  if (match === undefined) {
    throw new NotFound(`There is no ${one} named ${text}, and none whose id begins so.`, {
      next: `'assay ${one === 'app' ? 'apps' : 'study'} list' shows the ${many} there are.`,
    })
  }
  if (matches.length > 1) {
    const listed = matches.slice(0, 5).map(({ id, name, createdAt }) => `${id} (${name}, ${localTime(createdAt)})`)
    throw new InvalidInput(
      `${matches.length} ${many} match ${text}: ${listed.join(', ')}${matches.length > 5 ? ', …' : ''}.`,
      {
        next: 'Give more of the id.',
      },
    )
  }
  return match
}

/**
 * Ids shortened to what tells them apart, and to at least `least` characters.
 * The first 13 hold the millisecond an id was made in (UUIDv7).
 */
export function shortIds(ids: readonly string[], least: number): string[] {
  for (const length of [least, 18, 23, 28]) {
    if (length < least) continue
    const short = ids.map((id) => id.slice(0, length))
    if (new Set(short).size === ids.length) return short
  }
  return [...ids]
}
