import { Command, CommanderError } from 'commander'
import { InvalidInput } from '#platform/errors'
import { agentCommands } from './commands/agents.ts'
import { appCommands } from './commands/apps.ts'
import { checkCommand } from './commands/check.ts'
import { doctorCommand } from './commands/doctor.ts'
import { findingCommands } from './commands/findings.ts'
import { replayCommand } from './commands/replay.ts'
import { serveCommands } from './commands/serve.ts'
import { settingsCommand } from './commands/settings.ts'
import { studyCommands } from './commands/study.ts'
import { teamCommands } from './commands/team.ts'
import { exitCodeOf, exitCodes, Interrupted, reportFailure } from './exit.ts'

/** What every command is handed. */
export interface CommandContext {
  readonly version: string
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal
  /** Sets the exit code without ending the process. */
  exit(code: number): void
}

/**
 * Runs the command line.
 * @returns the exit code; see `exitCodes`
 */
export async function run(argv: readonly string[], version: string): Promise<number> {
  const json = argv.includes('--json')
  const stop = new AbortController()
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(exitCodes.interrupted)
    stop.abort(new Interrupted('Interrupted.'))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  // Whoever read us has left (`| head`): what is still written goes nowhere, the work and its exit code stay.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }

  let exitCode: number | undefined
  const context: CommandContext = {
    version,
    signal: stop.signal,
    exit: (code) => {
      exitCode = code
    },
  }
  try {
    await programOf(context, json).parseAsync([...argv])
    return exitCode ?? (stop.signal.aborted ? exitCodes.interrupted : exitCodes.clean)
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.clean
      if (json) await reportFailure(new InvalidInput(error.message.replace(/^error: /, '')), true)
      return exitCodes.usage
    }
    const failure = stop.signal.aborted && !(error instanceof Interrupted) ? stop.signal.reason : error
    await reportFailure(failure, json)
    return exitCodeOf(failure)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

function programOf(context: CommandContext, json: boolean): Command {
  const program = new Command('assay')
    .description(
      'The workbench for AI-written software: import generated apps, study them with real tools, see the evidence.',
    )
    .version(context.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'assay: ')),
      ...(json && { writeErr: () => undefined }),
    })
    .exitOverride()
    .addHelpText('after', examples)
  checkCommand(program, context)
  studyCommands(program, context)
  appCommands(program, context)
  findingCommands(program, context)
  replayCommand(program, context)
  agentCommands(program, context)
  serveCommands(program, context)
  doctorCommand(program, context)
  settingsCommand(program, context)
  teamCommands(program, context)
  pointToHelp(program, 'assay')
  return program
}

/** Wrong use of a command points to that command's own help. */
function pointToHelp(command: Command, path: string): void {
  command.helpCommand(false).showHelpAfterError(`       Try: ${path} --help`)
  for (const inner of command.commands) pointToHelp(inner, `${path} ${inner.name()}`)
}

const examples = `
Examples:
  $ assay check .                                  analyse this project
  $ assay check . --fail-on high --format sarif --out assay.sarif
  $ assay study run ./generated --name 'first look'   compare the models that wrote the apps in ./generated
  $ assay serve                                    open the browser app on http://127.0.0.1:7420
  $ assay doctor                                   what this machine can measure

Every command takes --json. Set ASSAY_SERVER and ASSAY_KEY to work with a server elsewhere.
Exit codes: 0 clean · 1 findings at or over the threshold · 2 wrong use · 3 something could not be measured
`
