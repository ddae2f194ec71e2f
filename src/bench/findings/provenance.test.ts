import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from './finding.ts'
import { type ComparedApp, scaffoldIndex, withProvenance } from './provenance.ts'

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const file = (path: string, text: string) => ({ path, digest: digestOf(text), lines: () => text.split('\n') })
const app = (model: string | null, files: Record<string, string>): ComparedApp => ({
  model,
  files: Object.entries(files).map(([path, text]) => file(path, text)),
})
const block = (from: number, count: number, word = 'line'): string =>
  Array.from({ length: count }, (_, at) => `${word} ${from + at}`).join('\n')

const finding = (path: string, startLine: number, more: Partial<Finding> = {}): Finding => ({
  fingerprint: 'aa:1',
  rule: 'a/b',
  title: 't',
  category: 'security',
  severity: 'high',
  confidence: 'high',
  cwe: [],
  location: { kind: 'file', path, region: { startLine } },
  message: 'm',
  why: 'w',
  fix: 'f',
  evidence: {},
  witnesses: [],
  provenance: 'model',
  ...more,
})

describe('scaffoldIndex', () => {
  it('knows a file that half of the models, and at least two, have alike', () => {
    const apps = [
      app('a', { 'nginx.conf': 'same', 'app.py': 'one' }),
      app('b', { 'nginx.conf': 'same', 'app.py': 'two' }),
      app('c', { 'nginx.conf': 'other', 'app.py': 'three' }),
      app('d', { 'app.py': 'four' }),
    ]
    expect(scaffoldIndex(apps).ofFile('nginx.conf', digestOf('same'))).toBe(true)
    expect(scaffoldIndex(apps).ofFile('nginx.conf', digestOf('other'))).toBe(false)
    expect(scaffoldIndex(apps).ofFile('elsewhere.conf', digestOf('same'))).toBe(false)
    expect(scaffoldIndex([...apps, app('e', {})]).ofFile('nginx.conf', digestOf('same'))).toBe(false)
  })

  it('does not count two apps of one model, or apps without a model', () => {
    const apps = [app('a', { x: 'same' }), app('a', { x: 'same' }), app(null, { x: 'same' })]
    expect(scaffoldIndex(apps).ofFile('x', digestOf('same'))).toBe(false)
  })

  it('knows ten shared lines at one path, whatever their indentation, blank lines and surroundings', () => {
    const one = `own a\n${block(1, 10)}\nown b`
    const two = `${block(1, 10).replaceAll('\n', '\n\n   ')}\nmine`
    const index = scaffoldIndex([app('a', { 'app.py': one }), app('b', { 'app.py': two })])
    const lines = one.split('\n')
    expect(lines.map((_, at) => index.ofLine('app.py', lines, at + 1))).toEqual([false, ...Array(10).fill(true), false])
    expect(index.ofLine('other.py', lines, 2)).toBe(false)
  })

  it('does not know nine', () => {
    const one = `${block(1, 9)}\nown a`
    const index = scaffoldIndex([app('a', { 'app.py': one }), app('b', { 'app.py': `${block(1, 9)}\nown b` })])
    expect(index.ofLine('app.py', one.split('\n'), 1)).toBe(false)
  })

  it('needs 80 % of the models for a block', () => {
    const shared = block(1, 12)
    const apps = ['a', 'b', 'c', 'd'].map((model) => app(model, { 'app.py': `${shared}\n${model}` }))
    const lines = shared.split('\n')
    expect(scaffoldIndex([...apps, app('e', { 'app.py': 'x' })]).ofLine('app.py', lines, 1)).toBe(true)
    expect(
      scaffoldIndex([...apps.slice(1), app('e', { 'app.py': 'x' }), app('f', {})]).ofLine('app.py', lines, 1),
    ).toBe(false)
  })

  it('believes a given scaffold more readily', () => {
    const scaffold = { files: [file('app.py', block(1, 20)), file('Dockerfile', 'FROM x')] }
    const index = scaffoldIndex([app('a', {})], scaffold)
    const lines = `${block(1, 3)}\nwritten\n${block(4, 2)}`.split('\n')
    expect(lines.map((_, at) => index.ofLine('app.py', lines, at + 1))).toEqual([true, true, true, false, false, false])
    expect(index.ofFile('Dockerfile', digestOf('FROM x'))).toBe(true)
  })

  it('never takes independent code for scaffold', () => {
    const source = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(fc.array(source, { minLength: 1, maxLength: 6 }), (sources) => {
        const apps = sources.map((numbers, model) =>
          app(`m${model}`, { 'app.py': numbers.map((number) => `m${model} = ${number}`).join('\n') }),
        )
        const index = scaffoldIndex(apps)
        for (const { files } of apps) {
          for (const { path, digest, lines } of files) {
            const text = lines()
            expect(index.ofFile(path, digest)).toBe(false)
            expect(text.some((_, at) => index.ofLine(path, text, at + 1))).toBe(false)
          }
        }
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  it('indexes 270 apps of two files without comparing them in pairs', () => {
    const apps = Array.from({ length: 270 }, (_, n) =>
      app(`m${n % 9}`, {
        'app.py': `${block(1, 60)}\n${block(n * 1000, 300, 'own')}`,
        'App.jsx': block(n * 2000, 600, 'jsx'),
      }),
    )
    const index = scaffoldIndex(apps)
    const lines = block(1, 60).split('\n')
    expect(index.ofLine('app.py', lines, 60)).toBe(true)
  })
})

describe('withProvenance', () => {
  const shared = block(1, 10)
  const text = `${shared}\nown`
  const index = scaffoldIndex([app('a', { 'app.py': text, same: 'x' }), app('b', { 'app.py': shared, same: 'x' })])
  const roles: Record<string, string> = { 'app.py': text, same: 'x', 'vendor/jquery.js': 'v' }
  const lines = new Map(Object.entries(roles).map(([path, content]) => [path, content.split('\n')]))
  const of = (one: Finding): string | undefined =>
    withProvenance([one], {
      index,
      file: (path) =>
        roles[path] === undefined
          ? undefined
          : { digest: digestOf(roles[path]), role: path.startsWith('vendor/') ? 'vendored' : 'source' },
      lines: (path) => lines.get(path) ?? [],
    })[0]?.provenance

  it.each([
    ['a shared line', finding('app.py', 3), 'scaffold'],
    ['its own line', finding('app.py', 11), 'model'],
    [
      'a region over both',
      finding('app.py', 9, { location: { kind: 'file', path: 'app.py', region: { startLine: 9, endLine: 11 } } }),
      'model',
    ],
    ['a shared file', finding('same', 1), 'scaffold'],
    ['a vendored file', finding('vendor/jquery.js', 1), 'dependency'],
    ['an advisory', finding('app.py', 3, { defect: 'vulnerable-dependency' }), 'dependency'],
    ['a file that is not there', finding('missing.py', 1), 'model'],
    ['an endpoint', finding('x', 1, { location: { kind: 'endpoint', method: 'GET', url: '/' } }), 'model'],
  ])('%s', (_, one, provenance) => {
    expect(of(one)).toBe(provenance)
  })
})
