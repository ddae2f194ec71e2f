import { expect, test } from 'vitest'
import type { PathStep } from '#bench/findings'
import { renderMarkdown } from './markdown.ts'
import { pathPlaces } from './path.ts'
import { renderPretty } from './pretty.ts'
import { sampleFinding, sampleReport } from './report.fixture.ts'

/** A finding with a path through these lines. */
function through(...places: readonly (readonly [path: string, line: number])[]) {
  const path = places.map(
    ([file, startLine], at): PathStep => ({
      kind: at === 0 ? 'source' : at === places.length - 1 ? 'sink' : 'step',
      location: { kind: 'file', path: file, region: { startLine } },
      message: 'goes on',
    }),
  )
  return sampleFinding({ evidence: { path } })
}

test('names every line once, in the order of the path, and a file where the path enters it', () => {
  const finding = through(['app.py', 6], ['app.py', 6], ['app.py', 7], ['store.py', 4], ['app.py', 7])
  expect(pathPlaces({ kind: 'check' }, finding)).toEqual(['app.py:6', ':7', 'store.py:4', 'app.py:7'])
  expect(pathPlaces({ kind: 'study' }, finding)[0]).toBe('shop/app.py:6')
})

test('counts what lies between in a long path', () => {
  const lines = [1, 2, 3, 4, 5, 6, 7, 8].map((line) => ['a.py', line] as const)
  expect(pathPlaces({ kind: 'check' }, through(...lines))).toEqual(['a.py:1', ':2', ':3', '… 3 more …', 'a.py:7', ':8'])
  expect(pathPlaces({ kind: 'check' }, through(...lines.slice(0, 6)))).toHaveLength(6)
})

test('says nothing where there is no path to show', () => {
  expect(pathPlaces({ kind: 'check' }, sampleFinding())).toEqual([])
  expect(pathPlaces({ kind: 'check' }, through(['a.py', 3], ['a.py', 3]))).toEqual([])
})

test('stands under its finding in a terminal', () => {
  const findings = [through(['app.py', 6], ['store.py', 4])]
  expect(renderPretty(sampleReport({ findings }), { color: false, width: 80 })).toContain(
    '    app.py:12:5  The query contains `name`.\n                 app.py:6 → store.py:4\n',
  )
})

test('stands in the cell of its finding in Markdown, as code', () => {
  const findings = [through(['app.py', 6], ['a|b.py', 4])]
  expect(renderMarkdown(sampleReport({ findings }))).toContain(
    'The query contains &#96;name&#96;.<br>`app.py:6` → `a\\|b.py:4` |',
  )
})
