import type { Command } from 'commander'
import type { CommandContext } from '../program.ts'
import { jsonOption, wholeNumber } from './options.ts'

export interface AgentRunFlags {
  readonly run?: true
  readonly offline?: true
  readonly json?: true
}

export interface ExecutionListFlags {
  readonly agent?: string
  readonly limit?: number
  readonly json?: true
}

/** `assay agents …` and `assay executions …`. */
export function agentCommands(program: Command, context: CommandContext): void {
  const agents = program.command('agents').description('give agents tasks').addHelpText('after', agentExamples)
  agents
    .command('list')
    .description('list the agents there are, with the tools each may use')
    .addOption(jsonOption())
    .action(async (flags: { readonly json?: true }) => {
      const { listAgents } = await import('./run-agents.ts')
      await listAgents(flags, context)
    })
  agents
    .command('run')
    .description('let an agent look at an app, and print what it reports')
    .argument('<agent>', "as 'assay agents list' shows it")
    .argument('<app>', 'folder of the app; or id, beginning of an id, or name of one imported')
    .option('--run', 'also start the app, in a sandbox, and test it while it runs')
    .option('--offline', 'ask no registry; what needs one is reported as not measured')
    .addOption(jsonOption())
    .addHelpText('after', agentExamples)
    .action(async (agent: string, app: string, flags: AgentRunFlags) => {
      const { runAgent } = await import('./run-agents.ts')
      context.exit(await runAgent(agent, app, flags, context))
    })

  const executions = program
    .command('executions')
    .description('look at what agents did, step by step')
    .addHelpText('after', executionExamples)
  executions
    .command('list')
    .description('list executions, the newest first')
    .option('--agent <agent>', 'only of this agent')
    .option('--limit <number>', 'how many at most (default 50)', wholeNumber(1, 100_000))
    .addOption(jsonOption())
    .action(async (flags: ExecutionListFlags) => {
      const { listExecutions } = await import('./run-executions.ts')
      await listExecutions(flags, context)
    })
  executions
    .command('show')
    .description('show one execution with its steps')
    .argument('<id>', 'id or the beginning of an id')
    .addOption(jsonOption())
    .action(async (id: string, flags: { readonly json?: true }) => {
      const { showExecution } = await import('./run-executions.ts')
      await showExecution(id, flags, context)
    })
  executions
    .command('cancel')
    .description('stop an execution; its log stays')
    .argument('<id>', 'id or the beginning of an id')
    .addOption(jsonOption())
    .action(async (id: string, flags: { readonly json?: true }) => {
      const { cancelExecution } = await import('./run-executions.ts')
      await cancelExecution(id, flags, context)
    })
}

const agentExamples = `
Examples:
  $ assay agents list
  $ assay agents run inspector ../shop
  $ assay agents run infosec careless/app1 --run
`

const executionExamples = `
Examples:
  $ assay executions list --agent inspector
  $ assay executions show 01890a5d
`
