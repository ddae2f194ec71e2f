import type { Command } from 'commander'
import type { CommandContext } from '../program.ts'
import { jsonOption } from './options.ts'

export interface SettingsFlags {
  readonly config?: string
  readonly json?: true
}

/** `assay config`. */
export function settingsCommand(program: Command, context: CommandContext): void {
  program
    .command('config')
    .description('print the settings in force, and where each came from; secrets stay hidden')
    .option('--config <file>', 'read this file instead of assay.config.ts')
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ assay config\n  $ ASSAY_WORKERS=4 assay config --json\n')
    .action(async (flags: SettingsFlags) => {
      const { showSettings } = await import('./run-settings.ts')
      await showSettings(flags, context)
    })
}
