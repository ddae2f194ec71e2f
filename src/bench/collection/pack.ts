import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { SnapshotFile } from '#bench/apps'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** The content of a snapshot as one blob: the files one after the other in the order of the manifest, zstd-compressed. */
export async function pack(root: string, files: readonly SnapshotFile[]): Promise<Buffer> {
  const contents: Buffer[] = []
  for (const file of files) contents.push(await readFile(join(root, file.path)))
  return compress(Buffer.concat(contents))
}

/** Writes what {@link pack} packed into an existing empty folder. */
export async function unpack(blob: Uint8Array, files: readonly SnapshotFile[], folder: string): Promise<void> {
  const content = await decompress(blob)
  let offset = 0
  for (const file of files) {
    const target = join(folder, file.path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content.subarray(offset, offset + file.size), { mode: 0o444 })
    offset += file.size
  }
}
