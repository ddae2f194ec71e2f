import { type Command, Option } from 'commander'
import type { CommandContext } from '../program.ts'
import { commaSeparated, type Runner, runnerOption, severityNames } from './options.ts'

const formats = ['pretty', 'json', 'sarif', 'markdown'] as const
const thresholds = [...severityNames, 'none'] as const

export interface CheckFlags {
  readonly format: (typeof formats)[number]
  readonly json?: true
  readonly out?: string
  readonly failOn: (typeof thresholds)[number]
  readonly analyzers?: string[]
  readonly baseline?: string
  readonly run?: true
  readonly runner?: Runner
  readonly artifacts?: string
  readonly offline?: true
  readonly lowConfidence?: true
  readonly config?: string
}

/** `assay check [DIR]`. */
export function checkCommand(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('analyse one project; no database, no server')
    .argument('[dir]', 'the project', '.')
    .addOption(new Option('-f, --format <format>', 'how to print the report').choices(formats).default('pretty'))
    .option('--json', 'same as --format json')
    .option('-o, --out <file>', 'write the report to a file')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 on findings of this severity or worse')
        .choices(thresholds)
        .default('high'),
    )
    .option('-a, --analyzers <ids>', 'only these, separated by commas', commaSeparated)
    .option('--baseline <file>', 'report only what is not in this earlier report (JSON or SARIF)')
    .option('--run', 'also start the project, in a sandbox, and test it while it runs')
    .addOption(runnerOption())
    .option('--artifacts <dir>', 'keep screenshots, logs and series of the running project there')
    .option('--low-confidence', 'also print findings of low confidence, and count them for --fail-on')
    .option('--offline', 'ask no registry; what needs one ends in error')
    .option('--config <file>', 'settings to use (by default none: a checked project must not configure its checker)')
    .addHelpText('after', examples)
    .action(async (folder: string, flags: CheckFlags) => {
      const { runCheck } = await import('./run-check.ts')
      context.exit(await runCheck(folder, flags, context))
    })
}

const examples = `
Files that .gitignore or .assayignore name are left out.

Examples:
  $ assay check
  $ assay check ../shop --analyzers patterns,secrets
  $ assay check ../shop --run --artifacts shop-run
  $ assay check . --json --out before.json && assay check . --baseline before.json
`
