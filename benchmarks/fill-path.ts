import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding, PathStep } from '#bench/findings'
import { insertFindings } from '#bench/studies'
import { loadConfig } from '#platform/config'
import { newId, openDatabase } from '#platform/database'
import { createLogger } from '#platform/telemetry'
import { migrations, openApplication } from '#server'
import type { StudyTables } from '../src/bench/studies/tables.ts'

const files: Readonly<Record<string, string>> = {
  'app.py': `from flask import Flask, request

from shop.store import find

app = Flask(__name__)


@app.route("/search")
def search():
    name = request.args["name"]
    wanted = name.strip()
    return {"found": find(wanted)}
`,
  'shop/store.py': `import sqlite3

connection = sqlite3.connect("shop.db")


def find(text):
    """Everything whose name begins with the text."""
    sql = "select id, name, price from goods where name like '" + text + "%' order by name limit 50 -- as typed"
    rows = connection.execute(sql).fetchall()
    return [dict(zip(("id", "name", "price"), row)) for row in rows]
`,
}

type Step = readonly [path: string, line: number, depth: number, message: string]
const steps: readonly Step[] = [
  ['app.py', 10, 0, 'comes from the query string'],
  ['app.py', 10, 0, 'assigned: `name`'],
  ['app.py', 11, 0, 'through strip()'],
  ['app.py', 12, 0, 'passed to this call'],
  ['shop/store.py', 8, 1, 'put into text'],
  ['shop/store.py', 9, 1, 'reaches connection.execute'],
]

const at = ([path, startLine]: Step): Finding['location'] => ({ kind: 'file', path, region: { startLine } })
const path = steps.map(
  (step, index): PathStep => ({
    kind: index === 0 ? 'source' : index === steps.length - 1 ? 'sink' : 'step',
    location: at(step),
    message: step[3],
    depth: step[2],
  }),
)

const injection: Finding = {
  fingerprint: `${'a'.repeat(32)}:1`,
  defect: 'sql-injection',
  rule: 'dataflow/sql-injection',
  title: 'SQL injection',
  category: 'security',
  severity: 'critical',
  confidence: 'high',
  cwe: [89],
  owasp: 'A05:2025',
  location: at(steps[5] ?? ['', 1, 0, '']),
  message: 'The query string reaches `connection.execute` without being made safe.',
  why: 'Whoever sends the value reads and changes the database.',
  fix: 'Give the value as a parameter.',
  evidence: { path, facts: { input: 'the query string' } },
  witnesses: [{ analyzer: 'dataflow', version: '1', rule: 'sql-injection' }],
  provenance: 'model',
}
const guess: Finding = {
  ...injection,
  fingerprint: `${'b'.repeat(32)}:1`,
  title: 'Perhaps nothing',
  severity: 'high',
  confidence: 'low',
  location: at(steps[2] ?? ['', 1, 0, '']),
  evidence: {},
}

/** One app with a finding whose path leads through two files, and a guess beside it, as a finished study shows them. */
export async function fillPath(data: string): Promise<void> {
  const source = join(data, 'generated apps')
  for (const [name, text] of Object.entries(files)) {
    const file = join(source, 'swift/app1', name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
  }
  const config = await loadConfig({
    environment: {},
    workingDirectory: data,
    overrides: { dataDirectory: data, workers: 0 },
  })
  const app = await imported(config, source)
  await using database = await openDatabase({ directory: join(data, 'database'), migrations })
  const db = database.tables<StudyTables>()
  const { workspace_id } = await db
    .selectFrom('apps')
    .select('workspace_id')
    .where('id', '=', app.id)
    .executeTakeFirstOrThrow()
  const study = newId(Date.now())
  const now = new Date()
  const times = { created_at: now, started_at: now, finished_at: now }
  const shape = { question: null, state: 'completed' as const, repeats: 1, options: '{}', priority: 0, analyzers: [] }
  await db
    .insertInto('studies')
    .values({ id: study, workspace_id, name: 'A path', created_by: 'Ada', ...shape, ...times })
    .execute()
  await db.insertInto('study_apps').values({ study_id: study, app_id: app.id, position: 0, stale: false }).execute()
  await insertFindings(
    db,
    { workspace_id, study_id: study, app_id: app.id, name: app.name, model: app.model },
    [injection, guess].map((finding) => ({ finding, state: 'open' as const })),
  )
}

async function imported(config: Awaited<ReturnType<typeof loadConfig>>, path: string) {
  await using application = await openApplication(config, '0.0.0', createLogger({ level: 'warn' }))
  const request = { source: { kind: 'path' as const, path } }
  const { apps } = await application.services.apps.importApps(
    application.workspace,
    request,
    AbortSignal.timeout(60_000),
  )
  const [app] = apps
  if (app === undefined) throw new Error('No app was imported.')
  return app
}
