import { severities } from '#bench/findings'
import { counted, visible } from '#bench/reports'
import { type Study, studySchema } from '#bench/studies'
import { connect } from '../connection.ts'
import { findStudy, shortIds } from '../find.ts'
import { duration, grouped, localTime, print, printJson, severityStyles, writeWhole } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { readResult, toJson } from '../study/result.ts'
import { renderSummary } from '../study/summary.ts'
import { type Cell, type Column, renderRecord, renderTable, type Style } from '../table.ts'
import { type Terminal, terminalOf } from '../terminal.ts'
import type { ExportFlags } from './study.ts'

interface JsonFlag {
  readonly json?: true
}

const listed = 50
/** Characters of an id that hold the millisecond it was made in. */
const studyIdLength = 13

/** `assay study list`. */
export async function listStudies(
  flags: JsonFlag & { readonly limit?: number },
  context: CommandContext,
): Promise<void> {
  await using connection = await connect(context)
  const { items, more } = await connection.list(studySchema, '/studies', { limit: flags.limit ?? listed })
  if (flags.json) return printJson({ studies: items, more })
  if (items.length === 0) return print("There is no study yet. Start one: assay study run FOLDER --name 'first look'\n")
  print(studyTable(items, terminalOf(process.stdout)))
  if (more) print(`Only the newest ${items.length} are shown; --limit shows more.\n`)
}

/** `assay study show`. */
export async function showStudy(id: string, flags: JsonFlag, context: CommandContext): Promise<void> {
  const started = performance.now()
  await using connection = await connect(context)
  const study = await findStudy(connection, id)
  const result = await readResult(connection, study)
  if (flags.json) {
    const to = study.finishedAt === null ? Date.now() : Date.parse(study.finishedAt)
    const seconds =
      study.startedAt === null ? (performance.now() - started) / 1000 : (to - Date.parse(study.startedAt)) / 1000
    return printJson(toJson(result, seconds))
  }
  const terminal = terminalOf(process.stdout)
  print(`${studyRecord(study, terminal)}\n${analyzerTable(study, terminal)}\n${renderSummary(result, terminal)}`)
}

/** `assay study cancel`. */
export async function cancelStudy(id: string, flags: JsonFlag, context: CommandContext): Promise<void> {
  await using connection = await connect(context)
  const { id: found } = await findStudy(connection, id)
  const study = await connection.post(studySchema, `/studies/${found}/cancel`)
  if (flags.json) return printJson({ study })
  const { completed, not_applicable, error, timed_out, cancelled } = study.progress.byOutcome
  print(
    `${visible(study.name)} is cancelled: ${completed + not_applicable + error + timed_out} of ${study.progress.total} analyses are kept, ${cancelled} were not finished.\nGo on with: assay study resume ${study.id}\n`,
  )
}

/** `assay study delete`. */
export async function deleteStudy(id: string, flags: JsonFlag, context: CommandContext): Promise<void> {
  await using connection = await connect(context)
  const study = await findStudy(connection, id)
  await connection.delete(`/studies/${study.id}`)
  if (flags.json) return printJson({ deleted: study })
  print(
    `Deleted ${visible(study.name)} with ${counted(study.progress.total, 'analysis', 'analyses')} and ${counted(study.findings.total, 'finding', 'findings')}.\n`,
  )
}

/** `assay study export`. */
export async function exportStudy(id: string, { format, out }: ExportFlags, context: CommandContext): Promise<void> {
  await using connection = await connect(context)
  const study = await findStudy(connection, id)
  const content = await connection.stream(`/studies/${study.id}/export?format=${format}`)
  if (out !== undefined) return await writeWhole(out, content)
  for await (const chunk of content) process.stdout.write(chunk)
}

const columns: readonly Column[] = [
  { title: 'id' },
  { title: 'name', flexible: true },
  { title: 'state' },
  { title: 'apps', align: 'right' },
  { title: 'models', flexible: true },
  { title: 'analyses', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'findings', align: 'right' },
  { title: 'created' },
]

const stateStyles: Readonly<Partial<Record<Study['state'], Style>>> = { running: 'cyan', cancelled: 'yellow' }

function studyTable(studies: readonly Study[], terminal: Terminal): string {
  const ids = shortIds(
    studies.map(({ id }) => id),
    studyIdLength,
  )
  const rows = studies.map((study, at): Cell[] => {
    const { total, finished, byOutcome } = study.progress
    const failed = byOutcome.error + byOutcome.timed_out
    return [
      ids[at] ?? study.id,
      study.name,
      stateCell(study),
      study.apps,
      modelsText(study),
      finished === total ? grouped(total) : `${grouped(finished)}/${grouped(total)}`,
      failed > 0 ? { text: grouped(failed), style: 'red' } : '',
      grouped(study.findings.total),
      localTime(study.createdAt),
    ]
  })
  return renderTable(columns, rows, terminal)
}

function stateCell({ state }: Study): Cell {
  const style = stateStyles[state]
  return style === undefined ? state : { text: state, style }
}

function modelsText({ models }: Study): string {
  const names = [...new Set(models)]
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

function studyRecord(study: Study, terminal: Terminal): string {
  const { startedAt, finishedAt } = study
  const took =
    startedAt !== null && finishedAt !== null ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : null
  return renderRecord(
    [
      ['study', study.name],
      ['id', study.id],
      ...(study.question === null ? [] : [['question', study.question] as const]),
      ['state', stateCell(study)],
      ['created', `${localTime(study.createdAt)} by ${study.createdBy}`],
      ...(took === null ? [] : [['took', duration(took)] as const]),
      ['apps', study.repeats > 1 ? `${study.apps}, each analysed ${study.repeats} times` : String(study.apps)],
      ['models', [...new Set(study.models)].join(', ') || 'unknown'],
      ...severities
        .filter((severity) => study.findings.bySeverity[severity] > 0)
        .map((severity) => {
          const text = grouped(study.findings.bySeverity[severity])
          return [severity, { text, style: severityStyles[severity] }] as const
        }),
    ],
    terminal,
  )
}

function analyzerTable({ progress }: Study, terminal: Terminal): string {
  return renderTable(
    [{ title: 'analyzer' }, { title: 'finished', align: 'right' }, { title: 'median', align: 'right' }],
    progress.perAnalyzer.map(({ analyzer, total, finished, medianMs }) => [
      analyzer,
      `${grouped(finished)}/${grouped(total)}`,
      medianMs === null ? '' : duration(medianMs / 1000),
    ]),
    terminal,
  )
}
