import type { Command } from 'commander'
import type { CommandContext } from '../program.ts'
import { jsonOption, wholeNumber } from './options.ts'

export interface FindingListFlags {
  readonly study?: string
  readonly app?: string
  readonly model?: string
  readonly severity?: string
  readonly analyzer?: string
  readonly rule?: string
  readonly state?: string
  readonly provenance?: string
  readonly confidence?: string
  readonly q?: string
  readonly limit?: number
  readonly json?: true
}

export interface TriageFlags {
  readonly reason: string
  readonly json?: true
}

/** The verbs, and the state each puts a finding into. */
export const triageVerbs = [
  { verb: 'accept', state: 'accepted', does: 'keep a finding as it is, knowingly' },
  { verb: 'false-positive', state: 'false_positive', does: 'say that a finding is none' },
  { verb: 'reopen', state: 'open', does: 'take back such a decision' },
] as const
export type TriageState = (typeof triageVerbs)[number]['state']

/** `assay findings …`. */
export function findingCommands(program: Command, context: CommandContext): void {
  const findings = program
    .command('findings')
    .description('look at findings, and decide about them')
    .addHelpText('after', examples)
  findings
    .command('list')
    .description('list findings, the worst first')
    .option('--study <id>', 'id, beginning of an id, or name of a study')
    .option('--app <id>', 'id, beginning of an id, or name of an app')
    .option('--model <model>', 'only of apps of this model')
    .option('--severity <list>', 'critical, high, medium, low, info; separated by commas')
    .option('--analyzer <id>', 'only what this analyzer saw')
    .option('--rule <rule>', 'analyzer/rule')
    .option('--state <list>', 'open, fixed, regressed, accepted, false_positive; separated by commas')
    .option('--provenance <list>', 'model, scaffold, dependency; separated by commas')
    .option('--confidence <list>', 'high, medium, low; separated by commas (default high,medium)')
    .option('-q, --q <text>', 'part of the title, message, rule or path')
    .option('--limit <number>', 'how many at most (default 50)', wholeNumber(1, 1_000_000))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      "\nExample:\n  $ assay findings list --study 'first look' --severity critical,high --state open\n",
    )
    .action(async (flags: FindingListFlags) => {
      const { listFindings } = await import('./run-findings.ts')
      await listFindings(flags, context)
    })
  findings
    .command('show')
    .description('show one finding with its evidence and its history')
    .argument('<id>', "as 'assay findings list' shows it")
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay findings show 01890a5d-ac96-774b-bcce-b302099a8057\n')
    .action(async (id: string, flags: { readonly json?: true }) => {
      const { showFinding } = await import('./run-findings.ts')
      await showFinding(id, flags, context)
    })
  for (const { verb, state, does } of triageVerbs) {
    findings
      .command(verb)
      .description(does)
      .argument('<id>', "as 'assay findings list' shows it")
      .requiredOption('-r, --reason <text>', 'why; kept with your name')
      .addOption(jsonOption())
      .addHelpText(
        'after',
        `\nExample:\n  $ assay findings ${verb} 01890a5d-ac96-774b-bcce-b302099a8057 --reason 'seen by the team'\n`,
      )
      .action(async (id: string, flags: TriageFlags) => {
        const { triageFinding } = await import('./run-findings.ts')
        await triageFinding(id, state, flags, context)
      })
  }
}

const examples = `
Examples:
  $ assay findings list --severity critical,high
  $ assay findings list --study 'first look' --model careless --q password
  $ assay findings show 01890a5d-ac96-774b-bcce-b302099a8057
  $ assay findings accept 01890a5d-ac96-774b-bcce-b302099a8057 --reason 'only in the demo'
`
