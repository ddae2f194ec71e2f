import { createHash } from 'node:crypto'
import { dotenvEntries, dotenvFile, type EnvironmentRead, exampleFile } from '#bench/interfaces'
import type { PlannedEnvironment } from './launch-plan.ts'

export interface EnvironmentSurroundings {
  readonly reads: readonly EnvironmentRead[]
  /** Text files of the app: path → text. */
  readonly files: ReadonlyMap<string, string>
  /** Makes invented secrets the same for the same app. */
  readonly seed: string
  /** SQLAlchemy or another layer that also speaks SQLite. */
  readonly speaksSqlite: boolean
  /** The address pages are seen at, and the one of the server. */
  readonly origin: string
  readonly serverOrigin: string
}

const secretName =
  /SECRET|JWT|SIGNING|SESSION_KEY|ENCRYPTION_KEY|COOKIE_KEY|CSRF|SALT|(?:^|_)PEPPER|(?:^|_)TOKEN$|PRIVATE_KEY|^APP_KEY$/
const passwordName = /PASS(?:WORD|WD)?$/
const databaseName = /^(?:\w+_)?(?:DATABASE|DB|SQLALCHEMY_DATABASE)_?(?:URL|URI|CONNECTION(?:_STRING)?)$/
const apiKeyName = /(?:API_?KEY|ACCESS_KEY|CLIENT_ID|KEY_ID)(?:_\w+)?$/
const serverAddressName =
  /(?:API|BACKEND|SERVER)\w*(?:URL|URI|ORIGIN|HOST|ENDPOINT|BASE)|^(?:VITE|REACT_APP|NEXT_PUBLIC)_\w*(?:URL|URI)$/
const pageAddressName = /(?:FRONTEND|CLIENT|APP|SITE|BASE|PUBLIC|WEB)_?(?:URL|URI|ORIGIN|HOST)|ORIGINS?$|^CORS_\w+$/
/** What people write where a secret is to be put. */
const placeholder =
  /^$|^<.*>$|replace|change|your|example|secret|xxx|paste|todo|^\.\.\.$|insert|generate|random|placeholder/i
/** Set by build tools themselves. */
const given = new Set(['BASE_URL', 'MODE', 'DEV', 'PROD', 'SSR', 'NODE_ENV'])
const otherDatabase = /^(?:postgres|mysql|mariadb|mssql|oracle|mongodb)/i

/**
 * The environment an app is started with: what its own dotenv files say, then what their examples say for the variables the
 * code needs, then invented secrets and addresses. A default in the code is left to the code.
 */
export function planEnvironment(around: EnvironmentSurroundings): PlannedEnvironment {
  const values = new Map<string, string>()
  const madeUp: string[] = []
  const own = entriesOf(around.files, (path) => dotenvFile.test(path) && !exampleFile.test(path))
  const examples = entriesOf(around.files, (path) => dotenvFile.test(path) && exampleFile.test(path))
  for (const [name, value] of own) values.set(name, value)
  for (const name of needed(around.reads, [...examples.keys()])) {
    if (values.has(name)) continue
    const example = examples.get(name)
    const isUsable =
      example !== undefined &&
      !((secretName.test(name) || passwordName.test(name)) && placeholder.test(example)) &&
      !(around.speaksSqlite && otherDatabase.test(example)) &&
      !/^<.*>$|^$/.test(example)
    const value = isUsable ? example : invented(name, around)
    if (value === undefined) continue
    values.set(name, value)
    if (!isUsable) madeUp.push(name)
  }
  return { values: Object.fromEntries(values), madeUp: madeUp.toSorted() }
}

/** Read somewhere without a default, or named by an example and read in a way that is not understood. */
function needed(reads: readonly EnvironmentRead[], examples: readonly string[]): Set<string> {
  const withDefault = new Set(reads.filter(({ hasDefault }) => hasDefault).map(({ name }) => name))
  const without = reads.filter(({ hasDefault }) => !hasDefault).map(({ name }) => name)
  const names = [...without, ...examples.filter((name) => !withDefault.has(name))]
  return new Set(names.filter((name) => !given.has(name)))
}

function invented(name: string, around: EnvironmentSurroundings): string | undefined {
  if (databaseName.test(name)) return around.speaksSqlite ? 'sqlite:///assay.db' : undefined
  if (secretName.test(name)) return digest(`${around.seed} ${name}`)
  if (passwordName.test(name)) return digest(`${around.seed} ${name}`).slice(0, 20)
  if (name === 'PORT') return new URL(around.serverOrigin).port
  if (name === 'HOST') return '127.0.0.1'
  if (serverAddressName.test(name)) return around.serverOrigin
  if (pageAddressName.test(name)) return around.origin
  if (apiKeyName.test(name)) return digest(`${around.seed} ${name}`).slice(0, 32)
  return undefined
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function entriesOf(files: ReadonlyMap<string, string>, isWanted: (path: string) => boolean): Map<string, string> {
  const entries = new Map<string, string>()
  for (const [path, text] of files) {
    if (!isWanted(path)) continue
    for (const { name, value } of dotenvEntries(text)) entries.set(name, value)
  }
  return entries
}
