import type { Command } from 'commander'
import type { CommandContext } from '../program.ts'
import { jsonOption, wholeNumber } from './options.ts'

export interface AppListFlags {
  readonly q?: string
  readonly model?: string
  readonly spec?: string
  readonly limit?: number
  readonly json?: true
}

export interface AppImportFlags {
  readonly manifest?: string
  readonly scaffold?: string
  readonly ref?: string
  readonly json?: true
}

/** `assay apps …`. */
export function appCommands(program: Command, context: CommandContext): void {
  const apps = program.command('apps').description('import and look at apps').addHelpText('after', examples)
  apps
    .command('list')
    .description('list the apps imported, the newest first')
    .option('-q, --q <text>', 'part of the name')
    .option('--model <model>', 'only apps of this model')
    .option('--spec <spec>', 'only apps of this spec')
    .option('--limit <number>', 'how many at most (default 100)', wholeNumber(1, 100_000))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay apps list --model careful\n')
    .action(async (flags: AppListFlags) => {
      const { listApps } = await import('./run-apps.ts')
      await listApps(flags, context)
    })
  apps
    .command('import')
    .description('import apps without starting a study')
    .argument('<source>', 'folder, zip or tar archive, or git address')
    .option('--manifest <file>', 'YAML that says which folder is which app (default: assay.yaml in the source)')
    .option('--scaffold <dir>', 'the code every model was given; its flaws are not charged to the models')
    .option('--ref <ref>', 'branch or tag of a git repository')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay apps import ./generated\n')
    .action(async (source: string, flags: AppImportFlags) => {
      const { importCommand } = await import('./run-apps.ts')
      await importCommand(source, flags, context)
    })
  apps
    .command('show')
    .description('show one app: components, languages, routes, outgoing calls')
    .argument('<id>', 'id, beginning of an id, or name')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay apps show careful/app1\n')
    .action(async (id: string, flags: { readonly json?: true }) => {
      const { showApp } = await import('./run-apps.ts')
      await showApp(id, flags, context)
    })
}

const examples = `
Examples:
  $ assay apps import ./generated
  $ assay apps list --model careful
  $ assay apps show careful/app1
`
