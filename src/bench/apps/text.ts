import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppSnapshot, SnapshotFile } from './snapshot.ts'

/**
 * The text of one file of a snapshot, decoded by its encoding, without a byte order mark, line ends as they are.
 * @throws Error when the file is binary, or cannot be read any more
 */
export async function readText(app: AppSnapshot, file: SnapshotFile): Promise<string> {
  if (file.encoding === undefined) throw new Error(`${file.path} is binary: it has no text.`)
  const text = decode(await readFile(join(app.root, file.path)), file.encoding)
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** Decodes bytes; malformed sequences become U+FFFD. */
export function decode(bytes: Uint8Array, encoding: NonNullable<SnapshotFile['encoding']>): string {
  return new TextDecoder(encoding === 'latin-1' ? 'windows-1252' : encoding).decode(bytes)
}
