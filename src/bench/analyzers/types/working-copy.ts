import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import { plainPath } from '../plain-path.ts'

/** A file of the app in the working copy a type checker reads. */
export interface Copy {
  readonly original: SnapshotFile
  /** Under the folder of the copy, `/` separators. */
  readonly path: string
  readonly text: string
}

export interface WorkingCopy {
  readonly folder: string
  readonly byPath: ReadonlyMap<string, Copy>
  /** Files left out, with the reason. */
  readonly gaps: ReadonlyMap<string, string>
}

/** Bytes; what is larger is data written as code. */
const maximalSize = 1024 * 1024

/** Copies source files alone: no configuration of the app, which could name plugins, interpreters or other folders. */
export async function workingCopy(
  app: AppSnapshot,
  files: readonly SnapshotFile[],
  folder: string,
  signal: AbortSignal,
): Promise<WorkingCopy> {
  const byPath = new Map<string, Copy>()
  const gaps = new Map<string, string>()
  for (const [number, original] of files.entries()) {
    signal.throwIfAborted()
    if (original.size > maximalSize) {
      gaps.set(original.path, 'larger than 1 MiB')
      continue
    }
    const path = plainPath(original.path, number)
    const text = withoutBlanketSilence(await readText(app, original))
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
    byPath.set(path, { original, path, text })
  }
  return { folder, byPath, gaps }
}

/**
 * Comments that switch checks off, or others on, for a whole file: `# type: ignore` on a line of its own,
 * `# pyright: basic`, `// @ts-nocheck`. Disarmed without moving a character; those for one line are the author's word.
 */
const blanketSilence =
  /^([ \t]{0,40}#[ \t]{0,8})(?:type(?=:[ \t]{0,8}ignore)|pyright(?=:[ \t]{0,8}(?!ignore)\w))|@ts-nocheck/gm

function withoutBlanketSilence(text: string): string {
  return text.replace(blanketSilence, (found, before: string | undefined) =>
    before === undefined ? found.replace('-', '_') : before + '-'.repeat(found.length - before.length),
  )
}
