import { type Command, Option } from 'commander'
import type { CommandContext } from '../program.ts'
import { commaSeparated, jsonOption, retryOutcomes, type SeverityName, severityNames, wholeNumber } from './options.ts'

export interface WorkFlags {
  readonly failOn?: SeverityName
  readonly offline?: true
  readonly json?: true
}

export interface AddFlags extends WorkFlags {
  readonly manifest?: string
  readonly scaffold?: string
  readonly ref?: string
}

export interface RunFlags extends AddFlags {
  readonly name: string
  readonly question?: string
  readonly analyzers?: string[]
  readonly repeats?: number
  readonly run?: true
}

export interface ExportFlags {
  readonly format: 'json' | 'csv' | 'sarif'
  readonly out?: string
}

/** `assay study …`. */
export function studyCommands(program: Command, context: CommandContext): void {
  const study = program
    .command('study')
    .description('compare apps, and the models that wrote them')
    .addHelpText('after', examples)
  runningCommands(study, context)
  readingCommands(study, context)
}

const failOn = (): Option =>
  new Option('--fail-on <severity>', 'exit with 1 on open findings of this severity or worse').choices(severityNames)
const offline = (): Option => new Option('--offline', 'ask no registry; what needs one ends in error')

/** The flags that say how to import. */
function sourceOptions(command: Command): Command {
  return command
    .option('--manifest <file>', 'YAML that says which folder is which app (default: assay.yaml in the source)')
    .option('--scaffold <dir>', 'the code every model was given; its flaws are not charged to the models')
    .option('--ref <ref>', 'branch or tag of a git repository')
}

function runningCommands(study: Command, context: CommandContext): void {
  sourceOptions(
    study
      .command('run')
      .description('import apps, analyse them all, compare the models')
      .argument('<source>', 'folder, zip or tar archive, or git address')
      .requiredOption('-n, --name <name>', 'what to call the study')
      .option('-q, --question <text>', 'what it is to answer')
      .option('-a, --analyzers <ids>', 'only these, separated by commas', commaSeparated)
      .option('--run', 'also start the apps, in a sandbox, and test them while they run')
      .option('--repeats <number>', 'how often every app is analysed (default 1)', wholeNumber(1, 100)),
  )
    .addOption(failOn())
    .addOption(offline())
    .addOption(jsonOption())
    .addHelpText('after', runExamples)
    .action(async (source: string, flags: RunFlags) => {
      const { runStudy } = await import('./run-study.ts')
      context.exit(await runStudy(source, flags, context))
    })
  study
    .command('resume')
    .description('go on with a study that was interrupted or cancelled')
    .argument('<id>', 'id, beginning of an id, or name')
    .addOption(failOn())
    .addOption(offline())
    .addOption(jsonOption())
    .addHelpText('after', "\nExample:\n  $ assay study resume 'first look'\n")
    .action(async (id: string, flags: WorkFlags) => {
      const { resumeStudy } = await import('./run-study.ts')
      context.exit(await resumeStudy(id, flags, context))
    })
  study
    .command('retry')
    .description('run again what ended without a result')
    .argument('<id>', 'id, beginning of an id, or name')
    .option('--outcomes <outcomes>', `only these (default ${retryOutcomes.join(',')})`, commaSeparated)
    .addOption(failOn())
    .addOption(offline())
    .addOption(jsonOption())
    .addHelpText('after', "\nExample:\n  $ assay study retry 'first look' --outcomes timed_out\n")
    .action(async (id: string, flags: WorkFlags & { readonly outcomes?: string[] }) => {
      const { retryStudy } = await import('./run-study.ts')
      context.exit(await retryStudy(id, flags, context))
    })
  sourceOptions(
    study
      .command('add')
      .description('import further apps into a study and analyse them')
      .argument('<id>', 'id, beginning of an id, or name')
      .argument('<source>', 'folder, zip or tar archive, or git address'),
  )
    .addOption(failOn())
    .addOption(offline())
    .addOption(jsonOption())
    .addHelpText('after', "\nExample:\n  $ assay study add 'first look' ./generated-by-another-model\n")
    .action(async (id: string, source: string, flags: AddFlags) => {
      const { addToStudy } = await import('./run-study.ts')
      context.exit(await addToStudy(id, source, flags, context))
    })
}

function readingCommands(study: Command, context: CommandContext): void {
  study
    .command('list')
    .description('list studies, the newest first')
    .option('--limit <number>', 'how many at most (default 50)', wholeNumber(1, 100_000))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay study list --limit 10\n')
    .action(async (flags: { readonly limit?: number; readonly json?: true }) => {
      const { listStudies } = await import('./show-studies.ts')
      await listStudies(flags, context)
    })
  study
    .command('show')
    .description('show a study: its state, the models compared, what was not measured')
    .argument('<id>', 'id, beginning of an id, or name')
    .addOption(jsonOption())
    .addHelpText('after', "\nExample:\n  $ assay study show 'first look'\n")
    .action(async (id: string, flags: { readonly json?: true }) => {
      const { showStudy } = await import('./show-studies.ts')
      await showStudy(id, flags, context)
    })
  study
    .command('export')
    .description('write everything a study found')
    .argument('<id>', 'id, beginning of an id, or name')
    .addOption(new Option('-f, --format <format>', 'kind of file').choices(['json', 'csv', 'sarif']).default('json'))
    .option('-o, --out <file>', 'write to a file instead of standard output')
    .addOption(new Option('--json', 'same as --format json').implies({ format: 'json' }).hideHelp())
    .addHelpText('after', "\nExample:\n  $ assay study export 'first look' --format csv --out findings.csv\n")
    .action(async (id: string, flags: ExportFlags) => {
      const { exportStudy } = await import('./show-studies.ts')
      await exportStudy(id, flags, context)
    })
  for (const [verb, does] of [
    ['cancel', 'stop a study; what is finished stays'],
    ['delete', 'delete a study with its analyses and findings'],
  ] as const) {
    study
      .command(verb)
      .description(does)
      .argument('<id>', 'id, beginning of an id, or name')
      .addOption(jsonOption())
      .addHelpText('after', `\nExample:\n  $ assay study ${verb} 'first look'\n`)
      .action(async (id: string, flags: { readonly json?: true }) => {
        const { cancelStudy, deleteStudy } = await import('./show-studies.ts')
        await (verb === 'cancel' ? cancelStudy : deleteStudy)(id, flags, context)
      })
  }
}

const examples = `
Examples:
  $ assay study run ./generated --name 'first look'
  $ assay study list
  $ assay study show 'first look'
  $ assay study export 'first look' --format sarif --out first-look.sarif
`

const runExamples = `
The source holds {model}/app{n}/…, app{n}/…, one app by itself, or any layout that its assay.yaml describes.
Ctrl-C leaves the study as it is: 'assay study resume' goes on from the last finished analysis.

Examples:
  $ assay study run ./generated --name 'first look'
  $ assay study run apps.zip --name nightly --analyzers patterns,secrets --fail-on high --json
  $ assay study run https://github.com/someone/generated-apps.git --ref main --name 'from git'
  $ assay study run ./generated --name fair --scaffold ./template --question 'Who writes the safer login?'
`
