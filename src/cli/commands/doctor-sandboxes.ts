import { type RunnerReport, runners } from '#bench/sandbox'
import { type Cell, renderTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'

const limits = ['memory', 'processes', 'openFiles', 'cpuSeconds', 'disk', 'wallSeconds'] as const
const titles: Readonly<Record<(typeof limits)[number], string>> = {
  memory: 'memory',
  processes: 'processes',
  openFiles: 'open files',
  cpuSeconds: 'processor time',
  disk: 'disk',
  wallSeconds: 'time',
}

/** Tries every kind of sandbox once. */
export function trySandboxes(signal: AbortSignal): Promise<readonly RunnerReport[]> {
  return Promise.all(runners.map((runner) => runner.examine(signal)))
}

/** What was tried, as a table, and under it what does not hold and what to do. */
export function sandboxText(reports: readonly RunnerReport[], terminal: Terminal): string {
  const table = renderTable(
    [{ title: 'sandbox' }, { title: 'works' }, { title: 'limits', flexible: true }],
    reports.map((report): Cell[] => [
      report.runner,
      report.available ? report.version : { text: 'no', style: 'yellow' },
      report.available ? limitsOf(report) : report.reason,
    ]),
    terminal,
  )
  const remarks = reports.flatMap((report) =>
    (report.available ? report.notes : [report.next]).map((remark) => `  ${report.runner}: ${remark}\n`),
  )
  return `${table}${remarks.join('')}`
}

/** `kernel: memory, disk; watchdog: time`. */
function limitsOf({ limits: held }: Extract<RunnerReport, { available: true }>): string {
  const by = Map.groupBy(limits, (limit) => held[limit])
  return [...by].map(([who, names]) => `${who}: ${names.map((name) => titles[name]).join(', ')}`).join('; ')
}
