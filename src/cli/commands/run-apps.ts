import { type App, type AppDetail, appDetailSchema, appSchema } from '#bench/collection'
import { counted, visible } from '#bench/reports'
import { connect } from '../connection.ts'
import { findApp, shortIds } from '../find.ts'
import { grouped, localTime, print, printJson } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { importSource } from '../source.ts'
import { renderRecord, renderTable, styled } from '../table.ts'
import { screen, type Terminal, terminalOf } from '../terminal.ts'
import type { AppImportFlags, AppListFlags } from './apps.ts'

const listed = 100
/** Apps of one import share the millisecond: this many characters hold 26 random bits besides. */
const appIdLength = 23
/** Excluded entries written out. */
const shownExcluded = 20

/** `assay apps list`. */
export async function listApps(flags: AppListFlags, context: CommandContext): Promise<void> {
  await using connection = await connect(context)
  const { json, limit = listed, ...filter } = flags
  const { items, more } = await connection.list(appSchema, '/apps', { ...filter, limit })
  if (json) return printJson({ apps: items, more })
  if (items.length === 0) return print('No app matches. Import some: assay apps import FOLDER\n')
  print(appTable(items, terminalOf(process.stdout)))
  if (more) print(`Only ${items.length} are shown; --limit shows more.\n`)
}

/** `assay apps import`. */
export async function importCommand(source: string, flags: AppImportFlags, context: CommandContext): Promise<void> {
  await using connection = await connect(context)
  screen.draw([`Importing ${visible(source)} …`])
  const imported = await importSource(connection, source, flags, context.signal).finally(() => screen.clear())
  if (flags.json) return printJson(imported)
  const terminal = terminalOf(process.stdout)
  print(appTable(imported.apps, terminal))
  if (imported.skipped.length > 0) {
    print(`\n${styled('yellow', 'Left out', terminal)}\n${exclusions(imported.skipped, terminal)}`)
  }
}

/** `assay apps show`. */
export async function showApp(id: string, flags: { readonly json?: true }, context: CommandContext): Promise<void> {
  await using connection = await connect(context)
  const found = await findApp(connection, id)
  const app = await connection.get(appDetailSchema, `/apps/${found.id}`)
  if (flags.json) return printJson(app)
  print(appText(app, terminalOf(process.stdout)))
}

function appTable(apps: readonly App[], terminal: Terminal): string {
  const ids = shortIds(
    apps.map(({ id }) => id),
    appIdLength,
  )
  return renderTable(
    [
      { title: 'id' },
      { title: 'name', flexible: true },
      { title: 'model', flexible: true },
      { title: 'spec', flexible: true },
      { title: 'files', align: 'right' },
      { title: 'lines', align: 'right' },
      { title: 'stack', flexible: true },
      { title: 'imported' },
    ],
    apps.map((app, at) => [
      ids[at] ?? app.id,
      app.name,
      app.model ?? '',
      app.spec ?? '',
      grouped(app.files),
      grouped(app.lines),
      app.stack.join(', '),
      localTime(app.createdAt),
    ]),
    terminal,
  )
}

function appText(app: AppDetail, terminal: Terminal): string {
  const languages = Object.entries(app.languages).sort(([, a], [, b]) => b.lines - a.lines)
  const section = (title: string, text: string): string => `\n${styled('bold', title, terminal)}\n${text}`
  return [
    renderRecord(
      [
        ['app', app.name],
        ['id', app.id],
        ['model', app.model ?? 'unknown'],
        ['spec', app.spec ?? 'unknown'],
        [
          'size',
          `${counted(app.files, 'file', 'files')}, ${grouped(app.bytes)} bytes, ${grouped(app.lines)} lines of code`,
        ],
        ['content', app.snapshot],
        ['studies', app.studies.map(({ name }) => name).join(', ') || 'none'],
      ],
      terminal,
    ),
    section(
      'Components',
      app.components.length === 0
        ? 'No framework was recognised.\n'
        : renderTable(
            [
              { title: 'folder' },
              { title: 'role' },
              { title: 'framework' },
              { title: 'language' },
              { title: 'seen in', flexible: true },
            ],
            app.components.map(({ path, role, framework, language, evidence }) => [
              path || '.',
              role,
              framework,
              language,
              evidence,
            ]),
            terminal,
          ),
    ),
    section(
      'Languages',
      renderTable(
        [{ title: 'language' }, { title: 'files', align: 'right' }, { title: 'lines', align: 'right' }],
        languages.map(([language, { files, lines }]) => [language, grouped(files), grouped(lines)]),
        terminal,
      ),
    ),
    section(
      'Routes',
      endpoints(
        app.routes.map((route) => ({ ...route, target: route.path })),
        terminal,
      ),
    ),
    section(
      'Outgoing calls',
      endpoints(
        app.calls.map((call) => ({ ...call, target: call.url })),
        terminal,
      ),
    ),
    app.excluded.length === 0 ? '' : section('Left out', exclusions(app.excluded, terminal)),
  ].join('')
}

function endpoints(
  items: readonly { readonly method: string; readonly target: string; readonly file: string; readonly line: number }[],
  terminal: Terminal,
): string {
  if (items.length === 0) return 'None found in the source.\n'
  return renderTable(
    [{ title: 'method' }, { title: 'address', flexible: true }, { title: 'where', flexible: true }],
    items.map(({ method, target, file, line }) => [method, target, `${file}:${line}`]),
    terminal,
  )
}

function exclusions(items: readonly { readonly path: string; readonly reason: string }[], terminal: Terminal): string {
  const table = renderTable(
    [
      { title: 'path', flexible: true },
      { title: 'reason', flexible: true },
    ],
    items.slice(0, shownExcluded).map(({ path, reason }) => [path, reason]),
    terminal,
  )
  return items.length > shownExcluded ? `${table}… and ${items.length - shownExcluded} more: see --json\n` : table
}
