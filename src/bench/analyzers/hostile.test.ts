import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type AppSnapshot, decode } from '#bench/apps'
import { toFindings } from '#bench/findings'
import { NotApplicable } from './errors.ts'
import { analyzers } from './registry.ts'
import { analyzeApp, appOf } from './testing.ts'

/** Endings of every language some analyzer reads. */
const endings = ['py', 'js', 'jsx', 'ts', 'tsx', 'vue', 'svelte', 'html', 'css', 'json', 'yaml', 'toml', 'env', 'sh']
const names = [
  ...endings.map((ending) => `a.${ending}`),
  'package.json',
  'package-lock.json',
  'requirements.txt',
  'pyproject.toml',
  'setup.py',
  'Dockerfile',
  'docker-compose.yml',
  'nginx.conf',
  'templates/a.html',
  'views/a.ejs',
]

function everywhere(content: string | Uint8Array): Record<string, string | Uint8Array> {
  return Object.fromEntries(names.map((name) => [name, content]))
}

const python = 'import os\n\ndef f(x):\n    return eval(x)\n'
const script = 'export function f(x) {\n  return eval(x)\n}\n'

const hostile: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>> = {
  'empty files': everywhere(''),
  'one byte': everywhere('\n'),
  'files of NULs': everywhere(new Uint8Array(2000)),
  'NULs within text': everywhere(`a = 1\u0000\nb = "\u0000"\n`),
  'invalid UTF-8': everywhere(Buffer.from([0x61, 0x3d, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x22, 0x0a])),
  'a byte order mark': everywhere('\ufeffa = 1\n'),
  'lone surrogates': everywhere('a = "\ud800"\n'),
  'carriage returns for lines': { 'a.py': python.replaceAll('\n', '\r'), 'a.js': script.replaceAll('\n', '\r') },
  'both for lines': { 'a.py': python.replaceAll('\n', '\r\n'), 'a.js': script.replaceAll('\n', '\r\n') },
  'separators Unicode calls lines': {
    'a.py': `x = "a\u2028b"\n${python}`,
    'a.js': `const a = "\u2028\u2029"\n${script}`,
  },
  'brackets without end': everywhere('['.repeat(5000)),
  'brackets to a depth of 20,000': everywhere(`x = ${'('.repeat(20_000)}1${')'.repeat(20_000)}\n`),
  'tags without end': { 'a.html': '<div>'.repeat(20_000), 'a.jsx': `export default () => ${'<b>'.repeat(2000)}\n` },
  'a long line': everywhere(`x = "${'ab '.repeat(200_000)}"\n`),
  'a long chain': { 'a.py': `x = ${'a + '.repeat(5000)}1\n`, 'a.js': `const x = ${'a + '.repeat(5000)}1\n` },
  'quotes without end': everywhere(`x = '''${'"'.repeat(50_001)}`),
  'names that look like options': {
    '--help': '#!/bin/sh\n',
    '--help.py': python,
    '-rf.js': script,
    '--fix.ts': script,
    '-/-.py': python,
    '@args.js': script,
  },
  'names with line breaks, quotes and blanks': {
    '\n.py': python,
    'a\tb.js': script,
    '"; rm -rf x #.js': script,
    "it's a $(test).py": python,
    '[id]/{a,b}*.tsx': script,
    'ünï/码.py': python,
    ' .js': script,
  },
}

describe.each(analyzers.map((analyzer) => [analyzer.id, analyzer] as const))('%s', (_, analyzer) => {
  test.each(Object.keys(hostile))(
    'survives %s',
    async (name) => {
      const app = await appOf(hostile[name] ?? {})
      if (!analyzer.applies(app).applies) return
      const result = await analyzeApp(analyzer, app).catch((error: unknown) => {
        // Only on trying to start it does it show that there is nothing to start.
        if (error instanceof NotApplicable) return undefined
        throw error
      })
      if (result === undefined) return
      const paths = new Set(app.files.map(({ path }) => path))
      const lost = result.findings.filter(({ location }) => location.kind === 'file' && !paths.has(location.path))
      expect(lost).toEqual([])
      expect(result.coverage.analysed).toBeLessThanOrEqual(result.coverage.total)
      expect(result.coverage.gaps.filter(({ path, reason }) => !paths.has(path) || reason === '')).toEqual([])
      // Regions must fit the text; fingerprints must be made.
      toFindings(analyzer, result, (path) => textOf(app, path))
    },
    60_000,
  )
})

function textOf(app: AppSnapshot, path: string): string | undefined {
  const file = app.files.find((each) => each.path === path)
  return file?.encoding && decode(readFileSync(join(app.root, path)), file.encoding)
}
