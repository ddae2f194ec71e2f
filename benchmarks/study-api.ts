import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { importResultSchema } from '#bench/collection'
import { studySchema } from '#bench/studies'

/** Imports the apps of a folder through the API of a running server, and starts a study of them. */
export async function startStudy(server: string, apps: string, analyzers?: readonly string[]): Promise<string> {
  const imported = await post(server, '/apps/import', { source: { kind: 'path', path: apps } }, importResultSchema)
  const ids = imported.apps.map(({ id }) => id)
  const body = { name: 'benchmark', apps: ids, ...(analyzers && { analyzers }) }
  return (await post(server, '/studies', body, studySchema)).id
}

/** Waits until a study is completed. */
export async function studyEnd(server: string, study: string, patienceMs: number): Promise<void> {
  const until = Date.now() + patienceMs
  for (;;) {
    const response = await fetch(`${server}/api/v1/studies/${study}`)
    if (response.ok && studySchema.parse(await response.json()).state === 'completed') return
    if (Date.now() > until) throw new Error(`The study is not completed after ${patienceMs / 1000} s.`)
    await sleep(100)
  }
}

async function post<Schema extends z.ZodType>(
  server: string,
  path: string,
  body: unknown,
  schema: Schema,
): Promise<z.output<Schema>> {
  const response = await fetch(`${server}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return schema.parse(await response.json())
}
