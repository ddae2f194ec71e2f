import { type Command, Option } from 'commander'
import type { CommandContext } from '../program.ts'
import { jsonOption, wholeNumber } from './options.ts'

export const roleNames = ['viewer', 'analyst', 'admin'] as const
export type RoleName = (typeof roleNames)[number]

export interface ListFlags {
  readonly limit?: number
  readonly json?: true
}

export interface NewMemberFlags {
  readonly name: string
  readonly role: RoleName
  readonly passwordStdin?: true
  readonly json?: true
}

export interface NewKeyFlags {
  readonly name: string
  readonly role: RoleName
  readonly expires?: number
  readonly json?: true
}

/** `assay members …`, `assay keys …`, `assay audit …`. */
export function teamCommands(program: Command, context: CommandContext): void {
  memberCommands(program, context)
  keyCommands(program, context)
  program
    .command('audit')
    .description('what was done by whom')
    .addHelpText('after', '\nExample:\n  $ assay audit list --limit 20\n')
    .command('list')
    .description('list what was done, the newest first')
    .option('--limit <number>', 'how many at most (default 50)', wholeNumber(1, 100_000))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay audit list --limit 20\n')
    .action(async (flags: ListFlags) => {
      const { listAudit } = await import('./run-team.ts')
      await listAudit(flags, context)
    })
}

const role = (): Option => new Option('--role <role>', 'what they may do').choices(roleNames)

function memberCommands(program: Command, context: CommandContext): void {
  const members = program
    .command('members')
    .description('who may use this workspace')
    .addHelpText('after', memberExamples)
  members
    .command('list')
    .description('list the members')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay members list\n')
    .action(async (flags: ListFlags) => {
      const { listMembers } = await import('./run-team.ts')
      await listMembers(flags, context)
    })
  members
    .command('add')
    .description('add a member')
    .argument('<email>')
    .requiredOption('-n, --name <name>', 'what they are called')
    .addOption(role().default('analyst'))
    .option('--password-stdin', 'read a password of at least 12 characters from standard input')
    .addOption(jsonOption())
    .addHelpText('after', memberExamples)
    .action(async (email: string, flags: NewMemberFlags) => {
      const { addMember } = await import('./run-team.ts')
      await addMember(email, flags, context)
    })
  members
    .command('role')
    .description('change what a member may do')
    .argument('<member>', 'e-mail address or id')
    .addArgument(program.createArgument('<role>', 'what they may do').choices(roleNames))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay members role ada@example.org admin\n')
    .action(async (member: string, changed: RoleName, flags: ListFlags) => {
      const { changeRole } = await import('./run-team.ts')
      await changeRole(member, changed, flags, context)
    })
  members
    .command('remove')
    .description('remove a member, with sessions and keys')
    .argument('<member>', 'e-mail address or id')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay members remove ada@example.org\n')
    .action(async (member: string, flags: ListFlags) => {
      const { removeMember } = await import('./run-team.ts')
      await removeMember(member, flags, context)
    })
}

function keyCommands(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('API keys for programs').addHelpText('after', keyExamples)
  keys
    .command('list')
    .description('list API keys')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay keys list\n')
    .action(async (flags: ListFlags) => {
      const { listKeys } = await import('./run-team.ts')
      await listKeys(flags, context)
    })
  keys
    .command('create')
    .description('issue an API key; it is shown once')
    .requiredOption('-n, --name <name>', 'what it is for')
    .addOption(role().default('viewer'))
    .option('--expires <days>', 'days it is valid (default: for ever)', wholeNumber(1, 3650))
    .addOption(jsonOption())
    .addHelpText('after', keyExamples)
    .action(async (flags: NewKeyFlags) => {
      const { createKey } = await import('./run-team.ts')
      await createKey(flags, context)
    })
  keys
    .command('revoke')
    .description('make an API key invalid')
    .argument('<key>', 'id or name')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ assay keys revoke ci\n')
    .action(async (key: string, flags: ListFlags) => {
      const { revokeKey } = await import('./run-team.ts')
      await revokeKey(key, flags, context)
    })
}

const memberExamples = `
Without a running server these commands open the data themselves, as its owner: the first admin is made so.

Examples:
  $ assay members list
  $ assay members add ada@example.org --name Ada --role admin --password-stdin < password.txt
`

const keyExamples = `
Examples:
  $ assay keys create --name ci --role analyst --expires 90
  $ ASSAY_SERVER=https://assay.example.org ASSAY_KEY=… assay study list
`
