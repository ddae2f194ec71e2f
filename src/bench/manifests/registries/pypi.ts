import { isTable, textsOf } from '../toml.ts'
import { ask } from './fetch.ts'
import type { RegistryAnswer } from './lookup.ts'

/**
 * Asks a Python index that speaks PyPI's JSON API about one version; without a version only whether the name exists,
 * because the document of a whole project can weigh megabytes.
 */
export async function askPypi(
  registry: string,
  name: string,
  version: string | undefined,
  signal: AbortSignal,
): Promise<RegistryAnswer> {
  const base = registry.replace(/\/+$/, '')
  const project = encodeURIComponent(name)
  if (version !== undefined) {
    const { status, body } = await ask(`${base}/pypi/${project}/${encodeURIComponent(version)}/json`, 'GET', signal)
    if (status !== 404) return answerOf(body, version)
  }
  const { status } = await ask(`${base}/simple/${project}/`, 'HEAD', signal)
  if (status === 404) return { kind: 'no-package' }
  return version === undefined ? { kind: 'found', version: '' } : { kind: 'no-version' }
}

function answerOf(body: unknown, version: string): RegistryAnswer {
  const info = isTable(body) && isTable(body['info']) ? body['info'] : {}
  const licence = licenceOf(info)
  const yanked = info['yanked'] === true
  const reason = info['yanked_reason']
  const deprecated = yanked ? `yanked${typeof reason === 'string' && reason !== '' ? `: ${reason}` : ''}` : undefined
  return {
    kind: 'found',
    version,
    ...(deprecated !== undefined && { deprecated }),
    ...(licence !== undefined && { licence }),
  }
}

/** The SPDX expression (PEP 639), or a classifier, or a short free text. */
function licenceOf(info: Readonly<Record<string, unknown>>): string | undefined {
  const expression = info['license_expression']
  if (typeof expression === 'string' && expression !== '') return expression
  const classifier = textsOf(info['classifiers']).find((text) => text.startsWith('License :: OSI Approved :: '))
  if (classifier !== undefined) return classifier.slice('License :: OSI Approved :: '.length)
  const text = info['license']
  return typeof text === 'string' && text !== '' && text.length <= 80 ? text : undefined
}
