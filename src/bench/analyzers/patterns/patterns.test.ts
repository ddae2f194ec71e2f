import { expect, test } from 'vitest'
import { ruleSchema } from '#bench/findings'
import { analyzeFiles, appOf, testContext } from '../testing.ts'
import { patterns } from './index.ts'
import { patternRules } from './rules/index.ts'

test('the canary is found', async () => {
  const { findings } = await analyzeFiles(patterns, patterns.canary.files)
  expect(findings.map((finding) => finding.rule)).toContain(patterns.canary.rule)
})

test('every rule is valid, unique and has a CWE', () => {
  for (const { python: _, javascript: __, ...rule } of patternRules) expect(() => ruleSchema.parse(rule)).not.toThrow()
  expect(new Set(patternRules.map((rule) => rule.id)).size).toBe(patternRules.length)
  expect(patternRules.filter((rule) => rule.category === 'security' && (rule.cwe ?? []).length === 0)).toEqual([])
})

test('a finding names its place, its lines and its subject', async () => {
  const { findings, coverage } = await analyzeFiles(patterns, {
    'app.js': 'const box = find()\n\nshow(\n  x,\n  (box.innerHTML = name),\n)\n',
  })
  expect(findings).toEqual([
    {
      rule: 'raw-html',
      message: '`name` is inserted as HTML by `innerHTML`.',
      location: { kind: 'file', path: 'app.js', region: { startLine: 5, startColumn: 4, endLine: 5, endColumn: 24 } },
      evidence: { snippet: '  (box.innerHTML = name),' },
      subject: 'box.innerHTML',
    },
  ])
  expect(coverage).toEqual({ analysed: 1, total: 1, gaps: [] })
})

test('a broken file is analysed as far as it can be read and named as a gap', async () => {
  const { findings, coverage } = await analyzeFiles(patterns, {
    'app.py': 'def broken(:\n    pass\n\napp.run(host="0.0.0.0")\n',
  })
  expect(findings.map((finding) => finding.rule)).toEqual(['bind-all-interfaces'])
  expect(coverage).toEqual({
    analysed: 1,
    total: 1,
    gaps: [{ path: 'app.py', reason: 'syntax errors: rules ran on the parts that could be understood' }],
  })
})

test('scripts in pages and components keep their lines', async () => {
  const { findings } = await analyzeFiles(patterns, {
    'index.html': '<html>\n<body>\n<script>\nlet x = {{ name }}\nbox.innerHTML = x\n</script>\n</body></html>\n',
    'App.vue':
      '<template>\n<p/>\n</template>\n<script setup lang="ts">\nconst page: string = find()\nbox.innerHTML = page\n</script>\n',
  })
  expect(findings.map(({ rule, location }) => [rule, location.kind === 'file' && location.region?.startLine])).toEqual([
    ['raw-html', 6],
    ['raw-html', 5],
  ])
})

test('tests, vendored code and documents are left out', async () => {
  const app = await appOf({ 'README.md': '# app\n' })
  expect(patterns.applies(app)).toEqual({ applies: false, reason: 'No Python, JavaScript or TypeScript source files.' })
})

test('stops when asked to', async () => {
  const app = await appOf(patterns.canary.files)
  const context = testContext({ signal: AbortSignal.abort() })
  await expect(patterns.analyze(app, context)).rejects.toThrow()
})
