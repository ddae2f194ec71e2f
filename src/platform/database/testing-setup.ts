/** Before all tests (Vitest's globalSetup): one empty embedded database to copy, and a PostgreSQL. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDatabase } from './database.ts'
import { findPostgres } from './testing-postgres.ts'

export default async function prepareDatabases(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, emptyDatabase] = await Promise.all([findPostgres(), emptyEmbeddedDatabase()])
  project.provide('emptyDatabase', emptyDatabase)
  project.provide('postgres', 'missing' in postgres ? postgres : { url: postgres.url })
  return async () => {
    if ('stop' in postgres) await postgres.stop()
  }
}

/** A dump of a database as PGlite first makes it, kept with the installed packages: made once per release of PGlite. */
async function emptyEmbeddedDatabase(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const packageFolder = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'))
  const folder = join(packageFolder, '../../.cache/assay')
  const path = join(folder, `empty-database-${version}.tar`)
  if (existsSync(path)) return path
  await using database = await openDatabase({ migrations: [] })
  if (database.driver.kind !== 'pglite') throw new Error('Without an address, the embedded database opens.')
  const dump = await database.driver.pglite.dumpDataDir('none')
  await mkdir(folder, { recursive: true })
  const draft = `${path}.${process.pid}`
  await writeFile(draft, dump.stream())
  await rename(draft, path)
  return path
}
