/** The databases tests run on: always the embedded one, and PostgreSQL where one can be reached. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { messageOf } from '#platform/errors'

export interface TestDatabase {
  readonly kind: 'pglite' | 'postgres'
  /** Why tests on it are skipped here. */
  readonly missing?: string
  /** A fresh, empty database; undefined stands for the embedded one. */
  create(): Promise<{ readonly url: string | undefined; drop(): Promise<void> }>
}

export async function testDatabases(): Promise<readonly TestDatabase[]> {
  const embedded: TestDatabase = {
    kind: 'pglite',
    create: async () => ({ url: undefined, drop: () => Promise.resolve() }),
  }
  const { url, missing } = await findServer()
  return [
    embedded,
    {
      kind: 'postgres',
      ...(missing !== undefined && { missing }),
      async create() {
        const name = `assay_test_${randomUUID().replaceAll('-', '')}`
        await execute(url, `create database ${name}`)
        const own = new URL(url)
        own.pathname = `/${name}`
        return { url: own.href, drop: () => execute(url, `drop database if exists ${name} with (force)`) }
      },
    },
  ]
}

async function findServer(): Promise<{ readonly url: string; readonly missing?: string }> {
  const given = process.env['TEST_DATABASE_URL']
  const candidates = given === undefined ? ['postgres://postgres@127.0.0.1:5432/postgres'] : [given]
  let reason = ''
  for (const url of candidates) {
    try {
      await execute(url, 'select 1')
      return { url }
    } catch (error) {
      reason = messageOf(error)
    }
  }
  return { url: '', missing: `no PostgreSQL reachable (${reason}); set TEST_DATABASE_URL` }
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
