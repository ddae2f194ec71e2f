import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PassThrough, Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import yauzl from 'yauzl'
import { InvalidInput, messageOf } from '#platform/errors'
import type { Exclusion } from './snapshot.ts'
import { printable } from './walk.ts'

export type ArchiveKind = 'zip' | 'tar' | 'tar.gz'

/** What an archive may unfold to. */
export const archiveLimits = { entries: 200_000, bytes: 1024 * 1024 * 1024, fileBytes: 64 * 1024 * 1024 } as const

/** What kind of archive a file name promises. */
export function archiveKindOf(name: string): ArchiveKind | undefined {
  if (/\.zip$/i.test(name)) return 'zip'
  if (/\.(tar\.gz|tgz)$/i.test(name)) return 'tar.gz'
  return /\.tar$/i.test(name) ? 'tar' : undefined
}

/**
 * Unfolds an untrusted archive into an empty folder. Nothing is written outside it: links, devices and names that
 * leave it are left out and listed. Sizes are counted while unfolding, whatever the archive claims.
 *
 * @throws InvalidInput when the archive is damaged, holds a file twice, or unfolds to more than {@link archiveLimits}
 */
export async function unfold(
  path: string,
  kind: ArchiveKind,
  folder: string,
  signal?: AbortSignal,
): Promise<readonly Exclusion[]> {
  const target = new ArchiveTarget(path, folder)
  try {
    if (kind === 'zip') await unfoldZip(path, target, signal)
    else await unfoldTar(path, kind, target, signal)
  } catch (error) {
    if (error instanceof InvalidInput || signal?.aborted) throw error
    throw new InvalidInput(`${path} cannot be unpacked: ${messageOf(error)}.`, {
      next: 'Check that it is a complete zip, tar or tar.gz archive.',
      cause: error,
    })
  }
  return target.excluded
}

/** Where entries go, and the count of what they took. */
class ArchiveTarget {
  readonly excluded: Exclusion[] = []
  readonly #archive: string
  readonly #folder: string
  readonly #written = new Set<string>()
  #entries = 0
  #bytes = 0

  constructor(archive: string, folder: string) {
    this.#archive = archive
    this.#folder = folder
  }

  /** Writes one entry, or drains it when it has no place here. */
  async take(name: string, type: 'file' | 'folder' | 'other', content: () => Promise<Readable>): Promise<void> {
    this.#entries += 1
    if (this.#entries > archiveLimits.entries) this.#refuse(`more than ${archiveLimits.entries} entries`)
    if (type === 'folder') {
      ;(await content()).resume()
      return
    }
    const path = safePath(name)
    if (path === undefined) {
      this.excluded.push({ path: name, reason: 'its name leads out of the archive' })
    } else if (type === 'other') {
      this.excluded.push({ path, reason: 'a link or special file' })
    } else {
      if (this.#written.has(path))
        throw new InvalidInput(`${this.#archive} holds ${printable(path)} twice.`, { next: 'Pack it again.' })
      this.#written.add(path)
      const file = join(this.#folder, path)
      await mkdir(dirname(file), { recursive: true })
      await pipeline(await content(), this.#meter(path), createWriteStream(file, { flags: 'wx' }))
      return
    }
    await pipeline(await content(), this.#meter(name), new PassThrough().resume())
  }

  #meter(path: string): Transform {
    let size = 0
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        size += chunk.length
        this.#bytes += chunk.length
        try {
          if (size > archiveLimits.fileBytes)
            this.#refuse(`${printable(path)}, which is larger than ${archiveLimits.fileBytes / 1024 / 1024} MiB`)
          if (this.#bytes > archiveLimits.bytes) this.#refuse(`more than ${archiveLimits.bytes / 1024 / 1024} MiB`)
          done(null, chunk)
        } catch (error) {
          done(error instanceof Error ? error : new Error(messageOf(error)))
        }
      },
    })
  }

  #refuse(what: string): never {
    throw new InvalidInput(`${this.#archive} unfolds to ${what}.`, {
      next: 'Pack only the source code: no installed packages, no data.',
    })
  }
}

/** The name as a relative path inside the archive, or undefined when it leads elsewhere. */
function safePath(name: string): string | undefined {
  if (name.includes('\\') || name.includes('\0') || name.startsWith('/') || /^[a-z]:/i.test(name)) return undefined
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  return parts.length === 0 || parts.includes('..') ? undefined : parts.join('/').normalize('NFC')
}

async function unfoldTar(
  path: string,
  kind: 'tar' | 'tar.gz',
  target: ArchiveTarget,
  signal?: AbortSignal,
): Promise<void> {
  const entries = extract()
  entries.on('entry', (header, stream, next) => {
    const type = header.type === 'file' ? 'file' : header.type === 'directory' ? 'folder' : 'other'
    target
      .take(header.name, type, async () => Readable.from(stream))
      .then(() => next())
      .catch((error: unknown) => entries.destroy(error instanceof Error ? error : new Error(messageOf(error))))
  })
  const source = createReadStream(path)
  const options = signal ? { signal } : {}
  if (kind === 'tar') await pipeline(source, entries, options)
  else await pipeline(source, createGunzip(), entries, options)
}

async function unfoldZip(path: string, target: ArchiveTarget, signal?: AbortSignal): Promise<void> {
  const zip = await yauzl.openPromise(path, { strictFileNames: false, validateEntrySizes: true, decodeStrings: true })
  try {
    for await (const entry of zip.eachEntry()) {
      signal?.throwIfAborted()
      const mode = (entry.externalFileAttributes >>> 16) & 0o170000
      const type = entry.fileName.endsWith('/') ? 'folder' : mode === 0 || mode === 0o100000 ? 'file' : 'other'
      await target.take(entry.fileName, type, () => zip.openReadStreamPromise(entry))
    }
  } finally {
    zip.close()
  }
}
