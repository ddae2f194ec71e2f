import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import {
  type ContainerHit,
  developmentServerIn,
  hasPasswordInUrl,
  isDebugSetting,
  isUnpinned,
  isWrittenSecret,
} from './hit.ts'

/** What came of reading a compose file. */
export interface ComposeCheck {
  readonly hits: ContainerHit[]
  /** Why parts could not be read. */
  readonly errors: readonly string[]
  /** False when the file is YAML but no compose file. */
  readonly isCompose: boolean
}

const databasePorts: ReadonlyMap<string, string> = new Map([
  ['5432', 'PostgreSQL'],
  ['3306', 'MySQL'],
  ['27017', 'MongoDB'],
  ['6379', 'Redis'],
  ['9200', 'Elasticsearch'],
  ['11211', 'Memcached'],
  ['1433', 'SQL Server'],
  ['5984', 'CouchDB'],
  ['9042', 'Cassandra'],
  ['8086', 'InfluxDB'],
  ['2379', 'etcd'],
])

const strongCapabilities = /^(?:CAP_)?(?:ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|NET_ADMIN|DAC_READ_SEARCH|SYS_RAWIO)$/i

/** Checks a compose file. Files meant for development (`override`, `dev`, `test` in the name) may run debug servers. */
export function checkCompose(path: string, text: string): ComposeCheck {
  const document = parseDocument(text, { uniqueKeys: false, merge: true })
  const errors = document.errors.map((error) => error.message.split('\n')[0] ?? 'not YAML')
  const services = isMap(document.contents) ? mapIn(document, document.contents, 'services') : undefined
  if (services === undefined) return { hits: [], errors, isCompose: false }
  const development = /(?:override|dev|test|local)/i.test(path.slice(path.lastIndexOf('/') + 1))
  const hits: ContainerHit[] = []
  for (const item of services.items) {
    const service = resolved(document, item.value)
    if (isMap(service)) hits.push(...checkService(document, textOf(item.key), service, development))
  }
  return { hits, errors, isCompose: true }
}

function checkService(document: Document, name: string, service: YAMLMap, development: boolean): ContainerHit[] {
  const hits: ContainerHit[] = []
  const report = (at: unknown, rule: string, message: string, more: Partial<ContainerHit> = {}): void => {
    const [start, end] = spanOf(at)
    hits.push({ rule, message, start, end, subject: name, ...more })
  }
  for (const pair of pairsOf(document, service)) {
    const value = resolved(document, pair.value)
    const text = textOf(value)
    switch (textOf(pair.key)) {
      case 'privileged':
        if (text === 'true') report(pair, 'privileged', `\`${name}\` runs privileged.`)
        break
      case 'network_mode':
        if (text === 'host') report(pair, 'host-network', `\`${name}\` uses the network of the host.`)
        break
      case 'pid':
      case 'ipc':
      case 'userns_mode':
        if (text === 'host') report(pair, 'host-namespace', `\`${name}\` has \`${textOf(pair.key)}: host\`.`)
        break
      case 'user':
        if (/^(?:root|0)(?::|$)/.test(text)) report(pair, 'container-root', `\`${name}\` runs as ${text}.`)
        break
      case 'image':
        if (isUnpinned(text))
          report(pair, 'unpinned-image', `The image \`${text}\` of \`${name}\` has no fixed version.`)
        break
      case 'command':
      case 'entrypoint': {
        const server = development
          ? undefined
          : developmentServerIn(listOf(document, value).map(textOf).join(' ') || text)
        if (server !== undefined)
          report(pair, 'debug-server', `\`${name}\` starts a development server (${server}).`, { severity: 'low' })
        break
      }
      case 'environment':
        for (const [variable, given, at] of environmentOf(document, value)) {
          const fallback = /^\$\{\w+:?-([^}]+)\}$/.exec(given)?.[1]
          if (isWrittenSecret(variable, given) || hasPasswordInUrl(given)) {
            report(at, 'secret-in-compose', `\`${variable}\` of \`${name}\` is written into the file.`, {
              subject: variable,
            })
          } else if (fallback !== undefined && isWrittenSecret(variable, fallback)) {
            report(at, 'secret-in-compose', `\`${variable}\` of \`${name}\` falls back to a password in the file.`, {
              subject: variable,
              severity: 'low',
            })
          }
          if (!development && isDebugSetting(variable, given))
            report(at, 'debug-server', `\`${variable}\` of \`${name}\` switches debugging on.`, {
              subject: variable,
              severity: 'low',
            })
        }
        break
      case 'volumes':
        for (const item of listOf(document, value)) checkVolume(document, name, item, report)
        break
      case 'ports':
        for (const item of listOf(document, value)) checkPort(document, name, item, report)
        break
      case 'cap_add':
        for (const item of listOf(document, value)) {
          if (strongCapabilities.test(textOf(item)))
            report(item, 'added-capability', `\`${name}\` gets the capability ${textOf(item)}.`)
        }
        break
      case 'security_opt':
        for (const item of listOf(document, value)) {
          if (/^(?:seccomp|apparmor)[:=]unconfined$/.test(textOf(item)))
            report(item, 'confinement-off', `\`${name}\` runs with ${textOf(item)}.`)
        }
    }
  }
  return hits
}

