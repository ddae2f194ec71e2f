import type { Command } from 'commander'
import type { CommandContext } from '../program.ts'
import { jsonOption } from './options.ts'

export interface DoctorFlags {
  readonly offline?: true
  readonly json?: true
}

/** `assay doctor`. */
export function doctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description("try what this machine can measure: every analyzer's canary, sandboxes, tools, database")
    .option('--offline', 'ask no registry')
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import('./run-doctor.ts')
      context.exit(await runDoctor(flags, context))
    })
}

const examples = `
A canary is a planted defect: an analyzer that does not find it on this machine is not believed. Exits with 3 when one fails.

Examples:
  $ assay doctor
  $ assay doctor --json
`
