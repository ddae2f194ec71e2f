import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { userInside } from '../inside.ts'
import { type SystemPart, systemParts } from '../process/system.ts'
import { type Engine, EngineError } from './engine.ts'

/** Folders containers have something mounted on. */
const closed = ['home', 'var', 'run', 'run/assay', 'proc', 'sys', 'dev', 'etc']
/** Folders where containers have memory to write to; some engines give that the rights the folder has in the image. */
const open = ['app', 'home/app', 'tmp', 'var/tmp']

/**
 * The name of an image with nothing in it but folders and links: everything a program needs is this machine's own, mounted
 * read-only. Made when the engine does not have it, from nothing and without a network.
 */
export async function emptyImage(engine: Engine): Promise<string> {
  const links = systemParts().filter((part) => part.kind === 'link')
  const digest = createHash('sha256')
    .update(JSON.stringify([closed, open, links]))
    .digest('hex')
    .slice(0, 12)
  // In the name and not in the tag, which Podman does not take when it imports.
  const repository = `localhost/assay-empty-${digest}`
  const name = `${repository}:latest`
  try {
    await engine.call('GET', `/images/${encodeURIComponent(name)}/json`)
  } catch (error) {
    if (!(error instanceof EngineError) || error.status !== 404) throw error
    const from = `fromSrc=-&repo=${encodeURIComponent(repository)}&tag=latest`
    await engine.call('POST', `/images/create?${from}`, await archive(links))
  }
  return name
}

async function archive(links: readonly SystemPart[]): Promise<Buffer> {
  const tar = pack()
  for (const name of closed) tar.entry({ name, type: 'directory', mode: 0o755 })
  for (const name of open) tar.entry({ name, type: 'directory', mode: 0o1777, uid: userInside, gid: userInside })
  for (const part of links) {
    if (part.kind === 'link') tar.entry({ name: part.path.slice(1), type: 'symlink', linkname: part.target })
  }
  tar.finalize()
  return buffer(tar)
}
