import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import type { AnalysisContext, Analyzer } from '../contract.ts'
import { textLines } from '../excerpt.ts'
import type { ContainerHit } from './hit.ts'
import { containerRules } from './rules.ts'

const catalogue = new Map(containerRules.map((rule) => [rule.id, rule]))
/** Bytes beyond which a file is no configuration somebody wrote. */
const sizeLimit = 500_000

type Kind = 'dockerfile' | 'compose' | 'nginx'

/** Dockerfiles, compose files and nginx configurations. */
export const containers: Analyzer = {
  id: 'containers',
  version: '1',
  title: 'Containers and web server',
  description: 'Dockerfiles, compose files and nginx configurations: rights, secrets, images, ports, TLS.',
  category: 'security',
  needs: {},
  canary: {
    files: { Dockerfile: 'FROM python:latest\nCOPY app.py .\nCMD ["python", "app.py"]\n' },
    rule: 'unpinned-image',
  },
  rule: (id) => catalogue.get(id),
  applies: (app) =>
    app.files.some((file) => kindOf(file) !== undefined)
      ? { applies: true }
      : { applies: false, reason: 'No Dockerfile, compose file or nginx configuration.' },
  analyze,
}

function kindOf(file: SnapshotFile): Kind | undefined {
  if (file.kind !== 'text' || file.role === 'vendored' || file.role === 'test' || file.role === 'documentation')
    return undefined
  if (file.language === 'dockerfile') return 'dockerfile'
  if (file.language === 'nginx') return 'nginx'
  return file.language === 'yaml' && /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/i.test(file.path)
    ? 'compose'
    : undefined
}

async function analyze(app: AppSnapshot, context: AnalysisContext) {
  const { checkDockerfile } = await import('./dockerfile.ts')
  const { checkCompose } = await import('./compose.ts')
  const { checkNginx } = await import('./nginx.ts')
  const findings: RawFinding[] = []
  const gaps: { path: string; reason: string }[] = []
  let analysed = 0
  let total = 0

  function check(kind: Kind, path: string, text: string): { hits: readonly ContainerHit[]; errors: readonly string[] } {
    if (kind === 'dockerfile') {
      const empty = !/^\s*FROM\b/im.test(text)
      return { hits: checkDockerfile(text), errors: empty ? ['no FROM instruction'] : [] }
    }
    if (kind === 'nginx') return checkNginx(text)
    const { hits, errors, isCompose } = checkCompose(path, text)
    return { hits, errors: isCompose || errors.length > 0 ? errors : ['no services'] }
  }

  for (const file of app.files) {
    const kind = kindOf(file)
    if (kind === undefined) continue
    context.signal.throwIfAborted()
    total += 1
    if (file.size > sizeLimit) {
      gaps.push({ path: file.path, reason: `larger than ${sizeLimit / 1000} KB` })
      continue
    }
    const text = await readText(app, file)
    const { hits, errors } = check(kind, file.path, text)
    analysed += 1
    if (errors.length > 0)
      gaps.push({ path: file.path, reason: `not fully understood: ${errors.slice(0, 3).join('; ')}` })
    const at = textLines(text)
    for (const { rule, message, start, end, severity, subject } of hits) {
      const region = at.region(start, Math.max(end, start))
      const secret = rule === 'secret-in-image' || rule === 'secret-in-compose'
      findings.push({
        rule,
        message,
        location: { kind: 'file', path: file.path, region },
        evidence: { snippet: secret ? masked(at.excerpt(region)) : at.excerpt(region) },
        ...(severity === undefined ? {} : { severity }),
        ...(subject === undefined ? {} : { subject }),
      })
    }
  }
  return { findings, metrics: { files: analysed }, coverage: { analysed, total, gaps } }
}

/** `PASSWORD=hunter2` becomes `PASSWORD=hu***`. */
function masked(line: string): string {
  return line
    .replace(/(=|:\s)(["']?)([^\s"'$]{0,2})[^\s"']{2,}/g, '$1$2$3***')
    .replace(/^(\s*(?:ENV|ARG)\s+\w+\s+)(\S{0,2})\S+/gm, '$1$2***')
}
