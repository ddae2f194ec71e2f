import { constants } from 'node:fs'
import { open, readdir, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Conversation } from './conversation.ts'
import { appFolder } from './inside.ts'
import { maximalBody } from './supervisor/frames.ts'

/** Questions asked before their answers are waited for. */
const ahead = 64

/**
 * Copies a folder of the host to `/app`. Links are copied as links, so that none is followed out here; what is neither file,
 * folder nor link is left out, and so is what has a name that is no text.
 * @throws SandboxRefused when it does not fit
 */
export async function copyFolder(from: string, { ask }: Conversation, signal: AbortSignal): Promise<void> {
  let pending: Promise<unknown>[] = []
  const later = async (answer: Promise<unknown>): Promise<void> => {
    // What fails while others are on their way is heard of when all are waited for.
    answer.catch(() => undefined)
    pending.push(answer)
    if (pending.length < ahead) return
    await settle()
  }
  const settle = async (): Promise<void> => {
    const all = pending
    pending = []
    await Promise.all(all)
  }

  const copyFile = async (source: string, path: string): Promise<void> => {
    const file = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const { mode } = await file.stat()
      const executable = (mode & 0o100) !== 0
      const buffer = Buffer.alloc(maximalBody)
      for (let append = false; ; append = true) {
        const { bytesRead } = await file.read(buffer)
        if (bytesRead === 0 && append) return
        // The frame is a copy, so the buffer can be used again.
        await later(ask({ do: 'write', path, append, executable }, buffer.subarray(0, bytesRead)))
        if (bytesRead < buffer.length) return
      }
    } finally {
      await file.close()
    }
  }

  const copy = async (folder: string, to: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      signal.throwIfAborted()
      if (entry.name.includes('\ufffd')) continue
      const source = join(folder, entry.name)
      const path = `${to}/${entry.name}`
      if (entry.isDirectory()) {
        await later(ask({ do: 'folder', path }))
        await copy(source, path)
      } else if (entry.isSymbolicLink()) await later(ask({ do: 'link', path, target: await readlink(source) }))
      else if (entry.isFile()) await copyFile(source, path)
    }
  }

  await copy(await realpath(from), appFolder)
  await settle()
}
