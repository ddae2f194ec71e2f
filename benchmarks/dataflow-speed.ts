/**
 * How fast the data-flow analyzer is, and what memory it takes: `node benchmarks/dataflow-speed.ts [--apps 270] [--lines 20000]`.
 *
 * Apps of the size models generate (see generate-apps.ts) are analysed by one process, then by one process per processor; files of 1/4, 1/2 and
 * all of `--lines` lines by a process each. Making apps and snapshots is not timed; starting Node is not, reading and parsing are.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { snapshotDirectory } from '#bench/apps'
import { dataflow } from '../src/bench/analyzers/dataflow/index.ts'
import { analyzeApp } from '../src/bench/analyzers/testing.ts'
import { generateApps } from './generate-apps.ts'
import { printTable } from './measures.ts'
import { machineLine, peakMiB } from './processes.ts'
import { choices } from './random.ts'
import { recombine } from './recombine.ts'

interface Measured {
  readonly lines: number
  readonly findings: number
  readonly seconds: number
  /** Seconds of processor time, of all threads. */
  readonly processor: number
  /** The most memory the process ever had. */
  readonly peak: number
}

const examples = join(import.meta.dirname, '..', 'examples')
const { values } = parseArgs({
  options: {
    apps: { type: 'string', default: '270' },
    lines: { type: 'string', default: '20000' },
    measure: { type: 'string', multiple: true, default: [] },
  },
})

/** Analyses folders one after the other, in this process. */
async function measure(folders: readonly string[]): Promise<Measured> {
  const store = mkdtempSync(join(tmpdir(), 'assay-speed-'))
  try {
    const apps = []
    for (const folder of folders) apps.push(await snapshotDirectory(folder, { store }))
    let lines = 0
    let findings = 0
    const began = performance.now()
    const before = process.cpuUsage()
    for (const app of apps) {
      const result = await analyzeApp(dataflow, app)
      lines += Number(result.metrics?.lines ?? 0)
      findings += result.findings.length
    }
    const seconds = (performance.now() - began) / 1000
    const { user, system } = process.cpuUsage(before)
    return { lines, findings, seconds, processor: (user + system) / 1_000_000, peak: peakMiB(process.pid) }
  } finally {
    rmSync(store, { recursive: true, force: true })
  }
}

/** The same in a process of its own, with the flags of analyzing processes (src/bench/analyzers/pool/process.ts). */
async function measureApart(folders: readonly string[]): Promise<Measured> {
  const flags = ['--max-old-space-size=1024', '--max-semi-space-size=8', '--liftoff-only']
  const measured = folders.flatMap((folder) => ['--measure', folder])
  const child = spawn(process.execPath, [...flags, import.meta.filename, ...measured], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString()
  })
  await once(child, 'close')
  return JSON.parse(output)
}

function row(name: string, all: readonly Measured[]): string[] {
  const lines = all.reduce((sum, each) => sum + each.lines, 0)
  const seconds = Math.max(...all.map((each) => each.seconds))
  const findings = all.reduce((sum, each) => sum + each.findings, 0)
  const processor = all.reduce((sum, each) => sum + each.processor, 0)
  const peak = Math.max(...all.map((each) => each.peak))
  const figures = [lines, findings, seconds.toFixed(2), processor.toFixed(2), Math.round(lines / processor)]
  return [name, ...figures, Math.round(peak)].map(String)
}

/** 0 is `a`, 27 is `bb`: names without figures. */
function letters(number: number): string {
  const letter = String.fromCharCode(97 + (number % 26))
  return number < 26 ? letter : letters(Math.floor(number / 26) - 1) + letter
}

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'assay-speed-apps-'))
  try {
    const made = await generateApps(join(home, 'apps'), Number(values.apps), 1)
    const folders = made.map(({ path }) => join(home, 'apps', path))
    const workers = availableParallelism()
    const rows = [row(`${folders.length} apps, one process`, [await measureApart(folders)])]
    const shares = Array.from({ length: workers }, (_, at) =>
      folders.filter((_folder, index) => index % workers === at),
    )
    rows.push(row(`${folders.length} apps, ${workers} processes`, await Promise.all(shares.map(measureApart))))
    for (const [language, source, name] of [
      ['python', 'hasty/app1/backend/app.py', 'app.py'],
      ['javascript', 'hasty/app1/frontend/src/App.jsx', 'App.jsx'],
    ] as const) {
      for (const part of [4, 2, 1]) {
        const wanted = Math.round(Number(values.lines) / part)
        const folder = join(home, `${language}-${wanted}`)
        mkdirSync(folder)
        const text = readFileSync(join(examples, source), 'utf8')
        // Each noun brings its own copy of what is about it.
        const nouns = Array.from({ length: Math.ceil(wanted / 60) }, (_, at) => `thing${letters(at)}`)
        const large = await recombine(text, { language, noun: 'note', nouns, lines: wanted }, choices(1))
        writeFileSync(join(folder, name), large)
        rows.push(row(`${language}, ${wanted} lines`, [await measureApart([folder])]))
      }
    }
    console.log(machineLine())
    printTable(['input', 'lines', 'findings', 'seconds', 'processor s', 'lines/processor s', 'peak MiB'], rows)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

if (values.measure.length > 0) console.log(JSON.stringify(await measure(values.measure)))
else await main()
