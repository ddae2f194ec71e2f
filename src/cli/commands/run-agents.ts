import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { agentResourceSchema, type Execution, executionSchema } from '#agents/engine'
import { reportSchema } from '#agents/roster'
import { counted, visible } from '#bench/reports'
import { NotFound } from '#platform/errors'
import { followExecution } from '../agents/follow.ts'
import { renderReport } from '../agents/report.ts'
import { type Connection, connect } from '../connection.ts'
import { exitCodes, Interrupted } from '../exit.ts'
import { findApp } from '../find.ts'
import { print, printJson } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { importSource } from '../source.ts'
import { renderTable } from '../table.ts'
import { screen, terminalOf } from '../terminal.ts'
import type { AgentRunFlags } from './agents.ts'

const agentsSchema = z.object({ items: z.array(agentResourceSchema) })

/** `assay agents list`. */
export async function listAgents(flags: { readonly json?: true }, context: CommandContext): Promise<void> {
  await using connection = await connect(context)
  const { items } = await connection.get(agentsSchema, '/agents')
  if (flags.json) return printJson({ items })
  print(
    renderTable(
      [{ title: 'agent' }, { title: 'what it is for', flexible: true }, { title: 'tools', flexible: true }],
      items.map(({ id, purpose, tools }) => [id, purpose, tools.join(', ')]),
      terminalOf(process.stdout),
    ),
  )
}

/** `assay agents run`. Returns the exit code. */
export async function runAgent(
  agent: string,
  app: string,
  flags: AgentRunFlags,
  context: CommandContext,
): Promise<number> {
  const { version, signal } = context
  await using connection = await connect({ version, signal, works: true, ...(flags.offline && { offline: true }) })
  await requireAgent(connection, agent)
  const task = { app: await appOf(connection, app, signal), run: flags.run === true }
  const created = await connection.post(executionSchema, '/executions', { agent, task })
  try {
    const execution = await followExecution(connection, created.id, signal, ({ execution: { steps }, running }) => {
      screen.draw([`${agent}: ${counted(steps, 'step', 'steps')}, at work on ${running.join(', ') || 'its next step'}`])
    })
    screen.clear()
    return finish(execution, flags)
  } catch (error) {
    screen.clear()
    if (!signal.aborted) throw error
    throw new Interrupted(`Interrupted. Execution ${created.id} goes on when Assay next runs.`, {
      next: `Stop it for good: assay executions cancel ${created.id}`,
    })
  }
}

async function requireAgent(connection: Connection, agent: string): Promise<void> {
  const known = (await connection.get(agentsSchema, '/agents')).items.map(({ id }) => id)
  if (known.includes(agent)) return
  throw new NotFound(`There is no agent ${agent}.`, { next: `Choose from: ${known.join(', ')}.` })
}

/** A folder is imported as one app; anything else names an app that is there. */
async function appOf(connection: Connection, app: string, signal: AbortSignal): Promise<string> {
  const found = await stat(app).catch(() => undefined)
  if (found === undefined) return (await findApp(connection, app)).id
  const imported = await importSource(connection, app, { oneApp: basename(resolve(app)) }, signal)
  const [first] = imported.apps
  if (first === undefined) throw new NotFound(`There is no app in ${app}.`, { next: 'Name a folder with code.' })
  return first.id
}

function finish(execution: Execution, flags: AgentRunFlags): number {
  const report = reportSchema.safeParse(execution.result)
  if (flags.json) printJson(execution)
  else if (report.success) print(renderReport(report.data, terminalOf(process.stdout)))
  else print(`${execution.agent} ${execution.state}: ${visible(execution.reason ?? 'no reason given')}\n`)
  if (!flags.json) print(`The steps it cites: assay executions show ${execution.id}\n`)
  return report.success && report.data.notMeasured.length === 0 ? exitCodes.clean : exitCodes.unmeasured
}
