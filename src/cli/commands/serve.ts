import type { Command } from 'commander'
import type { CommandContext } from '../program.ts'

export interface ServeFlags {
  readonly host?: string
  readonly port?: string
  readonly workers?: string
  readonly offline?: true
  readonly starter?: true
}

/** `assay serve` and `assay worker`. */
export function serveCommands(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('serve the browser app and the API, and work on studies')
    .option('--host <address>', 'address to listen on (default 127.0.0.1; any other needs ASSAY_SECRET)')
    .option('--port <number>', 'port to listen on (default 7420)')
    .option('--workers <number>', 'analyses at once (default: one per processor; 0 leaves the work to other machines)')
    .option('--offline', 'ask no registry; what needs one ends in error')
    .option('--starter', 'when there is no study yet, run one over the examples')
    .addHelpText('after', examples)
    .action(async (flags: ServeFlags) => {
      const { serve } = await import('./run-serve.ts')
      await serve(flags, context)
      context.exit(0)
    })
  program
    .command('worker')
    .description('work on studies of a shared database, beside a server elsewhere')
    .option('--workers <number>', 'analyses at once (default: one per processor)')
    .option('--offline', 'ask no registry; what needs one ends in error')
    .addHelpText(
      'after',
      '\nExample:\n  $ DATABASE_URL=postgres://assay@db/assay ASSAY_DATA_DIR=/shared/assay assay worker --workers 8\n',
    )
    .action(async (flags: ServeFlags) => {
      const { work } = await import('./run-serve.ts')
      await work(flags, context)
      context.exit(0)
    })
}

const examples = `
Examples:
  $ assay serve
  $ PORT=8080 assay serve --workers 4
  $ DATABASE_URL=postgres://assay@db/assay ASSAY_SECRET=… assay serve --host 0.0.0.0
`
