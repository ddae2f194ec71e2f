import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InvalidInput } from '#platform/errors'
import { detectComponents } from './components.ts'
import { asDiskFailure } from './disk.ts'
import { languageOf, roleOf } from './languages.ts'
import type { AppSnapshot, Exclusion, Language, SnapshotFile } from './snapshot.ts'
import { decode } from './text.ts'
import { defaultLimits, type ImportLimits, printable, walk } from './walk.ts'

export interface SnapshotOptions {
  /** Folder the read-only copy is kept in, as `<store>/<digest>`; created when missing. */
  readonly store: string
  readonly limits?: Partial<ImportLimits>
  readonly unreadable?: 'refuse' | 'exclude'
  readonly ignoreFiles?: boolean
  readonly signal?: AbortSignal
}

/**
 * Takes the snapshot of a folder: reads every file once, and keeps a read-only copy under its digest. The same content
 * always gives the same digest, wherever the folder lies. Links are never followed.
 *
 * @throws InvalidInput when the folder is missing, empty, too large, unreadable, or changes while it is read
 * @throws Unavailable when the disk is full
 */
export async function snapshotDirectory(folder: string, options: SnapshotOptions): Promise<AppSnapshot> {
  await requireFolder(folder)
  const limits = { ...defaultLimits, ...options.limits }
  const found = await walk(folder, {
    limits,
    unreadable: options.unreadable ?? 'refuse',
    ignoreFiles: options.ignoreFiles ?? false,
    ...(options.signal && { signal: options.signal }),
  })
  const excluded: Exclusion[] = [...found.excluded]
  const files: SnapshotFile[] = []
  /** By the path of the snapshot, which is composed (NFC), the path on this disk, which need not be. */
  const sources = new Map<string, string>()
  for (const { path } of found.files) {
    options.signal?.throwIfAborted()
    const name = path.normalize('NFC')
    if (sources.has(name)) {
      excluded.push({ path, reason: 'another file has the same name, composed differently' })
      continue
    }
    let bytes: Buffer
    try {
      bytes = await readFile(join(folder, path), { flag: noLink })
    } catch (error) {
      if (options.unreadable !== 'exclude') {
        throw new InvalidInput(`Cannot read ${printable(path)} in ${folder}.`, {
          next: 'Give the user who runs Assay read permission, or remove the file, and import again.',
          cause: error,
        })
      }
      excluded.push({ path, reason: 'unreadable' })
      continue
    }
    sources.set(name, path)
    files.push(describeFile(name, bytes))
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  if (files.length === 0) {
    throw new InvalidInput(`${folder} holds no file to analyse.`, {
      next:
        excluded.length > 0
          ? `All ${excluded.length} entries were left out, for example ${printable(excluded[0]?.path ?? '')} (${excluded[0]?.reason}).`
          : 'Point Assay at the folder that holds the code.',
    })
  }
  const digest = manifestDigest(files)
  const root = join(options.store, digest.slice('sha256:'.length))
  if (!(await exists(root))) await materialise(folder, files, sources, root)
  const components = await detectComponents(files, async (file) =>
    decode(await readFile(join(root, file.path)), file.encoding ?? 'utf-8'),
  )
  return { digest, root, files, excluded, components }
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found === undefined) {
    throw new InvalidInput(`There is no folder ${folder}.`, { next: 'Check the path.' })
  }
  if (!found.isDirectory()) {
    throw new InvalidInput(`${folder} is not a folder.`, { next: 'Give the folder that holds the app.' })
  }
}

/** What a snapshot records of a file, from its bytes. */
export function describeFile(path: string, bytes: Buffer): SnapshotFile {
  const encoding = encodingOf(bytes)
  const language = languageOf(path)
  const role = roleOf(path, language)
  return {
    path,
    size: bytes.length,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    kind: encoding === undefined ? 'binary' : 'text',
    ...(encoding && { encoding }),
    ...(language && encoding && { language }),
    role: role === 'source' && encoding !== undefined && isGenerated(bytes, language) ? 'generated' : role,
    lines: encoding === undefined ? 0 : countLines(bytes, encoding),
  }
}

function encodingOf(bytes: Buffer): SnapshotFile['encoding'] {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes.length >= 2 && bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes.subarray(0, 8192).includes(0)) return undefined
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    return controlShare(bytes) < 0.02 ? 'latin-1' : undefined
  }
}

