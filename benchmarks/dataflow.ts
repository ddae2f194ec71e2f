/**
 * What an analyzer sees of the labelled suite of data flows: `node benchmarks/dataflow.ts [--analyzer dataflow] [--half held-back] [--missed]
 * [--variants] [--treated] [--json]`.
 *
 * A vulnerable case counts as found when a finding of its weakness (the same defect or CWE) is at most one line from the sink. A safe case is
 * flagged when any finding of its weakness has medium or high confidence. Of the held-back half only the totals are printed: nobody tunes on it.
 * `--variants` counts the vulnerable and safe cases of each weakness in each framework; `--treated` puts every sanitizer and every look-alike
 * before its sink in every shape of flow, and takes two minutes.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { type Analyzer, analyzerById } from '#bench/analyzers'
import type { RawFinding } from '#bench/findings'
import type { Case } from '../src/bench/analyzers/dataflow/suite/case.ts'
import { loadSuite } from '../src/bench/analyzers/dataflow/suite/load.ts'
import { frameworkNames, pairs } from '../src/bench/analyzers/dataflow/suite/pairs.ts'
import { treatedFlows } from '../src/bench/analyzers/dataflow/suite/treated.ts'
import { analyzeFiles } from '../src/bench/analyzers/testing.ts'
import { printTable } from './measures.ts'
import { machineLine } from './processes.ts'

interface Score {
  readonly one: Case
  /** Found, for vulnerable cases; flagged, for safe ones. */
  readonly hit: boolean
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      analyzer: { type: 'string', default: 'dataflow' },
      half: { type: 'string', default: 'open' },
      missed: { type: 'boolean', default: false },
      variants: { type: 'boolean', default: false },
      treated: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const { half } = values
  if (half !== 'open' && half !== 'held-back') throw new Error(`--half is open or held-back, not ${half}.`)
  if (values.variants) {
    printVariants()
    return
  }
  const analyzer = await analyzerOf(values.analyzer)
  const scores: Score[] = []
  const began = performance.now()
  for (const one of values.treated ? treatedFlows() : loadSuite(half))
    scores.push({ one, hit: await isHit(analyzer, one) })
  const seconds = (performance.now() - began) / 1000
  const total = rates(scores)
  if (values.json) {
    const weaknesses =
      half === 'open' ? Object.fromEntries(byWeakness(scores).map(([name, own]) => [name, rates(own)])) : {}
    console.log(JSON.stringify({ analyzer: analyzer.id, version: analyzer.version, half, total, weaknesses, seconds }))
    return
  }
  console.log(
    `${machineLine()}; ${analyzer.id} ${analyzer.version} on ${values.treated ? 'treated flows' : `the ${half} half`}, ${seconds.toFixed(0)} s`,
  )
  const rows = half === 'open' ? byWeakness(scores).map(([name, own]) => [name, ...columns(own)]) : []
  printTable(
    ['weakness', 'found', 'of', 'TPR', 'flagged', 'of safe', 'FPR', 'Youden'],
    [...rows, ['total', ...columns(scores)]],
  )
  const youdens = byWeakness(scores).map(([, own]) => rates(own).youden)
  console.log(
    `mean Youden over ${youdens.length} weaknesses: ${(youdens.reduce((sum, value) => sum + value, 0) / youdens.length).toFixed(3)}`,
  )
  if (values.missed && half === 'open') {
    for (const { one, hit } of scores) {
      if (hit !== one.vulnerable) console.log(`${one.vulnerable ? 'missed ' : 'flagged'}  ${one.id}`)
    }
  }
}

/** Vulnerable and safe cases of the open half by weakness and framework; `–` where the weakness makes no sense (`suite/pairs.ts`). */
function printVariants(): void {
  const cases = loadSuite('open')
  const count = (weakness: string, framework: string, vulnerable: boolean) =>
    cases.filter((one) => one.weakness === weakness && one.framework === framework && one.vulnerable === vulnerable)
      .length
  const rows = pairs
    .toSorted((a, b) => (a.weakness < b.weakness ? -1 : 1))
    .map(({ weakness, frameworks }) => [
      weakness,
      ...frameworkNames.map((name) =>
        frameworks.includes(name) ? `${count(weakness, name, true)}/${count(weakness, name, false)}` : '–',
      ),
    ])
  printTable(['vulnerable/safe', ...frameworkNames], rows)
}

/** The analyzer of that id, also while it is not registered yet. */
async function analyzerOf(id: string): Promise<Analyzer> {
  const registered = analyzerById(id)
  if (registered !== undefined) return registered
  const path = join(import.meta.dirname, '..', 'src', 'bench', 'analyzers', id, 'index.ts')
  if (!/^[a-z-]+$/.test(id) || !existsSync(path)) throw new Error(`There is no analyzer called ${id}.`)
  const module: Record<string, Analyzer> = await import(pathToFileURL(path).href)
  const found = Object.values(module).find((value) => value.id === id)
  if (found === undefined) throw new Error(`${path} exports no analyzer called ${id}.`)
  return found
}

async function isHit(analyzer: Analyzer, one: Case): Promise<boolean> {
  const { findings } = await analyzeFiles(analyzer, one.files)
  return findings.some((finding) => {
    if (!isOfWeakness(analyzer, finding, one)) return false
    if (one.sink === undefined) return (finding.confidence ?? analyzer.rule(finding.rule)?.confidence) !== 'low'
    const { location } = finding
    if (location.kind !== 'file' || location.path !== one.sink.path || location.region === undefined) return false
    return Math.abs(location.region.startLine - one.sink.line) <= 1
  })
}

function isOfWeakness(analyzer: Analyzer, finding: RawFinding, one: Case): boolean {
  const rule = analyzer.rule(finding.rule)
  return rule?.defect === one.weakness || (rule?.cwe ?? []).includes(one.cwe)
}

function byWeakness(scores: readonly Score[]): [string, Score[]][] {
  return [...Map.groupBy(scores, ({ one }) => one.weakness)].sort(([a], [b]) => (a < b ? -1 : 1))
}

function rates(scores: readonly Score[]) {
  const vulnerable = scores.filter(({ one }) => one.vulnerable)
  const safe = scores.filter(({ one }) => !one.vulnerable)
  const found = vulnerable.filter(({ hit }) => hit).length
  const flagged = safe.filter(({ hit }) => hit).length
  const tpr = vulnerable.length === 0 ? 0 : found / vulnerable.length
  const fpr = safe.length === 0 ? 0 : flagged / safe.length
  return { vulnerable: vulnerable.length, found, tpr, safe: safe.length, flagged, fpr, youden: tpr - fpr }
}

function columns(scores: readonly Score[]): string[] {
  const { vulnerable, found, tpr, safe, flagged, fpr, youden } = rates(scores)
  const share = (value: number) => value.toFixed(3)
  return [String(found), String(vulnerable), share(tpr), String(flagged), String(safe), share(fpr), share(youden)]
}

await main()
