/**
 * How fast the API lists, filters, searches, sorts and groups many findings, and what memory the server takes:
 * `node benchmarks/findings.ts [--database postgres://…] [--findings 100000] [--repeats 15] [--data DIR]`.
 *
 * Fills a database with the findings of four studies of 270 apps, starts the server, and asks over HTTP, one request after another. Every
 * repeat asks for something else where there is something else to ask for (another page, rule, app, word). With `--data`, the filled folder is
 * kept and used again (embedded database only).
 */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { fillFindings } from './fill-findings.ts'
import { median, milliseconds, printTable, quantile } from './measures.ts'
import { loadLine, machineLine, peakMiB, processorSeconds, residentMiB } from './processes.ts'
import { scratchDatabase, scratchFolder } from './scratch.ts'
import { type Served, serve } from './served.ts'

const listSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      rule: z.string(),
      cwe: z.array(z.number()),
      owasp: z.string().optional(),
      study: z.object({ id: z.string() }),
      app: z.object({ id: z.string(), model: z.string() }),
    }),
  ),
  next: z.string().nullable(),
  total: z.number(),
})

const words = ['user_1', 'token', 'unchecked', 'hard-coded', 'app.jsx', 'line 77', 'zebra', 'careless-b', 'request', 'sql', 'order_39', 'total_7'] // biome-ignore format: a list of words

