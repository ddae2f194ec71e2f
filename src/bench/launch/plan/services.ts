import type { Source, Sources } from '#bench/interfaces'
import type { ExpectedService, ServiceKind } from './launch-plan.ts'

/** Packages that do nothing without their server, by the module name that is imported. */
const drivers: readonly {
  readonly kind: ServiceKind
  readonly python: RegExp
  readonly node: RegExp
  readonly name: string
}[] = [
  {
    kind: 'mongodb',
    python: /^\s*(?:from|import)\s+(pymongo|mongoengine|flask_pymongo|flask_mongoengine|motor|beanie)\b/m,
    node: /(?:from\s*|require\(\s*|import\s*)["'](mongoose|mongodb)["']/,
    name: 'MongoDB',
  },
  {
    kind: 'postgresql',
    python: /^\s*(?:from|import)\s+(psycopg2?|asyncpg|pg8000)\b/m,
    node: /(?:from\s*|require\(\s*|import\s*)["'](pg|postgres|pg-promise)["']/,
    name: 'PostgreSQL',
  },
  {
    kind: 'mysql',
    python: /^\s*(?:from|import)\s+(pymysql|MySQLdb|mysql|flask_mysqldb|aiomysql)\b/m,
    node: /(?:from\s*|require\(\s*|import\s*)["'](mysql2?|mysql2\/promise|mariadb)["']/,
    name: 'MySQL',
  },
  {
    kind: 'redis',
    python: /^\s*(?:from|import)\s+(redis|flask_redis|aioredis)\b/m,
    node: /(?:from\s*|require\(\s*|import\s*)["'](redis|ioredis)["']/,
    name: 'Redis',
  },
]
const schemes: readonly [RegExp, ServiceKind][] = [
  [/^postgres(?:ql)?(?:\+\w+)?:/, 'postgresql'],
  [/^(?:mysql|mariadb)(?:\+\w+)?:/, 'mysql'],
  [/^mongodb(?:\+srv)?:/, 'mongodb'],
  [/^rediss?:/, 'redis'],
]

/** Databases the app needs beside it: their drivers are imported, or the environment it starts with gives their address. */
export function expectedServices(
  sources: Pick<Sources, 'python' | 'scripts'>,
  values: Readonly<Record<string, string>>,
): ExpectedService[] {
  const found = new Map<ServiceKind, ExpectedService>()
  for (const { kind, python, node } of drivers) {
    const witness = importing(sources.python, python) ?? importing(sources.scripts, node)
    if (witness !== undefined) found.set(kind, { kind, because: witness })
  }
  for (const [name, value] of Object.entries(values)) {
    const kind = schemes.find(([scheme]) => scheme.test(value))?.[1]
    if (kind !== undefined && !found.has(kind))
      found.set(kind, { kind, because: `${name} is an address of ${serviceName(kind)}` })
  }
  return [...found.values()]
}

/** As people write it. */
export function serviceName(kind: ServiceKind): string {
  return drivers.find((driver) => driver.kind === kind)?.name ?? kind
}

function importing(sources: readonly Source[], pattern: RegExp): string | undefined {
  for (const { path, text } of sources) {
    const module = pattern.exec(text)?.[1]
    if (module !== undefined) return `${path} imports ${module}`
  }
  return undefined
}
