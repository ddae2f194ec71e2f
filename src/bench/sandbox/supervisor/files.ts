import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { maximalBody } from './frames.ts'

// Everything here is in memory, so waiting for it is no waiting; and in this order it is done.
// O_NONBLOCK: a pipe in place of a file must not hold the supervisor.

/**
 * The content of a regular file in pieces; undefined when there is none.
 * @throws Error when it is longer than `limit` bytes
 */
export function contentOf(path: string, limit: number): Buffer[] | undefined {
  const descriptor = open(path)
  if (descriptor === undefined) return undefined
  try {
    if (!fstatSync(descriptor).isFile()) return undefined
    const pieces: Buffer[] = []
    for (let total = 0; ; ) {
      const piece = Buffer.alloc(maximalBody)
      const length = readSync(descriptor, piece)
      if (length === 0) return pieces
      total += length
      if (total > limit) throw new Error(`${path} is longer than ${limit} bytes.`)
      pieces.push(piece.subarray(0, length))
    }
  } finally {
    closeSync(descriptor)
  }
}

/** Writes a file and makes the folders it lies in. */
export function writeContent(path: string, content: Buffer, how: { append: boolean; executable: boolean }): void {
  if (!how.append) mkdirSync(dirname(path), { recursive: true })
  const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_NONBLOCK } = constants
  const flags = O_WRONLY | O_CREAT | O_NONBLOCK | (how.append ? O_APPEND : O_TRUNC)
  const descriptor = openSync(path, flags, how.executable ? 0o755 : 0o644)
  try {
    for (let written = 0; written < content.length; ) written += writeSync(descriptor, content, written)
  } finally {
    closeSync(descriptor)
  }
}

export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true })
}

/** Makes a symbolic link as it was, wherever it leads: here it leads nowhere but inside. */
export function makeLink(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) rmSync(path, { recursive: true })
  symlinkSync(target, path)
}

function open(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const absent = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EACCES']
    if (error instanceof Error && 'code' in error && absent.includes(String(error.code))) return undefined
    throw error
  }
}
