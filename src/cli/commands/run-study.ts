import { z } from 'zod'
import type { ImportResult } from '#bench/collection'
import { severities } from '#bench/findings'
import { counted, visible } from '#bench/reports'
import { findingItemSchema, type Study, studySchema } from '#bench/studies'
import { Conflict, InvalidInput, Unavailable } from '#platform/errors'
import { page } from '#platform/http'
import { type Connection, connect } from '../connection.ts'
import { exitCodes, Interrupted } from '../exit.ts'
import { findStudy } from '../find.ts'
import { print, printJson } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { importSource, type SourceFlags } from '../source.ts'
import { followStudy } from '../study/follow.ts'
import { progressDisplay } from '../study/progress.ts'
import { readResult, toJson } from '../study/result.ts'
import { renderSummary } from '../study/summary.ts'
import { screen, terminalOf } from '../terminal.ts'
import { retryOutcomes, type SeverityName } from './options.ts'
import type { AddFlags, RunFlags, WorkFlags } from './study.ts'

/** `assay study run`. Returns the exit code, as the three below do. */
export async function runStudy(source: string, flags: RunFlags, context: CommandContext): Promise<number> {
  const started = performance.now()
  await using connection = await connectToWork(flags, context)
  if (flags.analyzers !== undefined) await requireAnalyzers(connection, flags.analyzers)
  const imported = await importApps(connection, source, flags, context.signal)
  const study = await connection.post(studySchema, '/studies', {
    name: flags.name,
    apps: imported.apps.map(({ id }) => id),
    ...(flags.question !== undefined && { question: flags.question }),
    ...(flags.analyzers !== undefined && { analyzers: flags.analyzers }),
    ...(flags.run && { run: true }),
    ...(flags.repeats !== undefined && { repeats: flags.repeats }),
  })
  return await finish(connection, study, { ...flags, skipped: imported.skipped }, started, context)
}

/** `assay study resume`: a study that was cancelled, or whose worker is gone. */
export async function resumeStudy(id: string, flags: WorkFlags, context: CommandContext): Promise<number> {
  const started = performance.now()
  await using connection = await connectToWork(flags, context)
  const found = await findStudy(connection, id)
  if (found.state === 'completed') {
    throw new Conflict(`The study ${found.name} is completed.`, {
      next: `'assay study show ${found.id}' shows it; 'assay study retry ${found.id}' runs again what failed.`,
    })
  }
  const study = found.state === 'cancelled' ? await connection.post(studySchema, `/studies/${found.id}/resume`) : found
  return await finish(connection, study, flags, started, context)
}

/** `assay study retry`. */
export async function retryStudy(
  id: string,
  flags: WorkFlags & { readonly outcomes?: string[] },
  context: CommandContext,
): Promise<number> {
  const started = performance.now()
  const outcomes = z.array(z.enum(retryOutcomes)).safeParse(flags.outcomes ?? [...retryOutcomes])
  if (!outcomes.success) {
    throw new InvalidInput(`--outcomes ${flags.outcomes?.join(',')}: not all of these can be run again.`, {
      next: `Choose from: ${retryOutcomes.join(', ')}.`,
    })
  }
  await using connection = await connectToWork(flags, context)
  const found = await findStudy(connection, id)
  const study = await connection.post(studySchema, `/studies/${found.id}/retry`, { outcomes: outcomes.data })
  return await finish(connection, study, flags, started, context)
}

/** `assay study add`. */
export async function addToStudy(
  id: string,
  source: string,
  flags: AddFlags,
  context: CommandContext,
): Promise<number> {
  const started = performance.now()
  await using connection = await connectToWork(flags, context)
  const found = await findStudy(connection, id)
  if (found.state === 'cancelled') {
    throw new Conflict(`The study ${found.name} is cancelled.`, { next: `First: assay study resume ${found.id}` })
  }
  const imported = await importApps(connection, source, flags, context.signal)
  const apps = imported.apps.map((app) => app.id)
  const study = await connection.post(studySchema, `/studies/${found.id}/apps`, { apps })
  return await finish(connection, study, { ...flags, skipped: imported.skipped }, started, context)
}

