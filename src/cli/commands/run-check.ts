import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { configuredOptions } from '#bench/analyzers'
import { checkProject } from '#bench/check'
import { type Baseline, isCounted, newSince, parseBaseline, severities } from '#bench/findings'
import {
  counted,
  isUnmeasured,
  type Report,
  renderJson,
  renderMarkdown,
  renderPretty,
  renderSarif,
} from '#bench/reports'
import { loadConfig } from '#platform/config'
import { InvalidInput, messageOf } from '#platform/errors'
import { cacheFolder } from '../cache.ts'
import { exitCodes } from '../exit.ts'
import { print, writeWhole } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { screen, terminalOf } from '../terminal.ts'
import type { CheckFlags } from './check.ts'

/** Columns of a report for people that goes to a file. */
const fileWidth = 120

/** Runs `assay check` and returns the exit code. */
export async function runCheck(folder: string, flags: CheckFlags, context: CommandContext): Promise<number> {
  const config =
    flags.config === undefined
      ? undefined
      : await loadConfig({ environment: process.env, workingDirectory: process.cwd(), file: flags.config })
  const baseline = flags.baseline === undefined ? undefined : await readBaseline(flags.baseline)
  const running = new Set<string>()
  const found = await checkProject(folder, {
    ...(flags.analyzers && { analyzers: flags.analyzers }),
    run: flags.run,
    runner: flags.runner ?? config?.runner,
    artifacts: flags.artifacts,
    options: config === undefined ? {} : configuredOptions(config),
    cache: cacheFolder(),
    network: !(flags.offline || config?.offline || process.env['ASSAY_OFFLINE'] === '1'),
    parallel: Math.max(2, availableParallelism()),
    version: context.version,
    now: Date.now,
    signal: context.signal,
    onProgress({ analyzer, state, finished, total }) {
      if (state === 'running') running.add(analyzer)
      else running.delete(analyzer)
      screen.draw([`Analysing: ${finished} of ${total} done, running ${[...running].join(', ')}`])
    },
  }).finally(() => screen.clear())

  const report = baseline === undefined ? found : withoutKnown(found, baseline)
  const { text, notes } = render(report, found.findings.length - report.findings.length, flags)
  if (flags.out === undefined) print(text)
  else await writeWhole(flags.out, text)
  for (const note of notes) process.stderr.write(`${note}\n`)
  return exitCodeFor(report, flags)
}

async function readBaseline(path: string): Promise<Baseline> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InvalidInput(`Cannot read the baseline ${path}: ${messageOf(error)}.`, {
      next: 'Write one with: assay check --format json --out baseline.json',
    })
  })
  return parseBaseline(text)
}

function withoutKnown(report: Report, baseline: Baseline): Report {
  const fresh = new Set(newSince(baseline, report.findings).map(({ fingerprint }) => fingerprint))
  return { ...report, findings: report.findings.filter(({ fingerprint }) => fresh.has(fingerprint)) }
}

/**
 * The report as text. What was left out is said in it where people read it, and otherwise beside it: programs get the
 * findings of low confidence too.
 */
function render(report: Report, known: number, flags: CheckFlags): { text: string; notes: readonly string[] } {
  const forPrograms = flags.json || flags.format === 'json' || flags.format === 'sarif'
  const shown = forPrograms
    ? report
    : { ...report, findings: report.findings.filter((finding) => counts(finding, flags)) }
  const folded = report.findings.length - shown.findings.length
  const notes = [
    ...(folded > 0
      ? [`${counted(folded, 'finding', 'findings')} of low confidence not shown; --low-confidence shows them.`]
      : []),
    ...(flags.baseline === undefined
      ? []
      : [`${counted(known, 'finding', 'findings')} known from ${flags.baseline} left out.`]),
  ]
  if (flags.json || flags.format === 'json')
    return { text: renderJson(report, { lowConfidence: flags.lowConfidence === true }), notes }
  if (flags.format === 'sarif') return { text: renderSarif(report), notes }
  const below = notes.map((note) => `${note}\n`).join('')
  if (flags.format === 'markdown') {
    return { text: `${renderMarkdown(shown)}${below && `\n${below}`}`, notes: [] }
  }
  const terminal = flags.out === undefined ? terminalOf(process.stdout) : { color: false, width: fileWidth }
  return { text: `${renderPretty(shown, terminal)}${below}`, notes: [] }
}

/** Findings of low confidence are for those who ask for them. */
function counts(finding: Report['findings'][number], flags: CheckFlags): boolean {
  return flags.lowConfidence === true || isCounted(finding)
}

function exitCodeFor(report: Report, flags: CheckFlags): number {
  const { failOn } = flags
  const failing =
    failOn !== 'none' &&
    report.findings.some(
      (finding) => severities.indexOf(finding.severity) <= severities.indexOf(failOn) && counts(finding, flags),
    )
  if (failing) return exitCodes.findings
  return report.analyses.some(isUnmeasured) ? exitCodes.unmeasured : exitCodes.clean
}
