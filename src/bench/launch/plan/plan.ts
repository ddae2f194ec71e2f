import type { AppSnapshot, Component } from '#bench/apps'
import { type Interfaces, interfacesIn, readSources } from '#bench/interfaces'
import { readManifests } from '#bench/manifests'
import { planEnvironment } from './environment.ts'
import { startHints } from './hints.ts'
import type { LaunchPlan, PassedOn, PlannedPages, PlannedServer } from './launch-plan.ts'
import { planNode } from './node.ts'
import { planPages } from './pages.ts'
import { planPython } from './python.ts'
import { expectedServices } from './services.ts'

const serverFrameworks = new Set(['express', 'fastify', 'koa', 'hono', 'hapi', 'nest'])

/**
 * How an app is started, read from its files: nothing is run. Servers come in the order they are to be started; the first is
 * the one the pages belong to.
 *
 * @throws the signal's reason when aborted
 */
export async function planLaunch(app: AppSnapshot, signal?: AbortSignal): Promise<LaunchPlan> {
  const sources = await readSources(app, signal)
  const manifests = await readManifests(app, signal)
  const interfaces = interfacesIn(sources)
  const paths = new Set(app.files.map(({ path }) => path))
  const hints = await startHints(app)
  const { listeners } = interfaces.delivery
  const expectedPort = portNamedByPages(interfaces)
  const around = { sources, manifests, paths, hints, listeners, expectedPort }
  const servers = serversOf(app, around)
  const pages = pagesOf(app.components, servers, around)
  const first = servers[0]?.ports[0] ?? 8000
  const environment = planEnvironment({
    reads: interfaces.environment,
    files: sources.other,
    seed: app.digest,
    speaksSqlite: sources.python.some(({ text }) =>
      /sqlalchemy|SQLAlchemy|peewee|tortoise|sqlmodel|dj_database_url/.test(text),
    ),
    origin: `http://localhost:${pages?.port ?? first}`,
    serverOrigin: `http://localhost:${first}`,
  })
  return {
    servers,
    ...(pages === undefined ? {} : { pages }),
    passedOn: passedOn(interfaces),
    routes: [...new Set(interfaces.routes.filter(({ mounted }) => mounted).map(({ path }) => path))],
    environment,
    services: expectedServices(sources, environment.values),
    hasSqlite: [...sources.python, ...sources.scripts].some(({ text }) => /\bsqlite/i.test(text)),
    ...(servers.length === 0 && pages === undefined ? { nothing: whyNothing(app) } : {}),
  }
}

type Around = Parameters<typeof planNode>[1] & Parameters<typeof planPython>[1]

function serversOf(app: AppSnapshot, around: Around): PlannedServer[] {
  const servers: PlannedServer[] = []
  for (const component of app.components) {
    const isPages = component.role === 'frontend' || component.role === 'static'
    if (isPages) continue
    const server = component.language === 'python' ? planPython(component, around) : planNode(component, around)
    if (server !== undefined && !servers.some(({ start }) => sameStart(start, server.start))) servers.push(server)
  }
  if (servers.length === 0) servers.push(...serversWithoutFramework(app, around))
  return servers
}

/** A server in plain Node or Python is no component with a framework: its sources are asked. */
function serversWithoutFramework(app: AppSnapshot, around: Around): PlannedServer[] {
  const path = commonFolder(app)
  const base = { path, role: 'backend', evidence: '' } as const
  const found = [
    planPython({ ...base, framework: 'python', language: 'python' }, around),
    planNode({ ...base, framework: 'node', language: 'javascript' }, around),
  ]
  return found.filter((server) => server !== undefined)
}

/** The folder everything lies in, when there is only one at the top. */
function commonFolder(app: AppSnapshot): string {
  const library = app.components.find(({ role }) => role === 'library')
  return library?.path ?? ''
}

function pagesOf(
  components: readonly Component[],
  servers: readonly PlannedServer[],
  around: Around,
): PlannedPages | undefined {
  const candidates = components
    .filter(({ role }) => role === 'frontend' || role === 'static')
    .filter(({ path, role }) => !isServersOwn(path, role, servers))
    .toSorted((one, other) => Number(one.role === 'static') - Number(other.role === 'static'))
  for (const component of candidates) {
    const pages = planPages(component, around)
    if (pages !== undefined) return pages
  }
  return undefined
}

/** Loose pages inside a server's folder are what that server hands out. */
function isServersOwn(path: string, role: Component['role'], servers: readonly PlannedServer[]): boolean {
  return servers.some(({ part, runtime }) => {
    const isInside = part.path === '' || path === part.path || path.startsWith(`${part.path}/`)
    return isInside && (role === 'static' || (runtime === 'python' && path === part.path))
  })
}

/** The port the front end expects a server at: where proxies lead, or what its absolute addresses say. */
function portNamedByPages({ delivery, calls }: Interfaces): number | undefined {
  const addresses = [
    ...delivery.proxies.map(({ target }) => target),
    ...calls.filter(({ server }) => !server).map(({ origin }) => origin),
  ]
  for (const address of addresses) {
    const port = /^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|[\w-]+):(\d{2,5})/.exec(address ?? '')?.[1]
    if (port !== undefined) return Number(port)
  }
  return undefined
}

function passedOn({ delivery }: Interfaces): PassedOn[] {
  return delivery.proxies.flatMap(({ prefix, target, rewritten }) => {
    if (prefix === '/' || rewritten === undefined) return []
    const port = /:(\d{2,5})(?:\/|$)/.exec(target ?? '')?.[1]
    return [{ prefix, rewritten, ...(port === undefined ? {} : { port: Number(port) }) }]
  })
}

function sameStart(one: PlannedServer['start'], other: PlannedServer['start']): boolean {
  return one.cwd === other.cwd && one.argv.join(' ') === other.argv.join(' ')
}

function whyNothing(app: AppSnapshot): string {
  const found = app.components.map(({ framework, path }) => (path === '' ? framework : `${framework} in ${path}`))
  const what = found.length === 0 ? 'no framework' : found.join(', ')
  const servers = app.components.some(({ framework }) => serverFrameworks.has(framework))
  return servers
    ? `No start command, and no file that listens (found: ${what}).`
    : `Nothing in it serves anything (found: ${what}).`
}
