import { isTable } from '../toml.ts'
import { ask } from './fetch.ts'
import type { RegistryAnswer } from './lookup.ts'

/** Asks an npm registry about one version of a package, or the one tagged `latest`. */
export async function askNpm(
  registry: string,
  name: string,
  version: string | undefined,
  signal: AbortSignal,
): Promise<RegistryAnswer> {
  const base = `${registry.replace(/\/+$/, '')}/${name.startsWith('@') ? `@${encodeURIComponent(name.slice(1))}` : encodeURIComponent(name)}`
  const { status, body } = await ask(`${base}/${encodeURIComponent(version ?? 'latest')}`, 'GET', signal)
  if (status === 404) {
    const packageAnswer = await ask(base, 'HEAD', signal)
    return { kind: packageAnswer.status === 404 ? 'no-package' : 'no-version' }
  }
  const document = isTable(body) ? body : {}
  const found = typeof document['version'] === 'string' ? document['version'] : (version ?? '')
  const licence = licenceOf(document['license'])
  const deprecated = document['deprecated']
  return {
    kind: 'found',
    version: found,
    ...(typeof deprecated === 'string' && deprecated !== '' && { deprecated }),
    ...(licence !== undefined && { licence }),
    ...(document['hasInstallScript'] === true || hasInstallScript(document['scripts']) ? { installScript: true } : {}),
    ...(found.endsWith('-security') && { securityHold: true }),
  }
}

/** An SPDX expression, or the older object `{ type, url }`. */
function licenceOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const type = isTable(value) ? value['type'] : undefined
  return typeof type === 'string' ? type : undefined
}

function hasInstallScript(scripts: unknown): boolean {
  return isTable(scripts) && ['preinstall', 'install', 'postinstall'].some((name) => typeof scripts[name] === 'string')
}