/** Share of bytes that text does not hold, to tell Latin-1 text from binary data. */
function controlShare(bytes: Buffer): number {
  const sample = bytes.subarray(0, 8192)
  let controls = 0
  for (const byte of sample) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls++
  return controls / sample.length
}

/** How the output of browserify, webpack, esbuild, Rollup and Rolldown begins. */
const bundle =
  /function \w\(\w,\w,\w\)\{function \w\(|^\/\*{6}\/ |\bwebpackBootstrap\b|\b__webpack_(modules|require)__|^var __(defProp|create) = Object\.|^\/\/ ?#region (\.\.\/|\0){0,5}node_modules\//m
const bundledLanguages: ReadonlySet<Language | undefined> = new Set<Language>(['javascript', 'typescript', 'css'])

/**
 * Marked as generated by the customary header, minified (an average line over 400 bytes), or a bundle: its customary
 * beginning, or most of it in lines over 1,000 bytes.
 */
function isGenerated(bytes: Buffer, language: Language | undefined): boolean {
  const head = bytes.subarray(0, 1024).toString('latin1')
  if (/@generated|do not edit|auto-?generated (file|by)/i.test(head.slice(0, 512))) return true
  if (bytes.length <= 4096) return false
  if (bytes.length / countLines(bytes, 'utf-8') > 400) return true
  return bundledLanguages.has(language) && (bundle.test(head) || inLongLines(bytes) > bytes.length / 2)
}

/** Bytes that stand in lines of more than 1,000. */
function inLongLines(bytes: Buffer): number {
  let sum = 0
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start)
    const end = newline === -1 ? bytes.length : newline
    if (end - start > 1000) sum += end - start
    start = end + 1
  }
  return sum
}

function countLines(bytes: Buffer, encoding: NonNullable<SnapshotFile['encoding']>): number {
  if (bytes.length === 0) return 0
  if (encoding.startsWith('utf-16')) return decode(bytes, encoding).split('\n').length
  let lines = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++
  return bytes[bytes.length - 1] === 10 ? lines : lines + 1
}

function manifestDigest(files: readonly SnapshotFile[]): string {
  const hash = createHash('sha256').update('assay-snapshot-1\n')
  for (const file of files) hash.update(`${JSON.stringify(file.path)} ${file.digest}\n`)
  return `sha256:${hash.digest('hex')}`
}

/** Copies the files beside the final place and moves them there at once: a killed import leaves no half snapshot. */
async function materialise(
  folder: string,
  files: readonly SnapshotFile[],
  sources: ReadonlyMap<string, string>,
  root: string,
): Promise<void> {
  const unfinished = unfinishedIn(dirname(root))
  try {
    for (const file of files) {
      const bytes = await readAgain(join(folder, sources.get(file.path) ?? file.path))
      if (bytes === undefined || `sha256:${createHash('sha256').update(bytes).digest('hex')}` !== file.digest) {
        throw new InvalidInput(`${printable(file.path)} in ${folder} changed while it was read.`, {
          next: 'Wait until nothing writes to the folder, and import again.',
        })
      }
      const target = join(unfinished, file.path)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, bytes)
      await chmod(target, 0o444)
    }
    await moveInto(unfinished, root)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw asDiskFailure(error, dirname(root))
  }
}

/** The bytes of a file as they are now; undefined when it is gone. */
async function readAgain(path: string): Promise<Buffer | undefined> {
  return readFile(path, { flag: noLink }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return undefined
    throw error
  })
}

/** A new folder's name for a snapshot that is being written. */
export function unfinishedIn(store: string): string {
  return join(store, `${unfinishedPrefix}${randomUUID()}`)
}

/** Moves a finished snapshot to its place, unless another import of the same content was first. */
export async function moveInto(unfinished: string, root: string): Promise<void> {
  await rename(unfinished, root).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    await rm(unfinished, { recursive: true, force: true })
  })
}

/**
 * Removes what killed imports left behind.
 * @param olderThan milliseconds: younger ones may belong to a process at work on the same folder
 */
export async function removeUnfinished(store: string, olderThan: number, now: number): Promise<void> {
  const names = await readdir(store).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names) {
    if (!name.startsWith(unfinishedPrefix)) continue
    const found = await stat(join(store, name)).catch(() => undefined)
    if (found !== undefined && now - found.mtimeMs >= olderThan)
      await rm(join(store, name), { recursive: true, force: true })
  }
}

const unfinishedPrefix = '.unfinished-'
/** Reading follows no link that took the place of a file since it was listed, and waits for no pipe. */
const noLink = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
