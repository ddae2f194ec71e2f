import { mkdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import {
  type AppSnapshot,
  asDiskFailure,
  moveInto,
  printable,
  removeUnfinished,
  snapshotDirectory,
  unfinishedIn,
} from '#bench/apps'
import type { BlobStore } from '#platform/blobs'
import { type Database, jsonText, newId, plainText } from '#platform/database'
import { InvalidInput, messageOf, NotFound } from '#platform/errors'
import { type FoundApp, findApps } from './layout.ts'
import { pack, unpack } from './pack.ts'
import { inParallel } from './parallel.ts'
import { AppReader, type AppRelations } from './reader.ts'
import type { App, ImportResult } from './resources.ts'
import type { AppRouteServices } from './routes.ts'
import { type AcquiredSource, acquireSource, acquireUpload } from './source.ts'
import type { AppTables } from './tables.ts'

/** The apps of all workspaces and their snapshots. */
export interface Apps extends AppRouteServices {
  /** The snapshot of that digest, its files on this machine. */
  snapshot(digest: string): Promise<AppSnapshot>
}

export interface AppsOptions {
  readonly database: Database
  readonly blobs: BlobStore
  /** Where snapshots are unfolded, kept by digest. */
  readonly snapshots: string
  /** Whether members may name folders of this machine. */
  readonly serverPaths: boolean
  readonly relations: AppRelations
  readonly now: () => number
  readonly log?: (message: string) => void
}

const snapshotsAtOnce = 8
const uploadKinds = { 'application/zip': 'zip', 'application/gzip': 'tar.gz', 'application/x-tar': 'tar' } as const

/** Opens the apps room. */
export function openApps(options: AppsOptions): Apps {
  const db = options.database.tables<AppTables>()
  const loaded = new Map<string, Promise<AppSnapshot>>()

  const snapshot = (digest: string): Promise<AppSnapshot> => {
    const known = loaded.get(digest)
    if (known !== undefined) {
      loaded.delete(digest)
      loaded.set(digest, known)
      return known
    }
    const load = loadSnapshot(digest)
    loaded.set(digest, load)
    load.catch(() => loaded.delete(digest))
    const oldest = loaded.keys().next().value
    if (loaded.size > snapshotsKept && oldest !== undefined) loaded.delete(oldest)
    return load
  }

  async function loadSnapshot(digest: string): Promise<AppSnapshot> {
    const row = await db.selectFrom('snapshots').selectAll().where('digest', '=', digest).executeTakeFirst()
    if (row === undefined) throw new NotFound(`There is no snapshot ${digest}.`)
    const root = join(options.snapshots, digest.slice('sha256:'.length))
    if ((await stat(root).catch(() => undefined)) === undefined) {
      const draft = unfinishedIn(options.snapshots)
      try {
        const archive = await options.blobs.get(row.archive)
        await mkdir(draft, { recursive: true })
        await unpack(archive, row.files, draft)
        await moveInto(draft, root)
      } catch (error) {
        await rm(draft, { recursive: true, force: true })
        throw asDiskFailure(error, options.snapshots)
      }
    }
    return { digest, root, files: row.files, excluded: row.excluded, components: row.components }
  }

  async function importFrom(
    workspace: string,
    source: AcquiredSource,
    request: { manifest?: string | undefined; scaffold?: string | undefined },
    signal: AbortSignal,
  ): Promise<ImportResult> {
    const { apps, skipped } = await findApps(source.folder, source.label, request.manifest)
    const take = (folder: string, stop: AbortSignal): Promise<AppSnapshot> =>
      snapshotDirectory(folder, { store: options.snapshots, signal: stop })
    const scaffold = request.scaffold === undefined ? undefined : await take(resolve(request.scaffold), signal)
    // Most of the time goes by waiting for the disk.
    const found = await inParallel(apps, snapshotsAtOnce, signal, async (app, stop) => ({
      app,
      snapshot: await take(join(source.folder, app.folder), stop),
    }))
    const snapshots = [...found.map((entry) => entry.snapshot), ...(scaffold ? [scaffold] : [])]
    const archives = await archiveNew(snapshots, signal)
    const rows = await store(workspace, found, scaffold?.digest ?? null, snapshots, archives)
    const excluded = found.flatMap(({ app, snapshot: { excluded } }) =>
      excluded.map(({ path, reason }) => ({ path: app.folder === '' ? path : `${app.folder}/${path}`, reason })),
    )
    return {
      apps: rows,
      skipped: [...skipped, ...source.excluded, ...excluded].map(({ path, reason }) => ({
        path: printable(path),
        reason,
      })),
    }
  }

  /** Packs the contents that are not kept yet, or not intact any more; returns the blob by snapshot digest. */
  async function archiveNew(
    snapshots: readonly AppSnapshot[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const present = await db
      .selectFrom('snapshots')
      .select(['digest', 'archive'])
      .where(sql<boolean>`digest = any(${[...new Set(snapshots.map(({ digest }) => digest))]}::text[])`)
      .execute()
    const fresh = new Map(snapshots.map((snapshot) => [snapshot.digest, snapshot]))
    await inParallel(present, snapshotsAtOnce, signal, async ({ digest, archive }) => {
      if (await options.blobs.has(archive)) fresh.delete(digest)
    })
    return new Map(
      await inParallel([...fresh.values()], snapshotsAtOnce, signal, async ({ digest, root, files }) => {
        return [digest, await options.blobs.put(await pack(root, files))] as const
      }),
    )
  }

  async function store(
    workspace: string,
    found: readonly { app: FoundApp; snapshot: AppSnapshot }[],
    scaffold: string | null,
    snapshots: readonly AppSnapshot[],
    archives: ReadonlyMap<string, string>,
  ): Promise<App[]> {
    const createdAt = new Date(options.now())
    const fresh = new Map(snapshots.filter(({ digest }) => archives.has(digest)).map((entry) => [entry.digest, entry]))
    const ids = await db.transaction().execute(async (trx) => {
      for (const entry of fresh.values()) {
        await trx
          .insertInto('snapshots')
          .values({
            digest: entry.digest,
            files: jsonText(entry.files),
            excluded: jsonText(entry.excluded),
            components: jsonText(entry.components),
            archive: archives.get(entry.digest) ?? '',
            file_count: entry.files.length,
            bytes: entry.files.reduce((sum, file) => sum + file.size, 0),
            lines: sourceLines(entry),
            stack: [...new Set(entry.components.map((component) => component.framework))],
          })
          .onConflict((conflict) =>
            conflict.column('digest').doUpdateSet((update) => ({ archive: update.ref('excluded.archive') })),
          )
          .execute()
      }
      const rows: { id: string }[] = []
      for (let from = 0; from < found.length; from += appsPerInsert) {
        const batch = await trx
          .insertInto('apps')
          .values(
            found.slice(from, from + appsPerInsert).map(({ app, snapshot: { digest } }) => ({
              id: newId(options.now()),
              workspace_id: workspace,
              name: plainText(app.name),
              model: app.model === null ? null : plainText(app.model),
              spec: app.spec === null ? null : plainText(app.spec),
              sample: app.sample,
              snapshot: digest,
              scaffold,
              created_at: createdAt,
            })),
          )
          .onConflict((conflict) =>
            conflict.columns(['workspace_id', 'name', 'snapshot']).doUpdateSet((update) => ({
              model: update.ref('excluded.model'),
              spec: update.ref('excluded.spec'),
              sample: update.ref('excluded.sample'),
              scaffold: update.ref('excluded.scaffold'),
            })),
          )
          .returning('id')
          .execute()
        rows.push(...batch)
      }
      return rows.map(({ id }) => id)
    })
    return reader.byIds(workspace, ids)
  }

  // With the embedded database nobody else works on the folder; with a shared one, an import takes no hour.
  const leftBehind = removeUnfinished(
    options.snapshots,
    options.database.kind === 'pglite' ? 0 : unfinishedMs,
    options.now(),
  )
  leftBehind.catch((error: unknown) => options.log?.(`Unfinished imports were not removed: ${messageOf(error)}`))

  const reader = new AppReader(db, snapshot, options.relations)
  return {
    snapshot,
    async importApps(workspace, request, signal) {
      if (request.scaffold !== undefined && !options.serverPaths) {
        throw new InvalidInput('A scaffold on the server can only be named by its local owner.', {
          next: 'Leave it out: what is identical across models is recognised.',
        })
      }
      await using source = await acquireSource(request.source, options.serverPaths, signal)
      return await importFrom(workspace, source, request, signal)
    },
    async importUpload(workspace, upload, name, signal) {
      const kind = Object.entries(uploadKinds).find(([type]) => type === upload.type)?.[1]
      if (kind === undefined)
        throw new InvalidInput(`${upload.type} is not an archive Assay can unpack.`, {
          next: 'Send a zip, tar or tar.gz archive.',
        })
      await using source = await acquireUpload(upload.stream, kind, name, signal)
      return await importFrom(workspace, source, {}, signal)
    },
    listApps: (workspace, filter, request) => reader.list(workspace, filter, request),
    getApp: (workspace, id) => reader.detail(workspace, id),
    listFiles: (workspace, id) => reader.files(workspace, id),
    readContent: (workspace, id, path) => reader.content(workspace, id, path),
  }
}

/** Apps to a statement; PostgreSQL takes 65 535 parameters. */
const appsPerInsert = 1000
/** Milliseconds after which a half-written snapshot is nobody's. */
const unfinishedMs = 60 * 60 * 1000
/** Snapshots whose lists of files are kept in memory. */
const snapshotsKept = 500

/** Lines that count as written code. */
export function sourceLines(app: AppSnapshot): number {
  return app.files.reduce((sum, file) => sum + (file.role === 'source' || file.role === 'template' ? file.lines : 0), 0)
}
