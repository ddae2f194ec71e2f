import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PassThrough, Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import yauzl from 'yauzl'
import { asDiskFailure, type Exclusion, printable } from '#bench/apps'
import { AssayError, InvalidInput, messageOf } from '#platform/errors'

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
 * @throws Unavailable when the disk is full
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
  } catch (cause) {
    const error = asDiskFailure(cause, folder)
    if (error instanceof AssayError || signal?.aborted) throw error
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
    const path = partsOf(name).join('/').normalize('NFC')
    const reason = type === 'other' ? 'a link or special file' : unfit(name)
    if (reason !== undefined) {
      this.excluded.push({ path: name.slice(0, shownName), reason })
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
    throw new InvalidInput(`${this.#archive} unfolds to ${what}.`, packLess)
  }
}

/** Why a file of that name has no place in a folder; undefined when it has one. */
function unfit(name: string): string | undefined {
  const parts = partsOf(name)
  if (name.includes('\\')) return 'file name holds a backslash'
  if (
    name.includes('\0') ||
    name.startsWith('/') ||
    /^[a-z]:/i.test(name) ||
    parts.includes('..') ||
    parts.length === 0
  )
    return 'its name leads out of the archive'
  if (name.includes('\ufffd')) return 'file name is not valid UTF-8'
  if (parts.some((part) => Buffer.byteLength(part) > longestPart) || Buffer.byteLength(name) > longestPath)
    return 'file name is too long'
  return undefined
}

function partsOf(name: string): string[] {
  return name.split('/').filter((part) => part !== '' && part !== '.')
}

/** Bytes of a file name that every file system takes. */
const longestPart = 255
/** Bytes of a path that leave room for the folder it is put in. */
const longestPath = 2048
/** Characters of a name that are shown. */
const shownName = 300

/** What an archive holds besides files (headers, padding) counts too: a bomb may be nothing else. */
function boundRaw(archive: string): Transform {
  const most = archiveLimits.bytes + archiveLimits.entries * 1024
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes <= most) return done(null, chunk)
      done(new InvalidInput(`${archive} unfolds to more than ${archiveLimits.bytes / 1024 / 1024} MiB.`, packLess))
    },
  })
}

const packLess = { next: 'Pack only the source code: no installed packages, no data.' }

async function unfoldTar(
  path: string,
  kind: 'tar' | 'tar.gz',
  target: ArchiveTarget,
  signal?: AbortSignal,
): Promise<void> {
  const entries = extract()
  // The pipeline tells of failures; the parser repeats some afterwards, to nobody, which would end the process.
  const repeated = (): undefined => undefined
  entries.on('error', repeated)
  entries.on('entry', (header, stream, next) => {
    stream.on('error', repeated)
    const type = header.type === 'file' ? 'file' : header.type === 'directory' ? 'folder' : 'other'
    target
      .take(header.name, type, async () => Readable.from(stream))
      .then(() => next())
      .catch((error: unknown) => entries.destroy(error instanceof Error ? error : new Error(messageOf(error))))
  })
  const source = createReadStream(path)
  const options = signal ? { signal } : {}
  if (kind === 'tar') await pipeline(source, boundRaw(path), entries, options)
  else await pipeline(source, createGunzip(), boundRaw(path), entries, options)
}

async function unfoldZip(path: string, target: ArchiveTarget, signal?: AbortSignal): Promise<void> {
  // Names are judged here, one by one; the library would refuse the archive for one bad name.
  const zip = await yauzl.openPromise(path, { validateEntrySizes: true, decodeStrings: false })
  try {
    for await (const entry of zip.eachEntry()) {
      signal?.throwIfAborted()
      const mode = (entry.externalFileAttributes >>> 16) & 0o170000
      const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true)
      const type = name.endsWith('/') ? 'folder' : mode === 0 || mode === 0o100000 ? 'file' : 'other'
      await target.take(name, type, () => zip.openReadStreamPromise(entry))
    }
  } finally {
    zip.close()
  }
}
