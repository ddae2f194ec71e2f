import type { Command } from 'commander'
import type { CommandContext } from '../program.ts'
import { jsonOption } from './options.ts'

/** `assay replay FINDING`. */
export function replayCommand(program: Command, context: CommandContext): void {
  program
    .command('replay')
    .description('make the attack that proved a finding again, in a sandbox')
    .argument('<finding>', "id, as 'assay findings list --analyzer attack' shows it")
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (id: string, flags: { readonly json?: true }) => {
      const { runReplay } = await import('./run-replay.ts')
      context.exit(await runReplay(id, flags, context))
    })
}

const examples = `
The app is started anew, and attacked with other accounts, words and numbers. Exit codes: 1 the attack succeeds again, 0 it does not, 3 it could
not be made.

Example:
  $ assay replay 01890a5d-ac96-774b-bcce-b302099a8057
`
