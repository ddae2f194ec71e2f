import { writeFile } from 'node:fs/promises'
import { availableParallelism, homedir } from 'node:os'
import { join } from 'node:path'
import { checkProject } from '#bench/check'
import { severities } from '#bench/findings'
import { isUnmeasured, type Report, renderJson, renderPretty } from '#bench/reports'
import { loadConfig } from '#platform/config'
import { exitCodes } from '../exit.ts'
import type { CommandContext } from '../program.ts'
import { progressLine, terminalOf } from '../terminal.ts'
import type { CheckFlags } from './check.ts'

/** Runs `assay check` and returns the exit code. */
export async function runCheck(folder: string, flags: CheckFlags, context: CommandContext): Promise<number> {
  const config =
    flags.config === undefined
      ? undefined
      : await loadConfig({ environment: process.env, workingDirectory: process.cwd(), file: flags.config })
  const line = progressLine()
  const running = new Set<string>()
  const report = await checkProject(folder, {
    ...(flags.analyzers && { analyzers: flags.analyzers }),
    options: config?.analyzers.options ?? {},
    cache: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'assay'),
    network: !(flags.offline || config?.offline || process.env['ASSAY_OFFLINE'] === '1'),
    parallel: Math.max(2, availableParallelism()),
    version: context.version,
    now: Date.now,
    signal: context.signal,
    onProgress({ analyzer, state, finished, total }) {
      if (state === 'running') running.add(analyzer)
      else running.delete(analyzer)
      line.show(`Analysing: ${finished} of ${total} done, running ${[...running].join(', ')}`)
    },
  }).finally(() => line.clear())

  const text = render(report, flags)
  if (flags.out === undefined) process.stdout.write(text)
  else await writeFile(flags.out, text)
  return exitCodeFor(report, flags)
}

function render(report: Report, flags: CheckFlags): string {
  if (flags.json || flags.format === 'json') return renderJson(report)
  return renderPretty(report, flags.out === undefined ? terminalOf(process.stdout) : { color: false, width: 120 })
}

function exitCodeFor(report: Report, flags: CheckFlags): number {
  const threshold = severities.indexOf(flags.failOn === 'none' ? 'critical' : flags.failOn)
  const failing =
    flags.failOn !== 'none' && report.findings.some((finding) => severities.indexOf(finding.severity) <= threshold)
  if (failing) return exitCodes.findings
  return report.analyses.some(isUnmeasured) ? exitCodes.unmeasured : exitCodes.clean
}
