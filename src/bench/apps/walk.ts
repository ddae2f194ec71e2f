import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { InvalidInput, messageOf } from '#platform/errors'
import type { Exclusion } from './snapshot.ts'

/** Bounds on what one app may hold. Sizes in bytes. */
export interface ImportLimits {
  readonly files: number
  readonly fileBytes: number
  readonly totalBytes: number
  readonly depth: number
}

export const defaultLimits: ImportLimits = {
  files: 20_000,
  fileBytes: 5 * 1024 * 1024,
  totalBytes: 512 * 1024 * 1024,
  depth: 64,
}

/** Folders that hold no code of the app: installed packages, caches, histories, build results. */
const skippedFolders: ReadonlyMap<string, string> = new Map([
  ...['node_modules', 'bower_components', 'site-packages', '.venv', 'venv', 'virtualenv', '.yarn', '.pnpm-store'].map(
    (name) => [name, 'installed packages'] as const,
  ),
  ...['.git', '.hg', '.svn'].map((name) => [name, 'version history'] as const),
  ...[
    '__pycache__',
    '.mypy_cache',
    '.pytest_cache',
    '.ruff_cache',
    '.tox',
    '.nox',
    '.cache',
    '.parcel-cache',
    '.turbo',
    '.gradle',
    '.terraform',
  ].map((name) => [name, 'cache'] as const),
  ...['.next', '.nuxt', '.svelte-kit', '.output', 'coverage', '.nyc_output', '__MACOSX'].map(
    (name) => [name, 'build result'] as const,
  ),
  ['.assay', 'data of Assay'],
])

export interface WalkOptions {
  readonly limits: ImportLimits
  /** `refuse`: an unreadable file is an error (import); `exclude`: it is left out and listed (check). */
  readonly unreadable: 'refuse' | 'exclude'
  /** Honour `.gitignore` and `.assayignore` files of the tree. */
  readonly ignoreFiles: boolean
  readonly signal?: AbortSignal
}

export interface WalkedFile {
  /** Relative, `/` separators. */
  readonly path: string
  readonly size: number
}

interface Scope {
  readonly folder: string
  readonly rules: Ignore
}

/**
 * Lists the files of a folder without following any link and without opening them. What is left out is named with the
 * reason. Files come in the order of their paths, by code unit.
 *
 * @throws InvalidInput when the folder holds more than the limits allow, or (with `unreadable: 'refuse'`) cannot be read
 */
export async function walk(
  root: string,
  options: WalkOptions,
): Promise<{ files: WalkedFile[]; excluded: Exclusion[] }> {
  const files: WalkedFile[] = []
  const excluded: Exclusion[] = []
  let bytes = 0

  const unreadable = (path: string, error: unknown): void => {
    if (options.unreadable === 'refuse') {
      throw new InvalidInput(`Cannot read ${printable(path)} in ${root}: ${messageOf(error)}.`, {
        next: 'Give the user who runs Assay read permission, or remove the file, and import again.',
        cause: error,
      })
    }
    excluded.push({ path, reason: `unreadable: ${messageOf(error)}` })
  }

  const visit = async (folder: string, depth: number, scopes: readonly Scope[]): Promise<void> => {
    options.signal?.throwIfAborted()
    if (depth > options.limits.depth) {
      excluded.push({ path: folder, reason: `nested deeper than ${options.limits.depth} folders` })
      return
    }
    let entries: Dirent<Buffer>[]
    try {
      entries = await readdir(join(root, folder), { withFileTypes: true, encoding: 'buffer' })
    } catch (error) {
      unreadable(folder || '.', error)
      return
    }
    const inner = options.ignoreFiles ? [...scopes, ...(await scopesIn(root, folder, entries))] : scopes
    for (const entry of entries) {
      const name = entry.name.toString('utf8')
      const path = folder === '' ? name : `${folder}/${name}`
      if (!Buffer.from(name, 'utf8').equals(entry.name)) {
        excluded.push({
          path: `${folder}${folder && '/'}${escapeBytes(entry.name)}`,
          reason: 'file name is not valid UTF-8',
        })
      } else if (name.includes('\\')) {
        excluded.push({ path, reason: 'file name holds a backslash' })
      } else if (entry.isSymbolicLink()) {
        excluded.push({ path, reason: 'symbolic link' })
      } else if (entry.isDirectory()) {
        const reason = skippedFolders.get(name) ?? (isIgnored(inner, `${path}/`) ? 'ignored by the project' : undefined)
        if (reason === undefined) await visit(path, depth + 1, inner)
        else if (reason !== 'version history') excluded.push({ path: `${path}/`, reason })
      } else if (!entry.isFile()) {
        excluded.push({ path, reason: 'not a regular file' })
      } else if (isIgnored(inner, path)) {
        excluded.push({ path, reason: 'ignored by the project' })
      } else {
        try {
          const { size } = await stat(join(root, path))
          if (size > options.limits.fileBytes) {
            excluded.push({ path, reason: `larger than ${options.limits.fileBytes / 1024 / 1024} MiB` })
          } else {
            bytes += size
            files.push({ path, size })
          }
        } catch (error) {
          unreadable(path, error)
        }
        if (files.length > options.limits.files) tooMuch(root, `${options.limits.files} files`)
        if (bytes > options.limits.totalBytes) tooMuch(root, `${options.limits.totalBytes / 1024 / 1024} MiB`)
      }
    }
  }

  await visit('', 0, [])
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  excluded.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { files, excluded }
}

function tooMuch(root: string, limit: string): never {
  throw new InvalidInput(`${root} holds more than ${limit} to analyse.`, {
    next: 'Point Assay at a part of it, or list what does not belong to the app in a file named .assayignore.',
  })
}

async function scopesIn(root: string, folder: string, entries: readonly Dirent<Buffer>[]): Promise<Scope[]> {
  const scopes: Scope[] = []
  for (const name of ['.gitignore', '.assayignore']) {
    if (!entries.some((entry) => entry.isFile() && entry.name.toString('utf8') === name)) continue
    const text = await readFile(join(root, folder, name), 'utf8')
    scopes.push({ folder: folder === '' ? '' : `${folder}/`, rules: ignore().add(text) })
  }
  return scopes
}

/** The innermost file that says something about the path decides, as git has it. */
function isIgnored(scopes: readonly Scope[], path: string): boolean {
  for (let index = scopes.length - 1; index >= 0; index--) {
    const scope = scopes[index]
    if (scope === undefined) continue
    const verdict = scope.rules.test(path.slice(scope.folder.length))
    if (verdict.ignored) return true
    if (verdict.unignored) return false
  }
  return false
}

/** A path fit for a message: control characters escaped. */
export function printable(path: string): string {
  return JSON.stringify(path).slice(1, -1)
}

function escapeBytes(bytes: Buffer): string {
  return [...bytes]
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`))
    .join('')
}
