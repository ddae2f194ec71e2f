import { InvalidInput } from '#platform/errors'

/** Content-addressed storage of large things. Keys are `sha256:` and 64 hex digits of the content. */
export interface BlobStore {
  /** Stores bytes once; storing them again does nothing, unless they are missing or damaged. Returns their key. */
  put(bytes: Uint8Array): Promise<string>
  /**
   * @throws NotFound when there is no such blob
   * @throws Unavailable when it was damaged: the content does not match its key
   */
  get(key: string): Promise<Buffer>
  /** Whether it is there and, in a local folder, undamaged. */
  has(key: string): Promise<boolean>
}

/** The hex digits of a key. @throws InvalidInput when it is not the key of a blob */
export function hexOf(key: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(key)?.[1]
  if (hex === undefined) throw new InvalidInput(`${JSON.stringify(key)} is not the key of a blob.`)
  return hex
}
