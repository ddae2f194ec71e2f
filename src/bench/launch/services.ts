import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox, SandboxProcess } from '#bench/sandbox'
import { Unavailable } from '#platform/errors'
import type { ExpectedService, ServiceKind } from './plan/launch-plan.ts'
import { serviceName } from './plan/services.ts'

/** Seconds a database may take until it listens. */
const patience = 20

/** A database of this machine that can be started beside an app, in its sandbox. */
interface StandIn {
  readonly port: number
  /** Starts it; `addresses` are those the app will use. */
  start(sandbox: Sandbox, addresses: readonly URL[]): Promise<SandboxProcess>
}

/** The stand-in for a service, undefined when this machine has none. */
function standIn(kind: ServiceKind): StandIn | undefined {
  if (kind === 'redis') {
    const program = ['/usr/bin/redis-server', '/usr/bin/valkey-server', '/usr/local/bin/redis-server'].find((path) =>
      existsSync(path),
    )
    return program === undefined ? undefined : redis(program)
  }
  const programs = kind === 'postgresql' ? postgresqlPrograms() : undefined
  return programs === undefined ? undefined : postgresql(programs)
}

/** The services that can be started here, and those that cannot. */
export function availableServices(services: readonly ExpectedService[]): {
  readonly available: readonly ExpectedService[]
  readonly missing: readonly ExpectedService[]
} {
  const isThere = ({ kind }: ExpectedService) => standIn(kind) !== undefined
  return { available: services.filter(isThere), missing: services.filter((service) => !isThere(service)) }
}

/**
 * Starts the databases an app expects, empty, in its sandbox.
 *
 * @param texts of the app and its environment, for the addresses in them: databases and users are made as they are named there
 * @throws Unavailable when one does not come up
 */
export async function startServices(
  services: readonly ExpectedService[],
  sandbox: Sandbox,
  texts: readonly string[],
): Promise<void> {
  for (const { kind } of services) {
    const service = standIn(kind)
    if (service === undefined) continue
    const process = await service.start(sandbox, addressesIn(texts))
    let printed = ''
    process.onOutput(({ text }) => {
      printed = (printed + text).slice(-2000)
    })
    let over = false
    void process.exited.then(() => {
      over = true
    })
    const deadline = performance.now() + patience * 1000
    while (!(await sandbox.listening()).includes(service.port)) {
      if (over || performance.now() > deadline) {
        throw new Unavailable(
          `${serviceName(kind)} does not start beside the app: ${printed.trim().split('\n').at(-1) ?? ''}`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** The environment with addresses of databases that lead to where they are: beside the app. */
export function withLocalServices(environment: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(environment).map(([name, value]) => {
    const local = value.replace(
      /^((?:postgres(?:ql)?(?:\+\w+)?|rediss?):\/\/(?:[^@/]*@)?)[\w.-]+(:\d+)?/,
      (_, before: string, port: string | undefined) => `${before}127.0.0.1${port ?? ''}`,
    )
    return [name, local] as const
  })
  return Object.fromEntries(entries)
}

function redis(program: string): StandIn {
  return {
    port: 6379,
    start: (sandbox) =>
      sandbox.start({
        argv: [program, '--port', '6379', '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'],
        cwd: '/tmp',
      }),
  }
}

function postgresqlPrograms(): string | undefined {
  const home = '/usr/lib/postgresql'
  const versions = existsSync(home) ? readdirSync(home).toSorted((one, other) => Number(other) - Number(one)) : []
  return versions.map((version) => join(home, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')))
}

function postgresql(programs: string): StandIn {
  return {
    port: 5432,
    async start(sandbox, addresses) {
      const accounts = addresses
        .filter(({ protocol }) => /^postgres/.test(protocol))
        .map((address) => ({ user: decodeURIComponent(address.username), database: address.pathname.slice(1) }))
      const statements = accounts.flatMap(({ user, database }) => [
        ...(isName(user) && user !== 'postgres' ? [`CREATE ROLE "${user}" SUPERUSER LOGIN;`] : []),
        ...(isName(database) && database !== 'postgres' ? [`CREATE DATABASE "${database}";`] : []),
      ])
      const made = await sandbox.run({
        argv: ['sh', '-c', cluster, 'sh', programs],
        stdin: [...new Set(statements)].join('\n'),
        cwd: '/tmp',
      })
      if (made.code !== 0)
        throw new Unavailable(`PostgreSQL cannot be set up beside the app: ${made.stderr.trim().slice(-300)}`)
      return sandbox.start({
        argv: [
          join(programs, 'postgres'),
          '-D',
          '/tmp/assay-postgres',
          '-p',
          '5432',
          '-k',
          '/tmp',
          '-c',
          'fsync=off',
          '-c',
          'listen_addresses=127.0.0.1',
        ],
        cwd: '/tmp',
      })
    },
  }
}

/** Makes an empty cluster that trusts everybody inside, and runs the statements on standard input, each by itself. */
const cluster = `
  "$1/initdb" -D /tmp/assay-postgres -U postgres -A trust -E UTF8 --no-locale --no-sync >/dev/null
  while IFS= read -r statement || [ -n "$statement" ]; do
    echo "$statement" | "$1/postgres" --single -D /tmp/assay-postgres postgres >/dev/null
  done`

function isName(text: string): boolean {
  return /^\w{1,60}$/.test(text)
}

function addressesIn(texts: readonly string[]): URL[] {
  const found = texts.flatMap((text) => text.match(/\b(?:postgres(?:ql)?(?:\+\w+)?|rediss?):\/\/[^\s"'`,;)]+/g) ?? [])
  return [...new Set(found)].flatMap((address) => {
    const url = URL.parse(address)
    return url === null ? [] : [url]
  })
}
