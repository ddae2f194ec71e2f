import { Command, CommanderError } from 'commander'
import { checkCommand } from './commands/check.ts'
import { serveCommands } from './commands/serve.ts'
import { exitCodeOf, exitCodes, reportFailure } from './exit.ts'

/**
 * Runs the command line.
 * @returns the exit code; see `exitCodes`
 */
export async function run(argv: readonly string[], version: string): Promise<number> {
  let exitCode: number = exitCodes.clean
  const stop = new AbortController()
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(exitCodes.interrupted)
    stop.abort(new Error('Interrupted.'))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)

  const context: CommandContext = {
    version,
    signal: stop.signal,
    exit: (code) => {
      exitCode = code
    },
  }
  const program = new Command('assay')
    .description(
      'The workbench for AI-written software: import generated apps, study them with real tools, see the evidence.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'assay: ')) })
    .showHelpAfterError("Try 'assay --help'.")
    .exitOverride()
    .addHelpText('after', examples)
  checkCommand(program, context)
  serveCommands(program, context)

  try {
    await program.parseAsync([...argv])
    return stop.signal.aborted ? exitCodes.interrupted : exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage
    if (stop.signal.aborted) {
      process.stderr.write('assay: interrupted.\n')
      return exitCodes.interrupted
    }
    reportFailure(error, argv.includes('--json'))
    return exitCodeOf(error)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

/** What every command is handed. */
export interface CommandContext {
  readonly version: string
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal
  /** Sets the exit code without ending the process. */
  exit(code: number): void
}

const examples = `
Examples:
  $ assay check .                                  analyse this project
  $ assay check . --fail-on high --format sarif --out assay.sarif
  $ assay study run ./generated --name 'first look'   compare the models that wrote the apps in ./generated
  $ assay serve                                    open the browser app on http://127.0.0.1:7420
  $ assay doctor                                   what this machine can measure

Exit codes: 0 clean · 1 findings at or over the threshold · 2 wrong use · 3 something could not be measured
`
