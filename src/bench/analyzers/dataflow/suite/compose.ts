/**
 * Writes the cases of both halves: `node src/bench/analyzers/dataflow/suite/compose.ts`. A case of a data flow is one flow shape around one
 * documented sink of one framework; what is no flow of data comes from the hand-written tables in `fragments/tables/`. What was written after
 * the held-back half was closed ({@link furtherCases}) belongs to the open one.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { MarkedCase } from './case.ts'
import { printCases } from './format.ts'
import { furtherCases } from './fragments/further.ts'
import { javascriptGroups } from './fragments/javascript.ts'
import { pythonGroups } from './fragments/python.ts'
import { writtenGroups } from './fragments/written.ts'
import type { Half } from './load.ts'

/** The cases of one weakness in one framework. */
export type Group = readonly MarkedCase[]

/** Every case, by half and by path of its file. The same at every call. */
export function composeSuite(): Record<Half, Map<string, MarkedCase[]>> {
  const halves: Record<Half, Map<string, MarkedCase[]>> = { open: new Map(), 'held-back': new Map() }
  const surplus = new Map<string, number>()
  for (const group of [...pythonGroups(), ...javascriptGroups(), ...writtenGroups()]) {
    for (const label of [true, false]) {
      const cases = group.filter((one) => one.vulnerable === label)
      for (const [half, chosen] of Object.entries(divide(cases, surplus))) {
        const files = half === 'open' ? halves.open : halves['held-back']
        for (const one of chosen) put(files, one)
      }
    }
  }
  for (const one of furtherCases(casesIn(halves.open), casesIn(halves['held-back']))) put(halves.open, one)
  return halves
}

const casesIn = (files: ReadonlyMap<string, readonly MarkedCase[]>) => [...files.values()].flat()

function put(files: Map<string, MarkedCase[]>, one: MarkedCase): void {
  const path = `${one.framework}/${one.weakness}.cases`
  files.set(path, [...(files.get(path) ?? []), one])
}

/** Halves the cases so that over all groups every variant falls to either half in turn. `surplus` counts open minus held back. */
function divide(cases: readonly MarkedCase[], surplus: Map<string, number>): Record<Half, readonly MarkedCase[]> {
  const kind = (one: MarkedCase) => `${one.vulnerable} ${one.variant}`
  const ranked = [...cases].sort((a, b) => (surplus.get(kind(a)) ?? 0) - (surplus.get(kind(b)) ?? 0))
  const total = [...surplus.values()].reduce((sum, value) => sum + value, 0)
  const half = total > 0 ? Math.floor(cases.length / 2) : Math.ceil(cases.length / 2)
  const open = new Set(ranked.slice(0, half))
  for (const one of cases) surplus.set(kind(one), (surplus.get(kind(one)) ?? 0) + (open.has(one) ? 1 : -1))
  return { open: cases.filter((one) => open.has(one)), 'held-back': cases.filter((one) => !open.has(one)) }
}

if (import.meta.main) {
  for (const [half, files] of Object.entries(composeSuite())) {
    const folder = join(import.meta.dirname, half)
    mkdirSync(folder, { recursive: true })
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (path.endsWith('.cases')) rmSync(join(folder, path))
    }
    for (const [path, cases] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), printCases(cases))
    }
  }
}
