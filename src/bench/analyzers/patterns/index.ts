import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import { syntaxSourceOf } from '#bench/syntax'
import type { AnalysisContext, Analyzer } from '../contract.ts'
import { textLines } from '../excerpt.ts'
import { compileRules } from './engine.ts'
import { patternRules } from './rules/index.ts'
import { templateHits } from './rules/templates.ts'
import { readSource } from './source.ts'

const catalogue = new Map(patternRules.map((rule) => [rule.id, rule]))
const hitsIn = compileRules(patternRules)

const programs: ReadonlySet<string> = new Set(['python', 'javascript', 'jsx', 'typescript', 'tsx', 'vue', 'svelte'])
const pages: ReadonlySet<string> = new Set(['html', 'jinja', 'ejs'])
const roles: ReadonlySet<string> = new Set(['source', 'config', 'template'])
/** Characters beyond which a file is data, not code somebody wrote. */
const sizeLimit = 1_000_000

/**
 * Rules about what a piece of code is, wherever its values come from, over the syntax trees of Python, JavaScript, TypeScript, JSX and the
 * scripts of pages. What depends on values and their ways is left to the data flow.
 */
export const patterns: Analyzer = {
  id: 'patterns',
  version: '2',
  title: 'Structural patterns',
  description: `${patternRules.length} rules on the form of Python, JavaScript and TypeScript code: raw HTML, escaping switched off, outdated TLS, open servers and files, endless effects.`,
  category: 'security',
  needs: {},
  canary: {
    files: { 'app.py': 'from jinja2 import Environment\nenv = Environment(autoescape=False)\n' },
    rule: 'autoescape-off',
  },
  rule: (id) => catalogue.get(id),
  applies: (app) =>
    app.files.some(isTarget)
      ? { applies: true }
      : { applies: false, reason: 'No Python, JavaScript or TypeScript source files.' },
  analyze,
}

function isTarget(file: SnapshotFile): boolean {
  if (file.kind !== 'text' || file.language === undefined || !roles.has(file.role)) return false
  return programs.has(file.language) || pages.has(file.language)
}

async function analyze(app: AppSnapshot, context: AnalysisContext) {
  const findings: RawFinding[] = []
  const gaps: { path: string; reason: string }[] = []
  let analysed = 0
  let total = 0
  let lines = 0
  for (const file of app.files.filter(isTarget)) {
    context.signal.throwIfAborted()
    if (file.size > sizeLimit) {
      total += 1
      gaps.push({ path: file.path, reason: `larger than ${sizeLimit / 1_000_000} MB` })
      continue
    }
    const text = await readText(app, file)
    const code = syntaxSourceOf(file.language, text)
    total += 1
    analysed += 1
    lines += file.lines
    const at = textLines(text)
    for (const { rule, message, start, end } of templateHits(file.language ?? '', text)) {
      const region = at.region(start, end)
      findings.push({
        rule,
        message,
        location: { kind: 'file', path: file.path, region },
        evidence: { snippet: at.excerpt(region) },
      })
    }
    if (code === undefined) continue
    const source = await readSource(file.path, code, file.digest)
    if (source.root.hasError) {
      gaps.push({ path: file.path, reason: 'syntax errors: rules ran on the parts that could be understood' })
    }
    for (const hit of hitsIn(source)) {
      const region = at.region(hit.node.startIndex, hit.node.endIndex)
      findings.push({
        rule: hit.rule.id,
        message: hit.message,
        location: { kind: 'file', path: file.path, region },
        evidence: { snippet: at.excerpt(region) },
        ...(hit.severity === undefined ? {} : { severity: hit.severity }),
        ...(hit.confidence === undefined ? {} : { confidence: hit.confidence }),
        ...(hit.fix === undefined ? {} : { fix: hit.fix }),
        ...(hit.subject === undefined ? {} : { subject: hit.subject }),
      })
    }
  }
  return {
    findings,
    metrics: { files: analysed, lines, rules: patternRules.length },
    coverage: { analysed, total, gaps },
  }
}