type Report = (at: unknown, rule: string, message: string, more?: Partial<ContainerHit>) => void

function checkVolume(document: Document, name: string, item: unknown, report: Report): void {
  const source = isMap(item) ? textOf(valueIn(document, item, 'source')) : (textOf(item).split(':')[0] ?? '')
  if (/^\/(?:var\/)?run\/docker\.sock$/.test(source))
    report(item, 'docker-socket', `\`${name}\` gets the Docker socket.`)
  else if (/^\/(?:|etc|root|boot|proc|sys|dev|home|var|var\/lib|var\/run|usr)\/?$/.test(source))
    report(item, 'host-root', `\`${name}\` gets \`${source}\` of the host.`)
}

/** `5432:5432`, `0.0.0.0:5432:5432`, `{ published, target, host_ip }`; a container port alone is published too. */
function checkPort(document: Document, name: string, item: unknown, report: Report): void {
  let address = ''
  let target: string
  if (isMap(item)) {
    target = textOf(valueIn(document, item, 'target'))
    address = textOf(valueIn(document, item, 'host_ip'))
    if (textOf(valueIn(document, item, 'published')) === '') return
  } else {
    const parts = textOf(item)
      .replace(/\/\w+$/, '')
      .split(':')
    if (parts.length < 2) return
    target = parts.at(-1) ?? ''
    address = parts.length > 2 ? parts.slice(0, -2).join(':') : ''
  }
  const database = databasePorts.get(target)
  if (database === undefined || /^(?:127\.|localhost|\[?::1)/.test(address)) return
  report(
    item,
    'published-database',
    `${database} of \`${name}\` is published on ${address === '' ? 'every interface' : address}.`,
  )
}

function* environmentOf(document: Document, value: unknown): Generator<[name: string, value: string, at: unknown]> {
  if (isMap(value)) {
    for (const pair of pairsOf(document, value)) yield [textOf(pair.key), textOf(resolved(document, pair.value)), pair]
  }
  for (const item of listOf(document, value)) {
    const [, name = '', given = ''] = /^([^=]+)=([\s\S]*)$/.exec(textOf(item)) ?? []
    if (name !== '') yield [name, given, item]
  }
}

/** The pairs of a map, those merged in by `<<` last. */
function pairsOf(document: Document, map: YAMLMap, depth = 0): Pair[] {
  const own: Pair[] = []
  const merged: Pair[] = []
  for (const item of map.items) {
    if (!isPair(item)) continue
    if (textOf(item.key) !== '<<') own.push(item)
    else if (depth < 4) {
      const value = resolved(document, item.value)
      for (const source of isSeq(value) ? value.items.map((each) => resolved(document, each)) : [value]) {
        if (isMap(source)) merged.push(...pairsOf(document, source, depth + 1))
      }
    }
  }
  const keys = new Set(own.map((pair) => textOf(pair.key)))
  return [...own, ...merged.filter((pair) => !keys.has(textOf(pair.key)))]
}

function valueIn(document: Document, map: YAMLMap, key: string): unknown {
  const pair = map.items.find((item) => textOf(item.key) === key)
  return pair === undefined ? undefined : resolved(document, pair.value)
}

function mapIn(document: Document, map: YAMLMap, key: string): YAMLMap | undefined {
  const value = valueIn(document, map, key)
  return isMap(value) ? value : undefined
}

function listOf(document: Document, value: unknown): unknown[] {
  return isSeq(value) ? value.items.map((item) => resolved(document, item)) : []
}

function resolved(document: Document, value: unknown): unknown {
  return isAlias(value) ? value.resolve(document) : value
}

/** A scalar as it is written: `5432` and `"5432"` alike. */
function textOf(value: unknown): string {
  if (!isScalar(value)) return ''
  return typeof value.source === 'string' ? value.source : String(value.value ?? '')
}

function spanOf(at: unknown): [start: number, end: number] {
  if (isPair(at)) {
    const key = rangeOf(at.key)
    const value = rangeOf(at.value)
    return [key?.[0] ?? value?.[0] ?? 0, (isScalar(at.value) ? value?.[1] : undefined) ?? key?.[1] ?? 0]
  }
  const range = rangeOf(at)
  return [range?.[0] ?? 0, range?.[1] ?? 0]
}

function rangeOf(node: unknown): Node['range'] | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined
}
