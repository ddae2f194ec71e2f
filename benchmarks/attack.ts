/**
 * What the attack analyzer proves and whom it accuses wrongly, on its own suite of small apps, class by class:
 * `node benchmarks/attack.ts [--class sql-injection,…] [--stack node] [--verbose]`.
 *
 * Every app runs in the sandbox and is attacked with all classes. A planted flaw counts as proven when a proof names its rule, endpoint
 * and parameter; a safe app as accused when any proof names a rule of its class. What else was proven is listed with `--verbose`.
 * Youden's index is the share of flaws proven minus the share of safe apps accused.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { snapshotDirectory } from '#bench/apps'
import { launch } from '#bench/launch'
import { chooseRunner } from '#bench/sandbox'
import { type AttackReport, attackApp } from '../src/bench/analyzers/attack/attack.ts'
import { inventoryOf } from '../src/bench/analyzers/attack/inventory/inventory.ts'
import { readOptions } from '../src/bench/analyzers/attack/options.ts'
import { plantedFlaws, rulesOf, shows, stacks, suiteFolder } from '../src/bench/analyzers/attack/suite.ts'
import { printTable } from './measures.ts'
import { loadLine, machineLine } from './processes.ts'
import { scratchFolder } from './scratch.ts'

const { values } = parseArgs({
  options: { class: { type: 'string' }, stack: { type: 'string' }, verbose: { type: 'boolean', default: false } },
})
const signal = new AbortController().signal
const flaws = plantedFlaws()
const all = (await readdir(suiteFolder, { withFileTypes: true })).filter((entry) => entry.isDirectory())
const names = all.map(({ name }) => name).filter((name) => values.class?.split(',').includes(name) ?? true)
const runner = await chooseRunner({ preference: 'auto', signal })
await using scratch = await scratchFolder()
console.log(machineLine())

interface Attacked {
  readonly report: AttackReport
  readonly launched: number
  readonly attacked: number
}

async function attacked(folder: string): Promise<Attacked> {
  const app = await snapshotDirectory(folder, { store: join(scratch.path, 'snapshots') })
  const began = performance.now()
  const result = await launch(app, {
    runner,
    signal,
    log: () => undefined,
    cache: join(scratch.path, 'cache'),
    network: false,
    now: Date.now(),
    observe: true,
  })
  if (result.outcome !== 'running') {
    const why = result.outcome === 'failed' ? result.failure.message : result.reason
    throw new Error(`${folder} does not start: ${why}`)
  }
  await using running = result.app
  const ready = performance.now()
  const report = await attackApp(running, await inventoryOf(app, signal), readOptions({}), signal)
  return { report, launched: ready - began, attacked: performance.now() - ready }
}

const rows: string[][] = []
const totals = { planted: 0, proven: 0, safe: 0, accused: 0, requests: 0, seconds: 0, apps: 0 }
for (const name of names) {
  const about = rulesOf(name, flaws)
  const row = { planted: 0, proven: 0, safe: 0, accused: 0, requests: 0, seconds: 0 }
  for (const stack of stacks) {
    if (values.stack !== undefined && values.stack !== stack) continue
    for (const kind of ['vulnerable', 'safe'] as const) {
      const app = `${name}/${kind}-${stack}`
      const { report, launched, attacked: took } = await attacked(join(suiteFolder, app))
      row.requests += report.requests
      row.seconds += (launched + took) / 1000
      totals.apps += 1
      const planted = flaws.filter((flaw) => flaw.app === app)
      const missed = planted.filter((flaw) => !report.proofs.some((proof) => shows(proof, flaw)))
      row.planted += planted.length
      row.proven += planted.length - missed.length
      for (const flaw of missed)
        console.log(`not proven: ${app} ${flaw.rule} ${flaw.method} ${flaw.path} ${flaw.parameter ?? ''}`)
      if (kind === 'safe') {
        const wrong = report.proofs.filter(({ rule }) => about.has(rule))
        row.safe += 1
        row.accused += wrong.length > 0 ? 1 : 0
        for (const proof of wrong)
          console.log(`accused: ${app} ${proof.rule} ${proof.endpoint.method} ${proof.endpoint.path} ${proof.message}`)
      }
      if (!values.verbose) continue
      const times = [...report.effort].filter(([, { milliseconds }]) => milliseconds > 500)
      console.log(
        `${app}: ${Math.round(launched)} ms launch, ${Math.round(took)} ms, ${report.requests} requests ${times.map(([id, { milliseconds }]) => `${id} ${Math.round(milliseconds)} ms`).join(', ')}`,
      )
      for (const proof of report.proofs.filter((proof) => !planted.some((flaw) => shows(proof, flaw)))) {
        console.log(
          `  besides: ${proof.rule} ${proof.endpoint.method} ${proof.endpoint.path} ${proof.parameter?.name ?? ''} (${proof.family ?? ''})`,
        )
      }
      for (const check of report.checks.filter(({ outcome }) => outcome === 'error'))
        console.log(`  error: ${check.id} ${check.reason ?? ''}`)
    }
  }
  rows.push([name, ...cells(row)])
  for (const key of ['planted', 'proven', 'safe', 'accused', 'requests', 'seconds'] as const) totals[key] += row[key]
}
printTable(
  ['class', 'planted', 'proven', 'safe apps', 'accused', 'Youden', 'requests', 'seconds'],
  [...rows, ['all', ...cells(totals)]],
)
console.log(`${totals.apps} apps, ${(totals.seconds / totals.apps).toFixed(1)} s each; ${loadLine()}`)

function cells({ planted, proven, safe, accused, requests, seconds }: Omit<typeof totals, 'apps'>): string[] {
  const youden = planted === 0 || safe === 0 ? '' : (proven / planted - accused / safe).toFixed(2)
  return [String(planted), String(proven), String(safe), String(accused), youden, String(requests), seconds.toFixed(1)]
}
