import { statSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SandboxMount } from '../contract.ts'
import type { Programs } from './programs.ts'

/** User and group without any right. */
const nobody = 65_534

/** A command line that runs another as nobody, and where that one finds what it mounts. */
export interface Demoted {
  readonly prefix: readonly string[]
  readonly mounts: readonly SandboxMount[]
}

/**
 * Binds each of the paths that follow into a folder only this process and its children see: nobody may not walk to them.
 * `$1` is the folder, `$2` the number of paths.
 */
const stage = `
set -e
stage=$1 left=$2 index=0
shift 2
mount -t tmpfs -o mode=711,size=1m none "$stage"
while [ "$index" -lt "$left" ]; do
  if [ -d "$1" ]; then mkdir "$stage/$index"; else : >"$stage/$index"; fi
  mount --bind "$1" "$stage/$index"
  shift
  index=$((index + 1))
done
exec "$@"`

/**
 * How root starts bubblewrap: as nobody. The user of the sandbox is then nobody on the host too. As root it could change
 * settings of the kernel in /proc/sys without any capability, and a hole in the kernel would be a hole into everything.
 *
 * @param home a folder everybody may walk through
 */
export async function asNobody(programs: Programs, home: string, mounts: readonly SandboxMount[]): Promise<Demoted> {
  const drop = [programs.setpriv, `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--inh-caps=-all']
  const hidden = mounts.filter(({ from }) => !isOpen(from))
  if (hidden.length === 0) return { prefix: drop, mounts }
  const folder = join(home, 'stage')
  await mkdir(folder, { recursive: true, mode: 0o711 })
  const paths = hidden.map(({ from }) => from)
  const staged = new Map(paths.map((path, index) => [path, join(folder, `${index}`)]))
  return {
    prefix: [
      ...[programs.unshare, '--mount', '--propagation', 'private'],
      ...['/bin/sh', '-c', stage, 'sh', folder, `${paths.length}`, ...paths, ...drop],
    ],
    mounts: mounts.map(({ from, to }) => ({ from: staged.get(from) ?? from, to })),
  }
}

/** Lets nobody connect to a socket. Who may reach it on the host is said by the folders it lies in. */
export async function openSocket(path: string): Promise<void> {
  await chmod(path, 0o666)
}

/** Whether everybody may walk to the path. */
function isOpen(path: string): boolean {
  const folder = dirname(path)
  return folder === path || ((statSync(folder).mode & 0o001) !== 0 && isOpen(folder))
}
