import { configuredOptions } from '#bench/analyzers'
import { type Config, environmentVariables, Secret, traceConfig } from '#platform/config'
import { print, printJson } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { renderTable } from '../table.ts'
import { terminalOf } from '../terminal.ts'
import type { SettingsFlags } from './settings.ts'

/** `assay config`. */
export async function showSettings(flags: SettingsFlags, _context: CommandContext): Promise<void> {
  const { config, origins } = await traceConfig({
    environment: process.env,
    workingDirectory: process.cwd(),
    ...(flags.config !== undefined && { file: flags.config }),
  })
  configuredOptions(config)
  const names: readonly (keyof Config)[] = [...Object.values(environmentVariables), 'analyzers', 'dataflow']
  const settings = names.map((name) => ({ name, value: config[name], origin: origins.get(name) ?? 'default' }))
  if (flags.json) {
    return printJson({
      settings: Object.fromEntries(settings.map(({ name, value, origin }) => [name, { value: value ?? null, origin }])),
    })
  }
  const rows = settings.map(({ name, value, origin }) => [name, textOf(value), origin])
  const columns = [{ title: 'setting' }, { title: 'value', flexible: true }, { title: 'from', flexible: true }] as const
  print(renderTable(columns, rows, terminalOf(process.stdout)))
}

function textOf(value: Config[keyof Config]): string {
  if (value === undefined) return 'not set'
  if (value instanceof Secret) return 'set, hidden'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
