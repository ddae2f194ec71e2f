import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { analyzerById, analyzers } from '#bench/analyzers'
import { type Finding, findingStates, owaspOf, type Rule } from '#bench/findings'
import { insertFindings } from '#bench/studies'
import { loadConfig } from '#platform/config'
import { newId, openDatabase } from '#platform/database'
import { createLogger } from '#platform/telemetry'
import { migrations, openApplication } from '#server'
import type { StudyTables } from '../src/bench/studies/tables.ts'
import { generateApps } from './generate-apps.ts'
import { choices } from './random.ts'

/** What a filled database holds. */
export interface FillPlan {
  readonly findings: number
  readonly studies: number
  readonly apps: number
  readonly seed: number
}

/** Where the data lies: the folder, and PostgreSQL where the embedded database is not used. */
export interface FillTarget {
  readonly data: string
  readonly apps: string
  readonly databaseUrl?: string | undefined
}

interface KnownApp {
  readonly id: string
  readonly workspace_id: string
  readonly name: string
  readonly model: string | null
}

/** Share of findings in each severity that studies of generated apps show. */
const severityWeights = { critical: 2, high: 12, medium: 30, low: 40, info: 16 } as const
const severityNames = Object.entries(severityWeights).flatMap(
  ([name, weight]) => Array(weight).fill(name) as Finding['severity'][],
)
const paths = ['backend/app.py', 'frontend/src/App.jsx', 'backend/requirements.txt', 'frontend/package.json', 'backend/models.py', 'backend/routes/users.py', 'frontend/src/api/client.js', 'frontend/index.html', 'Dockerfile'] // biome-ignore format: a list of paths
const start = Date.UTC(2026, 10, 1)

/** Imports generated apps and gives them findings of several finished studies: the same seed, the same findings. */
export async function fillFindings(plan: FillPlan, target: FillTarget): Promise<void> {
  const workspace = await importApps(plan, target)
  await using database = await openDatabase({
    ...(target.databaseUrl === undefined ? { directory: join(target.data, 'database') } : { url: target.databaseUrl }),
    migrations,
  })
  const db = database.tables<StudyTables>()
  const apps = await db
    .selectFrom('apps')
    .select(['id', 'workspace_id', 'name', 'model'])
    .where('workspace_id', '=', workspace)
    .orderBy('name')
    .execute()
  const pick = choices(plan.seed)
  const rules = catalogue()
  const perStudy = Math.ceil(plan.findings / plan.studies)
  for (let study = 0; study < plan.studies; study += 1) {
    const id = newId(start + study * 86_400_000)
    await insertStudy(db, id, study, apps)
    for (const [index, app] of apps.entries()) {
      const from = Math.floor((perStudy * index) / apps.length)
      const to = Math.floor((perStudy * (index + 1)) / apps.length)
      const findings = Array.from({ length: to - from }, (_, number) => ({
        finding: inventedFinding(rules, pick, number),
        state: pick.chance(0.85) ? 'open' : (findingStates[pick.integer(1, findingStates.length - 1)] ?? 'open'),
      }))
      await insertFindings(db, { ...app, app_id: app.id, study_id: id }, findings)
    }
  }
}

async function importApps(plan: FillPlan, target: FillTarget): Promise<string> {
  await generateApps(target.apps, plan.apps, plan.seed)
  const config = await loadConfig({
    environment: { ...(target.databaseUrl !== undefined && { DATABASE_URL: target.databaseUrl }) },
    workingDirectory: target.data,
    overrides: { dataDirectory: target.data, workers: 0 },
  })
  await using application = await openApplication(config, '0.0.0', createLogger({ level: 'warn' }))
  const source = { kind: 'path' as const, path: target.apps }
  await application.services.apps.importApps(application.workspace, { source }, AbortSignal.timeout(600_000))
  return application.workspace
}

