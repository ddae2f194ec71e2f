import { lstatSync, readlinkSync } from 'node:fs'

/** Folders at the top of a system: links into /usr on most, folders of their own on some. */
const topFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']

/** What programs of the system read in /etc, and caches they would rebuild; nothing with a secret or a name of the machine. */
const readable = [
  '/usr',
  '/nix/store',
  '/etc/alternatives',
  '/etc/ca-certificates',
  '/etc/chromium',
  '/etc/chromium.d',
  '/etc/fonts',
  '/etc/java',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
  '/etc/magic',
  '/etc/mime.types',
  '/etc/pki',
  '/etc/protocols',
  '/etc/services',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/timezone',
  '/var/cache/fontconfig',
]

export type SystemPart =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }

/** The parts of this machine's system that a sandbox sees, read-only. */
export function systemParts(): readonly SystemPart[] {
  return [...topFolders, ...readable].flatMap((path): SystemPart[] => {
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found === undefined) return []
    if (found.isSymbolicLink()) return [{ kind: 'link', path, target: readlinkSync(path) }]
    return [{ kind: 'folder', path }]
  })
}
