import { executionSchema, type Step, stepSchema } from '#agents/engine'
import { visible } from '#bench/reports'
import { InvalidInput, NotFound } from '#platform/errors'
import { nameOf } from '../agents/follow.ts'
import { type Connection, connect } from '../connection.ts'
import { localTime, print, printJson } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { renderRecord, renderTable } from '../table.ts'
import { type Terminal, terminalOf } from '../terminal.ts'
import type { ExecutionListFlags } from './agents.ts'

const listed = 50
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const prefix = /^[0-9a-f-]{4,36}$/

/** `assay executions list`. */
export async function listExecutions(flags: ExecutionListFlags, context: CommandContext): Promise<void> {
  await using connection = await connect(context)
  const { items } = await connection.list(executionSchema, '/executions', {
    limit: flags.limit ?? listed,
    ...(flags.agent !== undefined && { agent: flags.agent }),
  })
  if (flags.json) return printJson({ items })
  if (items.length === 0) return print('No executions yet. Start one: assay agents run inspector <folder>\n')
  print(
    renderTable(
      [
        { title: 'agent' },
        { title: 'state' },
        { title: 'steps', align: 'right' },
        { title: 'begun' },
        { title: 'by', flexible: true },
        { title: 'id' },
      ],
      items.map((one) => [one.agent, one.state, one.steps, localTime(one.createdAt), one.createdBy, one.id]),
      terminalOf(process.stdout),
    ),
  )
}

/** `assay executions show`. */
export async function showExecution(
  id: string,
  flags: { readonly json?: true },
  context: CommandContext,
): Promise<void> {
  await using connection = await connect(context)
  const execution = await connection.get(executionSchema, `/executions/${await idOf(connection, id)}`)
  const { items: steps } = await connection.list(stepSchema, `/executions/${execution.id}/steps`)
  if (flags.json) return printJson({ ...execution, log: steps })
  const terminal = terminalOf(process.stdout)
  print(
    renderRecord(
      [
        ['agent', `${execution.agent} ${execution.agentVersion}`],
        ['state', execution.reason === null ? execution.state : `${execution.state}: ${execution.reason}`],
        ['task', JSON.stringify(execution.task)],
        ['begun', `${localTime(execution.createdAt)} by ${execution.createdBy}`],
        ['ended', execution.finishedAt === null ? 'not yet' : localTime(execution.finishedAt)],
        ['id', execution.id],
      ],
      terminal,
    ),
  )
  print(`\n${stepTable(steps, terminal)}`)
}

function stepTable(steps: readonly Step[], terminal: Terminal): string {
  return renderTable(
    [
      { title: 'step', align: 'right' },
      { title: 'what', flexible: true },
      { title: 'state' },
      { title: 'gave', flexible: true },
    ],
    steps.map((step) => [step.number, nameOf(step), step.state, inShort(step)]),
    terminal,
  )
}

/** Characters of an output that are shown. */
const shown = 120

function inShort({ kind, input, output }: Step): string {
  const text = kind === 'note' ? String(input) : output === null ? '' : JSON.stringify(output)
  return visible(text.length > shown ? `${text.slice(0, shown)}…` : text)
}

/** `assay executions cancel`. */
export async function cancelExecution(
  id: string,
  flags: { readonly json?: true },
  context: CommandContext,
): Promise<void> {
  await using connection = await connect(context)
  const execution = await connection.post(executionSchema, `/executions/${await idOf(connection, id)}/cancel`)
  if (flags.json) return printJson(execution)
  print(`Execution ${execution.id} is cancelled; its ${execution.steps} steps stay.\n`)
}

async function idOf(connection: Connection, text: string): Promise<string> {
  const wanted = text.toLowerCase()
  if (uuid.test(wanted)) return wanted
  if (!prefix.test(wanted))
    throw new InvalidInput(`${text} is no id, nor the beginning of one.`, {
      next: "'assay executions list' shows the ids.",
    })
  const { items } = await connection.list(executionSchema, '/executions')
  const matches = items.filter((one) => one.id.startsWith(wanted))
  const [match] = matches
  if (match === undefined)
    throw new NotFound(`There is no execution whose id begins with ${text}.`, {
      next: "'assay executions list' shows the ids.",
    })
  if (matches.length > 1)
    throw new InvalidInput(`${matches.length} executions match ${text}.`, { next: 'Give more of the id.' })
  return match.id
}
