import { PGlite } from '@electric-sql/pglite'
import { expect, test } from 'vitest'
import { tidy } from './upkeep.ts'

test('looks at a table once it has grown, and not again until it grows by a fifth', async () => {
  await using pglite = await PGlite.create()
  await pglite.exec('create table big (id int, filler text); create table small (id int)')
  await pglite.exec(
    "insert into big select n, repeat('x', 500) from generate_series(1, 2000) n; insert into small values (1)",
  )
  expect(await tidy(pglite)).toEqual(['big'])
  const { rows } = await pglite.query(
    "select reltuples, relallvisible > 0 as visible from pg_class where relname = 'big'",
  )
  expect(rows).toEqual([{ reltuples: 2000, visible: true }])

  await pglite.exec("insert into big select n, repeat('x', 500) from generate_series(1, 200) n")
  expect(await tidy(pglite)).toEqual([])
  await pglite.exec("insert into big select n, repeat('x', 500) from generate_series(1, 600) n")
  expect(await tidy(pglite)).toEqual(['big'])
})