/** One kind of question, and the addresses that ask it. */
interface Kind {
  readonly name: string
  readonly paths: readonly string[]
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      database: { type: 'string' },
      findings: { type: 'string', default: '100000' },
      repeats: { type: 'string', default: '15' },
      data: { type: 'string' },
    },
  })
  await using folder = await scratchFolder()
  await using database = values.database === undefined ? undefined : await scratchDatabase(values.database)
  const data = values.data ?? join(folder.path, 'data')
  const target = { data, apps: join(folder.path, 'apps'), databaseUrl: database?.url }
  if (!existsSync(join(data, 'database'))) {
    const began = performance.now()
    await mkdir(data, { recursive: true })
    await fillFindings({ findings: Number(values.findings), studies: 4, apps: 270, seed: 1 }, target)
    console.log(`filled in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  }
  console.log(`${machineLine()}; ${values.findings} findings on ${database ? 'PostgreSQL' : 'PGlite'}`)
  await using server = await serve({ data, databaseUrl: target.databaseUrl })
  const before = residentMiB(server.pid)
  const kinds = await questions(server, Number(values.repeats))
  const all: number[] = []
  const rows: string[][] = []
  for (const kind of kinds) {
    const taken = []
    const cpu = processorSeconds(server.pid)
    for (const path of kind.paths) taken.push(await ask(server, path))
    all.push(...taken)
    const used = ((processorSeconds(server.pid) - cpu) * 1000) / kind.paths.length
    rows.push([kind.name, ...[median(taken), quantile(taken, 0.95), Math.max(...taken), used].map(milliseconds)])
  }
  printTable(['question', 'p50 ms', 'p95 ms', 'max ms', 'cpu ms'], rows)
  console.log(
    `all: p50 ${milliseconds(median(all))} ms, p95 ${milliseconds(quantile(all, 0.95))} ms, max ${milliseconds(Math.max(...all))} ms`,
  )
  console.log(
    `server memory: ${before.toFixed(0)} MiB before, ${residentMiB(server.pid).toFixed(0)} MiB after, peak ${peakMiB(server.pid).toFixed(0)} MiB; load ${loadLine()}`,
  )
}

async function questions(server: Served, repeats: number): Promise<Kind[]> {
  const sample = await read(server, '/findings?sort=path&limit=500')
  const spread = Array.from(
    { length: repeats },
    (_, index) => sample.items[Math.floor((index * sample.items.length) / repeats)],
  )
  const items = spread.flatMap((item) => item ?? [])
  const each = (name: string, path: (item: (typeof items)[number], index: number) => string): Kind => ({
    name,
    paths: items.map(path),
  })
  const study = items[0]?.study.id ?? ''
  const sorts = ['severity', '-severity', 'path', 'rule', 'app']
  const groupings = ['rule', 'model', 'app', 'cwe', 'owasp', 'severity', 'analyzer', 'state', 'provenance']
  const severities = ['critical', 'high', 'medium', 'low', 'info', 'critical,high', 'low,info']
  const at = <T>(values: readonly T[], index: number): T | undefined => values[index % values.length]
  return [
    each('list, first page', () => '/findings'),
    ...(await Promise.all(['-severity', 'path', 'app'].map((sort) => deepPages(server, sort, repeats)))),
    each('list of a study', () => `/findings?study=${study}`),
    ...sorts.map((sort) => each(`sort ${sort}`, (_, index) => `/findings?sort=${sort}&limit=${50 + index}`)),
    each('filter severity', (_, index) => `/findings?severity=${at(severities, index)}`),
    each('filter model', ({ app }) => `/findings?model=${app.model}`),
    each('filter app', ({ app }) => `/findings?app=${app.id}`),
    each('filter rule', ({ rule }) => `/findings?rule=${encodeURIComponent(rule)}`),
    each('filter cwe', ({ cwe }, index) => `/findings?cwe=${cwe[0] ?? at([79, 89, 798, 22], index)}`),
    each('filter owasp', (_, index) => `/findings?owasp=A0${(index % 9) + 1}:2025`),
    each(
      'filter analyzer',
      (_, index) => `/findings?analyzer=${at(['patterns', 'secrets', 'wiring', 'imports'], index)}`,
    ),
    each(
      'filter state',
      (_, index) => `/findings?state=${at(['open', 'fixed', 'accepted', 'fixed,regressed'], index)}`,
    ),
    each('filter provenance', (_, index) => `/findings?provenance=${at(['model', 'scaffold', 'dependency'], index)}`),
    each('filter category', (_, index) => `/findings?category=${at(['security', 'quality'], index)}`),
    each(
      'filter path',
      (_, index) => `/findings?path=${at(['app.py', 'src', 'users', 'Dockerfile', 'nothing'], index)}`,
    ),
    each('search', (_, index) => `/findings?q=${encodeURIComponent(at(words, index) ?? '')}`),
    each('search in a study', (_, index) => `/findings?study=${study}&q=${encodeURIComponent(at(words, index) ?? '')}`),
    each(
      'several filters',
      ({ app }, index) => `/findings?model=${app.model}&severity=${at(severities, index)}&state=open`,
    ),
    ...groupings.map((by) => each(`group by ${by}`, () => `/findings/groups?by=${by}`)),
    each(
      'group, filtered',
      ({ app }, index) => `/findings/groups?by=${at(groupings, index)}&model=${app.model}&state=open`,
    ),
    each('group, searched', (_, index) => `/findings/groups?by=rule&q=${encodeURIComponent(at(words, index) ?? '')}`),
    each('group of a study', (_, index) => `/findings/groups?by=${at(groupings, index)}&study=${study}`),
    each('one finding', ({ id }) => `/findings/${id}`),
    each('studies', () => '/studies'),
    each('one study', () => `/studies/${study}`),
  ]
}

/** Pages spread evenly from the second to one far inside, found by following the cursors. */
async function deepPages(server: Served, sort: string, repeats: number): Promise<Kind> {
  const paths = []
  let { next } = await read(server, `/findings?sort=${sort}&limit=500`)
  while (next !== null && paths.length < repeats) {
    paths.push(`/findings?sort=${sort}&cursor=${encodeURIComponent(next)}`)
    next = (await read(server, `/findings?sort=${sort}&limit=500&cursor=${encodeURIComponent(next)}`)).next
  }
  return { name: `deep pages, sort ${sort}`, paths }
}

async function ask(server: Served, path: string): Promise<number> {
  const began = performance.now()
  const response = await fetch(`${server.url}/api/v1${path}`)
  const text = await response.text()
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${text}`)
  return performance.now() - began
}

async function read(server: Served, path: string): Promise<z.infer<typeof listSchema>> {
  const response = await fetch(`${server.url}/api/v1${path}`)
  return listSchema.parse(await response.json())
}

await main()