function connectToWork(flags: WorkFlags, { version, signal }: CommandContext): Promise<Connection> {
  return connect({ version, signal, works: true, ...(flags.offline && { offline: true }) })
}

async function requireAnalyzers(connection: Connection, ids: readonly string[]): Promise<void> {
  const schema = z.object({ items: z.array(z.object({ id: z.string() })) })
  const known = (await connection.get(schema, '/analyzers')).items.map(({ id }) => id)
  const unknown = ids.filter((id) => !known.includes(id))
  if (unknown.length > 0) {
    throw new InvalidInput(`There is no analyzer named ${unknown.join(', ')}.`, {
      next: `Choose from: ${known.join(', ')}.`,
    })
  }
}

async function importApps(
  connection: Connection,
  source: string,
  flags: SourceFlags,
  signal: AbortSignal,
): Promise<ImportResult> {
  screen.draw([`Importing ${visible(source)} …`])
  try {
    return await importSource(connection, source, flags, signal)
  } finally {
    screen.clear()
  }
}

interface FinishFlags extends WorkFlags {
  /** What the import before left out. */
  readonly skipped?: ImportResult['skipped']
}

/** Sees the study to its end and tells what it came to. */
async function finish(
  connection: Connection,
  study: Study,
  flags: FinishFlags,
  started: number,
  { signal }: CommandContext,
): Promise<number> {
  const ended = await follow(connection, study, signal)
  const result = await readResult(connection, ended)
  const failing = flags.failOn === undefined ? 0 : await openFindings(connection, ended.id, flags.failOn)
  const seconds = (performance.now() - started) / 1000
  if (flags.json) {
    printJson({ ...toJson(result, seconds), ...(flags.skipped && { skipped: flags.skipped }) })
  } else {
    const skipped = flags.skipped ?? []
    if (skipped.length > 0) print(`${skippedText(skipped)}\n\n`)
    print(renderSummary(result, terminalOf(process.stdout)))
    print(`${whereToLook(connection, ended)}\n`)
  }
  if (failing > 0) return exitCodes.findings
  const { error, timed_out } = ended.progress.byOutcome
  return error + timed_out > 0 || ended.state !== 'completed' ? exitCodes.unmeasured : exitCodes.clean
}

async function follow(connection: Connection, study: Study, signal: AbortSignal): Promise<Study> {
  using display = progressDisplay(study.name, screen)
  try {
    return await followStudy(connection, study.id, signal, (progress) => display.show(progress))
  } catch (error) {
    if (error instanceof Unavailable && !signal.aborted) {
      throw new Unavailable(error.message, {
        next: `What is finished is kept. When the server is back, go on with: assay study resume ${study.id}`,
        cause: error,
      })
    }
    if (!signal.aborted) throw error
    throw new Interrupted(
      connection.shared
        ? `Interrupted. The server at ${connection.url} goes on with the study.`
        : 'Interrupted. What is finished is kept.',
      {
        next: connection.shared
          ? `Watch it with: assay study resume ${study.id}, or stop it with: assay study cancel ${study.id}`
          : `Go on with: assay study resume ${study.id}`,
      },
    )
  }
}

/** How many findings of that severity or worse nobody has decided about. */
async function openFindings(connection: Connection, study: string, worst: SeverityName): Promise<number> {
  const severity = severities.slice(0, severities.indexOf(worst) + 1).join(',')
  const query = { study, severity, state: 'open,regressed', limit: 1 }
  const { total, items } = await connection.get(page(findingItemSchema), '/findings', query)
  return total ?? items.length
}

function skippedText(skipped: ImportResult['skipped']): string {
  const reasons = [...Map.groupBy(skipped, ({ reason }) => reason)].map(
    ([reason, group]) => `${counted(group.length, 'entry', 'entries')}: ${visible(reason)}`,
  )
  return `Left out of the import: ${reasons.slice(0, 6).join('; ')}${reasons.length > 6 ? '; …' : ''}.`
}

function whereToLook(connection: Connection, { id }: Study): string {
  return connection.shared
    ? `See ${connection.url}/studies/${id}`
    : `See it in the browser with 'assay serve', or again with 'assay study show ${id}'.`
}
