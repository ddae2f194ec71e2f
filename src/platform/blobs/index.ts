import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InvalidInput, messageOf, NotFound, Unavailable } from '#platform/errors'

/** Content-addressed storage of large things. Keys are `sha256:` and 64 hex digits of the content. */
export interface BlobStore {
  /** Stores bytes once; storing them again does nothing. Returns their key. */
  put(bytes: Uint8Array): Promise<string>
  /**
   * @throws NotFound when there is no such blob
   * @throws Unavailable when it was damaged: the content does not match its key
   */
  get(key: string): Promise<Buffer>
  has(key: string): Promise<boolean>
}

/** A blob store in a local folder. A write is complete or absent, also after a crash. */
export function openDirectoryBlobs(directory: string): BlobStore {
  const pathOf = (key: string): string => {
    const hex = /^sha256:([0-9a-f]{64})$/.exec(key)?.[1]
    if (hex === undefined) throw new InvalidInput(`${JSON.stringify(key)} is not the key of a blob.`)
    return join(directory, hex.slice(0, 2), hex.slice(2))
  }
  const has = async (key: string): Promise<boolean> => (await stat(pathOf(key)).catch(() => undefined)) !== undefined

  return {
    has,
    async put(bytes) {
      const key = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
      if (await has(key)) return key
      const path = pathOf(key)
      const draft = join(dirname(path), `.draft-${randomUUID()}`)
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(draft, bytes, { flush: true })
        await rename(draft, path)
      } catch (error) {
        await rm(draft, { force: true })
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
      if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== key) {
        throw new Unavailable(`The stored blob ${key} is damaged.`, {
          next: 'Import the app again, or restore a backup.',
        })
      }
      return bytes
    },
  }
}
