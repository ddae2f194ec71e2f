/** How long the parts that must stay linear take on large and on hostile input. Prints a table; asserts nothing. */

import { findClones } from '../src/bench/analyzers/complexity/clones.ts'
import { validateAttributes } from '../src/bench/analyzers/markup/attributes.ts'
import { pageOf } from '../src/bench/analyzers/markup/templates.ts'
import { scaffoldIndex } from '../src/bench/findings/provenance.ts'
import { parsePythonVersion } from '../src/bench/manifests/pep440.ts'
import { median, milliseconds, printTable } from './measures.ts'

/** `count` lines that occur nowhere else. */
const lines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `value_${from + at} = compute(${from + at})`).join('\n')

const tokens = new Array<number>(200_000).fill(1)
const positions = tokens.map((_, index) => index + 1)
const file = (path: string, text: string) => ({ path, digest: `${path} ${text.length}`, lines: () => text.split('\n') })
const apps = Array.from({ length: 270 }, (_, n) => ({
  model: `m${n % 9}`,
  files: [
    file('app.py', `${lines(1, 60)}\n${lines(n * 1000 + 100, 300)}`),
    file('App.jsx', lines(n * 2000 + 1_000_000, 600)),
  ],
}))
const cases: readonly (readonly [string, () => unknown])[] = [
  ['clones: 200,000 equal tokens', () => findClones([{ path: 'a', ids: tokens, lines: positions }])],
  ['provenance: 270 apps of 960 lines', () => scaffoldIndex(apps)],
  ['markup: 400,000 characters of open tags', () => validateAttributes(pageOf('vue', '<a '.repeat(133_333)))],
  ['versions: 100,000 characters', () => parsePythonVersion(`${'1.'.repeat(50_000)}x`)],
]

const rows = cases.map(([name, run]) => {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    run()
    return performance.now() - start
  })
  return [name, milliseconds(median(times)), milliseconds(Math.max(...times))]
})
printTable(['input', 'median ms', 'worst ms'], rows)
