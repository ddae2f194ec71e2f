import { dirname, join } from 'node:path/posix'
import type { AppSnapshot } from '#bench/apps'

/** The files and folders of an app, for resolving paths, with and without regard to case. */
export interface AppFiles {
  has(path: string): boolean
  hasFolder(path: string): boolean
  /** The path as it is really written, when it differs from the given one only in case. */
  otherCase(path: string): string | undefined
  /** Whether the path, or a folder above it, was left out of the snapshot: then nothing can be said about it. */
  isExcluded(path: string): boolean
  /** Whether some file below the folder has the ending. */
  folderHolds(folder: string, ending: string): boolean
}

export function appFiles(app: AppSnapshot): AppFiles {
  const files = new Set<string>()
  const folders = new Set<string>([''])
  const endings = new Set<string>()
  const byLowerCase = new Map<string, string>()
  const add = (path: string) => byLowerCase.set(path.toLowerCase(), path)
  for (const { path } of app.files) {
    files.add(path)
    add(path)
    const ending = /\.\w+$/.exec(path)?.[0] ?? ''
    for (const folder of ancestorsOf(path)) {
      if (!folders.has(folder)) add(folder)
      folders.add(folder)
      endings.add(`${folder}\0${ending}`)
    }
  }
  const excluded = new Set(app.excluded.map(({ path }) => path.replace(/\/$/, '')))
  return {
    has: (path) => files.has(path),
    hasFolder: (path) => folders.has(path),
    otherCase(path) {
      const real = byLowerCase.get(path.toLowerCase())
      return real === path ? undefined : real
    },
    isExcluded: (path) => excluded.size > 0 && [path, ...ancestorsOf(path)].some((part) => excluded.has(part)),
    folderHolds: (folder, ending) => endings.has(`${folder}\0${ending}`),
  }
}

/** The folders above a path, nearest first, ending with `''`. */
export function ancestorsOf(path: string): readonly string[] {
  const found: string[] = []
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) found.push(folder)
  found.push('')
  return found
}

/** Joins inside the app; undefined when the result lies above it. */
export function joinInside(...parts: readonly string[]): string | undefined {
  const joined = join(...parts).replace(/\/$/, '')
  if (joined === '..' || joined.startsWith('../')) return undefined
  return joined === '.' ? '' : joined
}
