import { type AppSnapshot, readText } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { textLines } from '../excerpt.ts'
import { checkCompose } from './compose.ts'
import { checkDockerfile } from './dockerfile.ts'
import { type Kind, kindOf } from './files.ts'
import type { ContainerHit } from './hit.ts'
import { checkNginx } from './nginx.ts'

/** Bytes beyond which a file is no configuration somebody wrote. */
const sizeLimit = 500_000

/** Checks every file that configures something. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
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
