import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import { syntaxLanguageOf } from '#bench/syntax'
import { messageOf } from '#platform/errors'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { textLines } from '../excerpt.ts'
import { validateAttributes } from './attributes.ts'
import { components, isTarget } from './files.ts'
import { type MarkupHit, validateHtml } from './html.ts'
import { validateJsx } from './jsx.ts'
import { catalogue } from './rules.ts'
import { pageOf } from './templates.ts'

/** Bytes beyond which a file is data, not markup somebody wrote. */
const sizeLimit = 500_000

/** Validates every page and every component. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const findings: RawFinding[] = []
  const gaps: { path: string; reason: string }[] = []
  let analysed = 0
  let total = 0

  /** The hits in one file; undefined when the validator broke on it, which is a gap. */
  async function hitsOf(file: SnapshotFile, text: string): Promise<MarkupHit[] | undefined> {
    const language = file.language
    const grammar = components.has(language ?? '') ? syntaxLanguageOf(language) : undefined
    if (grammar !== undefined) {
      const { hits, broken } = await validateJsx(grammar, text, file.digest)
      if (broken)
        gaps.push({ path: file.path, reason: 'syntax errors: only the parts that could be understood were looked at' })
      return hits
    }
    if (language === undefined) return []
    const page = pageOf(language, text)
    try {
      return [...validateHtml(page), ...validateAttributes(page)]
    } catch (error) {
      gaps.push({ path: file.path, reason: `html-validate failed: ${messageOf(error).slice(0, 200)}` })
      return undefined
    }
  }

  for (const file of app.files.filter(isTarget)) {
    context.signal.throwIfAborted()
    const text = file.size > sizeLimit ? '' : await readText(app, file)
    if (file.language === 'javascript' && !/<[a-z]/.test(text)) continue
    total += 1
    if (file.size > sizeLimit) {
      gaps.push({ path: file.path, reason: `larger than ${sizeLimit / 1000} KB` })
      continue
    }
    const hits = await hitsOf(file, text)
    if (hits === undefined) continue
    analysed += 1
    const at = textLines(text)
    const seen = new Set<string>()
    for (const hit of hits) {
      if (!catalogue.has(hit.rule) || seen.has(`${hit.rule} ${hit.start}`)) continue
      seen.add(`${hit.rule} ${hit.start}`)
      const region = at.region(hit.start, hit.end)
      findings.push({
        rule: hit.rule,
        message: hit.message,
        location: { kind: 'file', path: file.path, region },
        evidence: { snippet: at.excerpt(region) },
      })
    }
  }
  return { findings, metrics: { files: analysed }, coverage: { analysed, total, gaps } }
}
