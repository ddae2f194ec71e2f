import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf, NotFound, Unavailable } from '#platform/errors'
import { type BlobStore, hexOf } from './blob-store.ts'

/** A blob store in a local folder. A write is complete or absent, also after a crash. */
export function openDirectoryBlobs(directory: string): BlobStore {
  const pathOf = (key: string): string => {
    const hex = hexOf(key)
    return join(directory, hex.slice(0, 2), hex.slice(2))
  }
  const has = async (key: string): Promise<boolean> => {
    const bytes = await readFile(pathOf(key)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
      throw error
    })
    return bytes !== undefined && keyOf(bytes) === key
  }

  return {
    has,
    async put(bytes) {
      const key = keyOf(bytes)
      if (await has(key)) return key
      const path = pathOf(key)
      try {
        await mkdir(dirname(path), { recursive: true })
        await replace(path, bytes)
      } catch (error) {
        throw new Unavailable(`Cannot store ${bytes.length} bytes in ${directory}: ${messageOf(error)}.`, {
          next: 'Free space on the disk and try again.',
          cause: error,
        })
      }
      return key
    },
    async get(key) {
      const bytes = await readFile(pathOf(key)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') throw new NotFound(`There is no blob ${key}.`)
        throw error
      })
      if (keyOf(bytes) !== key) {
        throw new Unavailable(`The stored blob ${key} is damaged.`, {
          next: 'Import the app again, or restore a backup.',
        })
      }
      return bytes
    },
  }
}

/** Writes beside the place and moves there at once: the place never holds half of it. */
async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const draft = join(dirname(path), `.draft-${randomUUID()}`)
  try {
    await writeFile(draft, bytes, { flush: true })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

function keyOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
