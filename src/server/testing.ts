/** A whole server for tests: real database, real sockets; apps and studies are a few literal values. */
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import type { z } from 'zod'
import type { Study } from '#bench/studies'
import { type Audit, auditMigrations, openAudit } from '#platform/audit'
import { Secret } from '#platform/config'
import type { Database } from '#platform/database'
import { NotFound } from '#platform/errors'
import { type Bus, createBus } from '#platform/events'
import type { Actor, Role } from '#platform/http'
import { type Identity, type IdentitySettings, identityMigrations, openIdentity } from '#platform/identity'
import { createLogger } from '#platform/telemetry'
import { embedded, type TestDatabase } from '../platform/database/testing.ts'
import type { ApiServices } from './routes.ts'
import { type RunningServer, type ServerOptions, startServer } from './server.ts'

export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly running: RunningServer
  readonly bus: Bus
  readonly database: Database
  readonly identity: Identity
  readonly audit: Audit
  /** What was logged, line by line. */
  readonly log: string[]
  /** A request; `body` is sent as JSON. */
  ask(method: string, path: string, options?: AskOptions): Promise<Response>
  /** A key of a member of that role. */
  keyOf(role: Role): Promise<string>
}

export interface AskOptions {
  readonly key?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestServerOptions {
  readonly signIn?: boolean
  /** Browsers come over https. */
  readonly secure?: boolean
  readonly server?: Partial<ServerOptions>
  /** Where the data is; default embedded, in memory. */
  readonly database?: TestDatabase
  readonly services?: Partial<ApiServices>
  /** Epoch milliseconds; default the real clock. */
  readonly now?: () => number
}

export const admin = { email: 'ada@example.org', password: 'correct horse battery' } as const
/** A study every test server has. */
export const studyId = '01890000-0000-7000-8000-000000000001'

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const log: string[] = []
  const destination = new PassThrough()
  destination.on('data', (chunk: Buffer) => log.push(...chunk.toString().split('\n').filter(Boolean)))
  const logger = createLogger({ level: 'debug', destination })
  const bus = createBus(randomUUID(), (error) => logger.error({ err: error }, 'listener'))
  const database = await (options.database ?? embedded).open([...identityMigrations, ...auditMigrations])
  const audit = openAudit(database, options.now)
  const settings: IdentitySettings = options.signIn
    ? {
        mode: 'signed-in',
        secret: new Secret('0123456789abcdef0123456789abcdef'),
        secure: options.secure === true,
        firstAdmin: { email: admin.email, password: new Secret(admin.password) },
      }
    : { mode: 'local' }
  const identity = await openIdentity(database, audit, settings, options.now)
  const services = { identity, audit, ...literalServices(), ...options.services }
  const running = await startServer(
    { version: '0.0.0', services, bus, log: logger, mayListen: async (_, room) => room === `study:${studyId}` },
    { host: '127.0.0.1', port: 0, webRoot: join(tmpdir(), 'no-web-build'), ...options.server },
  )
  const url = `http://127.0.0.1:${running.port}`
  return {
    url,
    running,
    bus,
    database,
    identity,
    audit,
    log,
    ask: (method, path, { key, body, headers } = {}) =>
      fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    keyOf: (role) => issueKey(identity, role),
    async [Symbol.asyncDispose]() {
      await running.close()
      await database.close()
    },
  }
}

/** Adds a member of the role, who gets a key of the same role. */
async function issueKey(identity: Identity, role: Role): Promise<string> {
  const author = { name: 'test' }
  const member = await identity.members.add(
    identity.defaultWorkspace,
    { email: `${role}-${randomUUID()}@example.org`, name: role, role },
    author,
  )
  const actor: Actor = {
    via: 'session',
    user: { id: member.userId, name: member.name, email: member.email },
    workspace: { id: identity.defaultWorkspace, name: 'Default' },
    role,
  }
  const { secret } = await identity.keys.issue(actor, { name: role, role }, author)
  return secret
}

/** The JSON of an answer, as its schema has it. */
export async function read<Schema extends z.ZodType>(answer: Response, schema: Schema): Promise<z.output<Schema>> {
  return schema.parse(await answer.json())
}

const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 }

/** A study as the API tells it. */
export const study: Study = {
  id: studyId,
  name: 'Starter',
  question: null,
  state: 'running',
  createdAt: '2026-11-20T10:00:00.000Z',
  startedAt: '2026-11-20T10:00:01.000Z',
  finishedAt: null,
  createdBy: 'Ada',
  repeats: 1,
  apps: 1,
  analyzers: ['python-lint'],
  models: ['careful'],
  progress: {
    total: 1,
    finished: 0,
    cached: 0,
    byOutcome: { completed: 0, not_applicable: 0, error: 0, timed_out: 0, cancelled: 0 },
    perAnalyzer: [],
    throughputPerSecond: null,
    etaSeconds: null,
  },
  findings: { total: 0, bySeverity: counts, lowConfidence: 0 },
}

function literalServices(): Pick<ApiServices, 'apps' | 'studies' | 'executions' | 'findings' | 'system'> {
  const nothing = async (): Promise<never> => {
    throw new NotFound('Nothing here.')
  }
  return {
    apps: {
      importApps: async () => ({ apps: [], skipped: [] }),
      async importUpload(_workspace, { stream }, name) {
        let bytes = 0
        for await (const chunk of stream) bytes += chunk.length
        return { apps: [], skipped: [{ path: name, reason: `${bytes} bytes` }] }
      },
      listApps: async () => ({ items: [], next: null }),
      getApp: nothing,
      listFiles: nothing,
      readContent: nothing,
    },
    studies: {
      createStudy: async () => study,
      listStudies: async () => ({ items: [study], next: null }),
      getStudy: async (_, id) => (id === studyId ? study : nothing()),
      cancelStudy: nothing,
      resumeStudy: nothing,
      retryStudy: nothing,
      addApps: nothing,
      deleteStudy: nothing,
      matrix: nothing,
      comparison: nothing,
      exportStudy: async () => ({ type: 'text/csv', filename: 'Stärter "1".csv', content: 'a,b\n1,2\n' }),
      getAnalysis: nothing,
      getArtifact: nothing,
    },
    findings: {
      listFindings: async () => ({ items: [], next: null, total: 0 }),
      groupFindings: async () => ({ items: [] }),
      getFinding: nothing,
      replayFinding: nothing,
      triageFinding: nothing,
    },
    executions: {
      agents: () => [],
      tools: () => [],
      createExecution: nothing,
      listExecutions: async () => ({ items: [], next: null }),
      getExecution: nothing,
      cancelExecution: nothing,
      listSteps: nothing,
    },
    system: {
      describe: async () => ({
        database: { kind: 'pglite', version: '17', sizeBytes: 1 },
        queue: { queued: 0, active: 0, failed: 0, deadLetters: [] },
        workers: [],
        analyzers: [],
        tools: [],
      }),
      analyzers: async () => [],
      checks: async () => ({ database: 'ok' }),
    },
  }
}
