import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where this machine's npm gets packages from. */
export interface NpmSource {
  readonly registry: string
  /** Token for that registry; stays outside the sandbox. */
  readonly token?: string
}

/** Where this machine's pip gets packages from. */
export interface PipSource {
  /** Package indexes (PEP 503), `https://…/simple` or `file:///…`. */
  readonly indexes: readonly string[]
  /** Folders with packages. */
  readonly folders: readonly string[]
}

/** npm's configuration: environment, the user's file, the machine's. */
export function npmSource(): NpmSource {
  const files = [process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc'), '/etc/npmrc', '/usr/etc/npmrc']
  const settings = new Map(files.toReversed().flatMap((file) => entries(textOf(file))))
  const named = process.env['npm_config_registry'] || process.env['NPM_CONFIG_REGISTRY'] || settings.get('registry')
  const registry = `${(named ?? 'https://registry.npmjs.org').replace(/\/+$/, '')}/`
  const token = settings.get(`//${registry.replace(/^https?:\/\//, '')}:_authToken`)
  return { registry, ...(token === undefined ? {} : { token }) }
}

/** pip's configuration: environment, the user's file, the machine's. */
export function pipSource(): PipSource {
  const files = [
    process.env['PIP_CONFIG_FILE'],
    join(homedir(), '.config/pip/pip.conf'),
    join(homedir(), '.pip/pip.conf'),
    '/etc/xdg/pip/pip.conf',
    '/etc/pip.conf',
  ]
  const settings = new Map(files.toReversed().flatMap((file) => (file === undefined ? [] : entries(textOf(file)))))
  const value = (name: string) =>
    process.env[`PIP_${name.toUpperCase().replaceAll('-', '_')}`] ?? settings.get(name) ?? ''
  const words = (name: string) => value(name).split(/\s+/).filter(Boolean)
  const main = /^(?:1|true|yes|on)$/i.test(value('no-index'))
    ? []
    : [words('index-url')[0] ?? 'https://pypi.org/simple']
  const indexes = [...main, ...words('extra-index-url')].map((index) => index.replace(/\/+$/, ''))
  const folders = words('find-links').flatMap((link) => (/^https?:/.test(link) ? [] : [link.replace(/^file:\/\//, '')]))
  return { indexes: [...new Set(indexes)], folders: [...new Set(folders)] }
}

/** `name = value` lines of an INI file; a value may go on in indented lines. */
function entries(text: string): [string, string][] {
  const found: [string, string][] = []
  for (const line of text.split('\n')) {
    const match = /^\s*([^=#;[\]\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line)
    const last = found.at(-1)
    if (/^\s+\S/.test(line) && match === null && last !== undefined) last[1] += ` ${line.trim()}`
    else if (match !== null) found.push([match[1] ?? '', match[2] ?? ''])
  }
  return found
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Not configured there.
    return ''
  }
}