async function insertStudy(
  db: Kysely<StudyTables>,
  id: string,
  number: number,
  apps: readonly KnownApp[],
): Promise<void> {
  const at = new Date(start + number * 86_400_000)
  const study = { name: `Study ${number + 1}`, question: null, state: 'completed' as const, repeats: 1, options: '{}' }
  const times = { created_at: at, started_at: at, finished_at: new Date(at.getTime() + 60_000) }
  const workspace_id = apps[0]?.workspace_id ?? ''
  const chosen = analyzers.map((analyzer) => analyzer.id)
  await db
    .insertInto('studies')
    .values({ id, workspace_id, ...study, priority: 0, analyzers: chosen, created_by: 'benchmark', ...times })
    .execute()
  await db
    .insertInto('study_apps')
    .values(apps.map((app, position) => ({ study_id: id, app_id: app.id, position, stale: false })))
    .execute()
  for (const app of apps) {
    const analyses = analyzers.map((analyzer) => ({
      id: newId(at.getTime()),
      study_id: id,
      app_id: app.id,
      analyzer: analyzer.id,
      version: analyzer.version,
      repeat: 1,
      options_digest: '',
      queue: 'analysis',
      outcome: 'completed' as const,
      cached: false,
      attempts: 1,
      analysed: 10,
      total: 10,
      duration_ms: 40,
      finished_at: at,
    }))
    await db.insertInto('analyses').values(analyses).execute()
  }
}

/** Real rules with their real texts: those of the Python linter, lent to all analyzers in turn. */
function catalogue(): readonly { readonly analyzer: string; readonly version: string; readonly rule: Rule }[] {
  const linter = analyzerById('python-lint')
  const ids = ['S', 'B', 'F', 'E', 'PLE', 'PLW', 'RUF', 'ASYNC'].flatMap((prefix) =>
    Array.from({ length: 1000 }, (_, number) => [
      `${prefix}${number}`,
      `${prefix}${String(number).padStart(3, '0')}`,
    ]).flat(),
  )
  const rules = [...new Set(ids)].flatMap((id) => linter?.rule(id) ?? [])
  return rules.map((rule, index) => {
    const analyzer = analyzers[index % analyzers.length] ?? linter
    return { analyzer: analyzer?.id ?? '', version: analyzer?.version ?? '', rule }
  })
}

function inventedFinding(
  rules: ReturnType<typeof catalogue>,
  pick: ReturnType<typeof choices>,
  number: number,
): Finding {
  // A few rules make most findings: the lower of two draws.
  const chosen = rules[Math.min(pick.integer(0, rules.length - 1), pick.integer(0, rules.length - 1))]
  if (chosen === undefined) throw new Error('There are no rules.')
  const { analyzer, version, rule } = chosen
  const path = paths[Math.min(pick.integer(0, paths.length - 1), pick.integer(0, paths.length - 1))] ?? ''
  const line = pick.integer(1, 300)
  const name = `${['user', 'task', 'note', 'order', 'token', 'total', 'cursor'][pick.integer(0, 6)]}_${pick.integer(1, 400)}`
  const cwe = [...(rule.cwe ?? [])]
  const owasp = rule.category === 'security' ? owaspOf(cwe) : undefined
  const witnesses = [{ analyzer, version, rule: rule.id }]
  if (pick.chance(0.1)) witnesses.push({ analyzer: 'patterns', version: '1', rule: 'same-defect' })
  const digest = createHash('sha256').update(`${rule.id} ${path} ${name} ${line} ${number}`).digest('hex').slice(0, 32)
  return {
    fingerprint: `${digest}:1`,
    rule: `${analyzer}/${rule.id}`,
    title: rule.title,
    category: rule.category,
    severity: severityNames[pick.integer(0, severityNames.length - 1)] ?? 'low',
    confidence: rule.confidence,
    cwe,
    ...(owasp && { owasp }),
    location: {
      kind: 'file',
      path,
      region: { startLine: line, startColumn: 5, endLine: line + pick.integer(0, 2), endColumn: 40 },
    },
    message: `${rule.title} in ${name}: what ${name}() is handed on line ${line} reaches this call as it came, unchecked.`,
    why: rule.why,
    fix: rule.fix,
    ...(rule.help && { help: rule.help }),
    evidence: {
      snippet:
        `    ${name} = request.get_json().get("${name}")\n    return jsonify(${name}=find_${name}(${name})), 200\n`.repeat(
          pick.integer(1, 2),
        ),
    },
    witnesses,
    provenance: pick.chance(0.8) ? 'model' : pick.chance(0.7) ? 'scaffold' : 'dependency',
  }
}
