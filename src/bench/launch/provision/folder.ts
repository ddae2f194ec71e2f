import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { dirname, join, posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import { z } from 'zod'
import { Unavailable } from '#platform/errors'

/** Bytes and files that installed packages may take. */
const largest = 1_500 * 1024 * 1024
const most = 200_000

const recordSchema = z.object({
  missing: z.array(z.object({ name: z.string(), reason: z.string() })),
  note: z.string().optional(),
  /** Why a registry could not be asked meanwhile. */
  unreachable: z.string().optional(),
})

/** What is known of packages that were installed. */
export type InstallRecord = z.infer<typeof recordSchema>

/** Packages of one digest, kept on the host. */
export interface PackageFolder {
  /** With the packages in it, to be mounted read-only. */
  readonly path: string
  readonly record: InstallRecord
}

/** Milliseconds after which a registry that could not be asked is asked again. */
const askedAgain = 3_600_000

/** The packages kept under a digest, undefined when there are none, or when it is time to look again for what was missing. */
export async function keptPackages(cache: string, digest: string, now: number): Promise<PackageFolder | undefined> {
  const home = homeOf(cache, digest)
  let text: string
  try {
    text = await readFile(join(home, 'record.json'), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const record = recordSchema.parse(JSON.parse(text))
  const isPatchy = record.unreachable !== undefined && record.missing.length > 0
  if (isPatchy && now - (await stat(home)).mtimeMs > askedAgain) return undefined
  return { path: join(home, 'files'), record }
}

/** Where packages are put until they are complete. */
export interface PackageDraft {
  /** Unfolds an archive that comes out of a sandbox. Nothing is written outside the folder, whatever its names say. */
  receive(archive: IncomingMessage): Promise<void>
  /** Keeps it under its digest. */
  keep(record: InstallRecord): Promise<PackageFolder>
  /** Removes what was not kept. */
  drop(): Promise<void>
}

/** A place for packages that are being installed. */
export async function draftPackages(cache: string, digest: string): Promise<PackageDraft> {
  const home = homeOf(cache, digest)
  const draft = `${home}.${process.pid}.${performance.now()}`
  const files = join(draft, 'files')
  await mkdir(files, { recursive: true })
  return {
    receive: (archive) => unfold(archive, files),
    async keep(record) {
      await writeFile(join(draft, 'record.json'), JSON.stringify(record))
      await rm(home, { recursive: true, force: true })
      await rename(draft, home)
      return { path: join(home, 'files'), record }
    },
    drop: () => rm(draft, { recursive: true, force: true }),
  }
}

async function unfold(archive: IncomingMessage, folder: string): Promise<void> {
  let bytes = 0
  let count = 0
  const entries = extract()
  const unpacked = (async () => {
    for await (const entry of entries) {
      const { name, type, linkname, mode } = entry.header
      const path = insidePath(name)
      count += 1
      bytes += entry.header.size ?? 0
      if (bytes > largest || count > most) throw new Unavailable('The packages take more space than they may.')
      if (path === undefined || path === '') entry.resume()
      else if (type === 'directory') {
        await mkdir(join(folder, path), { recursive: true })
        entry.resume()
      } else if (type === 'file') {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        const isExecutable = ((mode ?? 0) & 0o100) !== 0
        await pipeline(
          entry,
          createWriteStream(join(folder, path), { flags: 'wx', mode: isExecutable ? 0o755 : 0o644 }),
        )
      } else {
        if (type === 'symlink' && staysInside(path, linkname ?? '')) {
          await mkdir(dirname(join(folder, path)), { recursive: true })
          await symlink(linkname ?? '', join(folder, path))
        }
        entry.resume()
      }
    }
  })()
  await Promise.all([pipeline(archive, entries), unpacked])
}

/** The path within the folder, undefined for one that leaves it. */
function insidePath(name: string): string | undefined {
  const path = posix.normalize(name).replace(/^(?:\.\/)+|\/+$/g, '')
  if (path.startsWith('/') || path === '..' || path.startsWith('../') || path.includes('\0')) return undefined
  return path === '.' ? '' : path
}

/**
 * Links lead to files of the same archive only. A file is never written through a link: names under one would be files under
 * a file.
 */
function staysInside(path: string, target: string): boolean {
  if (target.startsWith('/')) return false
  const reached = posix.normalize(posix.join(posix.dirname(path), target))
  return !reached.startsWith('../') && reached !== '..' && /(?:^|\/)\.bin\//.test(path)
}

function homeOf(cache: string, digest: string): string {
  return join(cache, 'launch', 'packages', digest)
}
