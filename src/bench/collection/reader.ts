import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely, Selectable } from 'kysely'
import { z } from 'zod'
import { type AppSnapshot, decode } from '#bench/apps'
import { NotFound } from '#platform/errors'
import { cursorCodec, type Page, type PageRequest, pageOf } from '#platform/http'
import type { App, AppContent, AppDetail, AppFile } from './resources.ts'
import type { AppFilter } from './routes.ts'
import type { AppTables } from './tables.ts'

/** Characters of a file shown at most. */
const contentLimit = 1_000_000
const cursors = cursorCodec(z.object({ id: z.uuid() }))

type AppRow = Selectable<AppTables['apps']> &
  Pick<Selectable<AppTables['snapshots']>, 'file_count' | 'bytes' | 'lines' | 'stack'>

/** What other rooms know of an app. */
export interface AppRelations {
  /** Routes it serves and calls it makes, as found in its source. */
  interfacesOf(app: AppSnapshot): Promise<{
    readonly routes: readonly AppDetail['routes'][number][]
    readonly calls: readonly AppDetail['calls'][number][]
  }>
  studiesOf(workspace: string, app: string): Promise<AppDetail['studies']>
}

/** Reads apps for one workspace at a time. */
export class AppReader {
  readonly #db: Kysely<AppTables>
  readonly #snapshot: (digest: string) => Promise<AppSnapshot>
  readonly #relations: AppRelations

  constructor(db: Kysely<AppTables>, snapshot: (digest: string) => Promise<AppSnapshot>, relations: AppRelations) {
    this.#relations = relations
    this.#db = db
    this.#snapshot = snapshot
  }

  #select(workspace: string) {
    return this.#db
      .selectFrom('apps')
      .innerJoin('snapshots', 'snapshots.digest', 'apps.snapshot')
      .selectAll('apps')
      .select(['snapshots.file_count', 'snapshots.bytes', 'snapshots.lines', 'snapshots.stack'])
      .where('apps.workspace_id', '=', workspace)
  }

  /** In the order of their names, as a person would sort them. */
  async byIds(workspace: string, ids: readonly string[]): Promise<App[]> {
    const rows = await this.#select(workspace)
      .where('apps.id', 'in', [...ids])
      .execute()
    const order = new Map(ids.map((id, index) => [id, index]))
    return rows.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0)).map(toApp)
  }

  async list(workspace: string, filter: AppFilter, { cursor, limit }: PageRequest): Promise<Page<App>> {
    let query = this.#select(workspace)
    if (filter.q !== undefined) query = query.where('apps.name', 'ilike', `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`)
    if (filter.model !== undefined) query = query.where('apps.model', '=', filter.model)
    if (filter.spec !== undefined) query = query.where('apps.spec', '=', filter.spec)
    if (cursor !== undefined) query = query.where('apps.id', '<', cursors.decode(cursor).id)
    const rows = await query
      .orderBy('apps.id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, ({ id }) => cursors.encode({ id }), toApp)
  }

  async detail(workspace: string, id: string): Promise<AppDetail> {
    const row = await this.#row(workspace, id)
    const snapshot = await this.#snapshot(row.snapshot)
    const { routes, calls } = await this.#relations.interfacesOf(snapshot)
    const languages: Record<string, { files: number; lines: number }> = {}
    for (const { language, lines } of snapshot.files) {
      if (language === undefined) continue
      const entry = languages[language] ?? { files: 0, lines: 0 }
      languages[language] = { files: entry.files + 1, lines: entry.lines + lines }
    }
    return {
      ...toApp(row),
      components: snapshot.components.map((component) => ({ ...component })),
      excluded: snapshot.excluded.map((entry) => ({ ...entry })),
      languages,
      routes: routes.map(({ method, path, file, line }) => ({ method, path, file, line })),
      calls: calls.map(({ method, url, file, line }) => ({ method, url, file, line })),
      studies: await this.#relations.studiesOf(workspace, id),
    }
  }

  async files(workspace: string, id: string): Promise<readonly AppFile[]> {
    const { files } = await this.#snapshot((await this.#row(workspace, id)).snapshot)
    return files.map(({ path, size, kind, language, role, lines }) => ({
      path,
      size,
      kind,
      language: language ?? null,
      role,
      lines,
    }))
  }

  async content(workspace: string, id: string, path: string): Promise<AppContent> {
    const app = await this.#snapshot((await this.#row(workspace, id)).snapshot)
    // Only names the manifest holds are ever opened.
    const file = app.files.find((candidate) => candidate.path === path)
    if (file === undefined) throw new NotFound(`The app has no file ${JSON.stringify(path)}.`)
    if (file.encoding === undefined) throw new NotFound(`${JSON.stringify(path)} is binary: it has no text to show.`)
    const text = decode(await readFile(join(app.root, file.path)), file.encoding)
    return {
      path,
      language: file.language ?? null,
      text: text.slice(0, contentLimit),
      lines: file.lines,
      truncated: text.length > contentLimit,
    }
  }

  async #row(workspace: string, id: string): Promise<AppRow> {
    const row = await this.#select(workspace).where('apps.id', '=', id).executeTakeFirst()
    if (row === undefined) throw new NotFound(`There is no app ${id}.`)
    return row
  }
}

/** An app as the API shows it. */
export function toApp(row: AppRow): App {
  return {
    id: row.id,
    name: row.name,
    model: row.model,
    spec: row.spec,
    sample: row.sample,
    snapshot: row.snapshot,
    files: row.file_count,
    bytes: row.bytes,
    lines: row.lines,
    stack: row.stack,
    createdAt: row.created_at.toISOString(),
  }
}
