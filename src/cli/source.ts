import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { pack as tar } from 'tar-stream'
import { z } from 'zod'
import { walk } from '#bench/apps'
import { type ImportResult, importResultSchema } from '#bench/collection'
import { InvalidInput, messageOf } from '#platform/errors'
import type { Connection } from './connection.ts'

export interface SourceFlags {
  /** A file with the manifest. */
  readonly manifest?: string
  /** The whole source is one app of this name. */
  readonly oneApp?: string
  /** A folder with the code every model was given. */
  readonly scaffold?: string
  /** Branch or tag of a git source. */
  readonly ref?: string
}

/**
 * Imports a folder, an archive or a git repository. A server that shares this machine's files reads them itself; to any
 * other, folders and archives are sent.
 * @throws InvalidInput when the source is missing or a flag does not go with it
 */
export async function importSource(
  connection: Connection,
  source: string,
  flags: SourceFlags,
  signal: AbortSignal,
): Promise<ImportResult> {
  const manifest = await manifestOf(flags)
  const git = isGitAddress(source)
  if (flags.ref !== undefined && !git) {
    throw new InvalidInput(`--ref names a branch or tag, and ${source} is no git address.`, { next: 'Leave it out.' })
  }
  const here = await sharesFiles(connection)
  const scaffold = flags.scaffold === undefined ? undefined : resolve(flags.scaffold)
  if (scaffold !== undefined && !here) {
    throw new InvalidInput(`The server at ${connection.url} cannot read a scaffold from this machine.`, {
      next: 'Leave --scaffold out: what is identical across models is recognised.',
    })
  }
  const options = { ...(manifest !== undefined && { manifest }), ...(scaffold !== undefined && { scaffold }) }
  if (git) {
    const url = here && !isRemoteAddress(source) ? resolve(source) : source
    const request = { kind: 'git', url, ...(flags.ref !== undefined && { ref: flags.ref }) }
    return connection.post(importResultSchema, '/apps/import', { source: request, ...options })
  }
  const path = resolve(source)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new InvalidInput(`There is no folder or archive ${path}.`, { next: 'Check the path.' })
  if (here) return connection.post(importResultSchema, '/apps/import', { source: { kind: 'path', path }, ...options })
  const upload = (type: string, content: Readable): Promise<ImportResult> =>
    connection.upload(
      importResultSchema,
      `/apps/import?${new URLSearchParams({ name: basename(path) })}`,
      type,
      content,
    )
  if (found.isDirectory()) {
    return upload('application/gzip', await packed(path, manifest, signal))
  }
  if (manifest !== undefined) {
    throw new InvalidInput('A manifest cannot be sent beside an archive.', {
      next: 'Put it into the archive as assay.yaml, or give the folder.',
    })
  }
  return upload(archiveType(path), createReadStream(path))
}

async function manifestOf({ manifest, oneApp }: SourceFlags): Promise<string | undefined> {
  // JSON is YAML.
  if (oneApp !== undefined) return JSON.stringify({ apps: [{ path: '.', name: oneApp }] })
  return manifest === undefined ? undefined : readManifest(manifest)
}

/** Whether the text is an address git understands, rather than a path. */
export function isGitAddress(text: string): boolean {
  return isRemoteAddress(text) || /\.git\/?$/.test(text)
}

function isRemoteAddress(text: string): boolean {
  return text.includes('://') || text.startsWith('git@')
}

const modeSchema = z.object({ mode: z.enum(['local', 'signed-in']) })

async function sharesFiles(connection: Connection): Promise<boolean> {
  const { hostname } = new URL(connection.url)
  if (!/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return false
  return (await connection.get(modeSchema, '/session')).mode === 'local'
}

async function readManifest(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new InvalidInput(`Cannot read the manifest ${path}: ${messageOf(error)}.`, { next: 'Check --manifest.' })
  }
}

function archiveType(path: string): string {
  const types: readonly (readonly [RegExp, string])[] = [
    [/\.zip$/i, 'application/zip'],
    [/\.(tar\.gz|tgz)$/i, 'application/gzip'],
    [/\.tar$/i, 'application/x-tar'],
  ]
  const type = types.find(([pattern]) => pattern.test(path))?.[1]
  if (type !== undefined) return type
  throw new InvalidInput(`${path} is neither a folder nor a zip, tar or tar.gz archive.`, {
    next: 'Give the folder that holds the apps.',
  })
}

/** What an import of many apps may hold; the server has its own bounds besides. */
const packLimits = { files: 200_000, fileBytes: 5 * 1024 * 1024, totalBytes: 1024 * 1024 * 1024, depth: 64 }

/** The folder as a compressed tar archive, without installed packages, histories and links. */
async function packed(folder: string, manifest: string | undefined, signal: AbortSignal): Promise<Readable> {
  const { files } = await walk(folder, { limits: packLimits, unreadable: 'refuse', ignoreFiles: false, signal })
  const archive = tar()
  const fill = async (): Promise<void> => {
    const manifests = new Set(['assay.yaml', 'assay.yml'])
    if (manifest !== undefined) archive.entry({ name: 'assay.yaml' }, manifest)
    for (const { path } of files) {
      if (manifest !== undefined && manifests.has(path)) continue
      signal.throwIfAborted()
      const content = await readFile(join(folder, path))
      await new Promise<void>((resolve, reject) => {
        archive.entry({ name: path }, content, (error) => (error ? reject(error) : resolve()))
      })
    }
    archive.finalize()
  }
  const compressed = createGzip()
  archive.on('error', (error) => compressed.destroy(error))
  fill().catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(messageOf(error))))
  return archive.pipe(compressed)
}
