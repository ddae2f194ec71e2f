import { expect, test } from 'vitest'
import { ruleSchema } from '#bench/findings'
import { analyzeFiles, appOf } from '../testing.ts'
import { patterns } from './index.ts'
import { patternRules } from './rules/index.ts'

test('the canary is found', async () => {
  const { findings } = await analyzeFiles(patterns, patterns.canary.files)
  expect(findings.map((finding) => finding.rule)).toContain(patterns.canary.rule)
})

test('every rule is valid, unique and has a CWE', () => {
  for (const { python: _, javascript: __, masks: ___, ...rule } of patternRules)
    expect(() => ruleSchema.parse(rule)).not.toThrow()
  expect(new Set(patternRules.map((rule) => rule.id)).size).toBe(patternRules.length)
  expect(patternRules.filter((rule) => rule.category === 'security' && (rule.cwe ?? []).length === 0)).toEqual([])
})

test('a finding names its place, its lines and its subject', async () => {
  const { findings, coverage } = await analyzeFiles(patterns, {
    'app.py': 'import requests\n\nr = requests.get(\n    url,\n    verify=False,\n)\n',
  })
  expect(findings).toEqual([
    {
      rule: 'tls-verification-disabled',
      message: '`requests.get` accepts any certificate.',
      location: { kind: 'file', path: 'app.py', region: { startLine: 5, startColumn: 5, endLine: 5, endColumn: 17 } },
      evidence: { snippet: '    verify=False,' },
    },
  ])
  expect(coverage).toEqual({ analysed: 1, total: 1, gaps: [] })
})

test('credentials are masked in message and evidence', async () => {
  const { findings } = await analyzeFiles(patterns, { 'app.py': 'DB_PASSWORD = "hunter2!x"\n' })
  expect(JSON.stringify(findings)).not.toContain('hunter2!x')
  expect(findings[0]?.evidence?.snippet).toBe('DB_PASSWORD = "hu***"')
})

test('a broken file is analysed as far as it can be read and named as a gap', async () => {
  const { findings, coverage } = await analyzeFiles(patterns, {
    'app.py': 'def broken(:\n    pass\n\napp.run(debug=True)\n',
  })
  expect(findings.map((finding) => finding.rule)).toEqual(['debug-enabled'])
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
      '<template>\n<p/>\n</template>\n<script setup lang="ts">\nconst token: string = Math.random().toString(36)\n</script>\n',
  })
  expect(findings.map(({ rule, location }) => [rule, location.kind === 'file' && location.region?.startLine])).toEqual([
    ['weak-random-secret', 5],
    ['raw-html', 5],
  ])
})

test('tests, vendored code and documents are left out', async () => {
  const app = await appOf({ 'README.md': '# app\n' })
  expect(patterns.applies(app)).toEqual({ applies: false, reason: 'No Python, JavaScript or TypeScript source files.' })
})

test('stops when asked to', async () => {
  const app = await appOf(patterns.canary.files)
  const context = {
    signal: AbortSignal.abort(),
    log: () => undefined,
    options: {},
    scratch: '',
    cache: '',
    network: false,
    now: 0,
  }
  await expect(patterns.analyze(app, context)).rejects.toThrow()
})
