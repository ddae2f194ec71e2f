import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import { syntaxLanguageOf } from '#bench/syntax'
import { messageOf } from '#platform/errors'
import type { AnalysisContext, Analyzer } from '../contract.ts'
import { textLines } from '../excerpt.ts'
import type { MarkupHit } from './html.ts'
import { markupRules } from './rules.ts'
import { pageOf } from './templates.ts'

const catalogue = new Map(markupRules.map((rule) => [rule.id, rule]))
const pages: ReadonlySet<string> = new Set(['html', 'jinja', 'ejs', 'vue', 'svelte'])
const components: ReadonlySet<string> = new Set(['jsx', 'tsx', 'javascript'])
const roles: ReadonlySet<string> = new Set(['source', 'template', 'config'])
/** Bytes beyond which a file is data, not markup somebody wrote. */
const sizeLimit = 500_000

/** Validity and static accessibility of HTML, templates and JSX. */
export const markup: Analyzer = {
  id: 'markup',
  version: '1',
  title: 'Markup and accessibility',
  description: 'Validity and accessibility of HTML and templates (html-validate) and of JSX (syntax trees).',
  category: 'accessibility',
  needs: {},
  canary: {
    files: {
      'index.html':
        '<!doctype html>\n<html lang="en"><head><title>a</title></head><body><img src="a.png"></body></html>\n',
    },
    rule: 'wcag/h37',
  },
  rule: (id) => catalogue.get(id),
  applies: (app) =>
    app.files.some(isTarget) ? { applies: true } : { applies: false, reason: 'No HTML, template or JSX files.' },
  analyze,
}

function isTarget(file: SnapshotFile): boolean {
  if (file.kind !== 'text' || file.language === undefined || !roles.has(file.role)) return false
  return pages.has(file.language) || components.has(file.language)
}

async function analyze(app: AppSnapshot, context: AnalysisContext) {
  const { validateHtml } = await import('./html.ts')
  const { validateAttributes } = await import('./attributes.ts')
  const { validateJsx } = await import('./jsx.ts')
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
