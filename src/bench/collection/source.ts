import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { asDiskFailure, type Exclusion } from '#bench/apps'
import { InvalidInput } from '#platform/errors'
import { type ArchiveKind, archiveKindOf, unfold } from './archive.ts'
import { cloneRepository } from './git.ts'
import type { ImportRequest } from './resources.ts'

/** What is imported, as a folder on this machine. Removed when disposed, unless it was the user's own. */
export interface AcquiredSource extends AsyncDisposable {
  readonly folder: string
  /** What to call it when it is one app. */
  readonly label: string
  readonly excluded: readonly Exclusion[]
}

/**
 * Makes a folder of whatever is to be imported.
 * @param serverPaths whether paths of this machine may be named (a local owner may, a member elsewhere may not)
 * @throws InvalidInput when it is missing, damaged, too large or not allowed
 */
export async function acquireSource(
  source: ImportRequest['source'],
  serverPaths: boolean,
  signal: AbortSignal,
): Promise<AcquiredSource> {
  if (source.kind === 'git') {
    return inScratch(async (scratch) => {
      const folder = join(scratch, 'repository')
      await cloneRepository(source, folder, serverPaths ? 'https:http:ssh:git:file' : 'https:ssh', signal)
      return { folder, label: labelOf(source.url), excluded: [] }
    })
  }
  if (!serverPaths) {
    throw new InvalidInput('Paths on the server can only be imported by its local owner.', {
      next: 'Upload an archive, or give a git address.',
    })
  }
  const path = resolve(source.path)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new InvalidInput(`There is no folder or archive ${path}.`, { next: 'Check the path.' })
  if (found.isDirectory())
    return { folder: path, label: basename(path), excluded: [], [Symbol.asyncDispose]: async () => undefined }
  const kind = archiveKindOf(path)
  if (kind === undefined)
    throw new InvalidInput(`${path} is neither a folder nor a zip, tar or tar.gz archive.`, {
      next: 'Give the folder that holds the apps.',
    })
  return inScratch((scratch) => unfolded(path, kind, scratch, labelOf(path), signal))
}

/** Makes a folder of an archive that a client sends. */
export async function acquireUpload(
  stream: Readable,
  kind: ArchiveKind,
  name: string,
  signal: AbortSignal,
): Promise<AcquiredSource> {
  return inScratch(async (scratch) => {
    const path = join(scratch, 'upload')
    await pipeline(stream, createWriteStream(path), { signal })
    return unfolded(path, kind, scratch, labelOf(name), signal)
  })
}

async function unfolded(
  path: string,
  kind: ArchiveKind,
  scratch: string,
  label: string,
  signal: AbortSignal,
): Promise<Omit<AcquiredSource, keyof AsyncDisposable>> {
  const folder = await mkdtemp(join(scratch, 'unfolded-'))
  return { folder, label, excluded: await unfold(path, kind, folder, signal) }
}

async function inScratch(
  make: (scratch: string) => Promise<Omit<AcquiredSource, keyof AsyncDisposable>>,
): Promise<AcquiredSource> {
  const scratch = await mkdtemp(join(tmpdir(), 'assay-import-')).catch((error: unknown) => {
    throw asDiskFailure(error, tmpdir())
  })
  const remove = (): Promise<void> => rm(scratch, { recursive: true, force: true, maxRetries: 3 })
  try {
    return { ...(await make(scratch)), [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw asDiskFailure(error, tmpdir())
  }
}

function labelOf(address: string): string {
  const last = address.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? ''
  return last.replace(/\.(git|zip|tar|tgz|tar\.gz)$/i, '') || 'app'
}
