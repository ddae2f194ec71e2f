import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Brought } from '../brought.ts'
import type { SandboxLimits, SandboxMount, SandboxRequest } from '../contract.ts'
import { compileFilter, isFiltered } from '../filter/compile.ts'
import { refusedCalls, uncountedMemory } from '../filter/system-calls-table.ts'
import { bornAt } from '../home.ts'
import { etcInside, nodeInside, supervisorInside } from '../inside.ts'
import { gatewaySocket, type Room } from '../sandbox.ts'
import type { ControlGroup } from '../watch/accounting.ts'
import { watch } from '../watch/watch.ts'
import { wrapping } from '../wrapping.ts'
import { bubblewrapArguments } from './bubblewrap.ts'
import { ownTasks } from './control-groups.ts'
import { controlDescriptor, enclose, filterDescriptor, firstInherited, infoDescriptor } from './enclosed.ts'
import { type ListeningSocket, listeningSocket } from './listening-socket.ts'
import { asNobody, openSocket } from './nobody.ts'
import type { Programs } from './programs.ts'
import { systemParts } from './system.ts'

/** Ports of one sandbox that can be reached from outside. */
const reachable = 16

/** What a room is built of. */
export interface Site {
  readonly request: SandboxRequest
  readonly limits: SandboxLimits
  readonly programs: Programs
  readonly group: ControlGroup
  readonly id: string
  readonly home: string
  readonly brought: Brought
  readonly folder: string
  /** Removes the group and the folder. */
  clear(): Promise<void>
}

/** Builds a room with bubblewrap. @throws SandboxUnavailable when it cannot be done on this machine */
export async function buildRoom({
  request,
  limits,
  programs,
  group,
  id,
  home,
  brought,
  folder,
  clear,
}: Site): Promise<Room> {
  const wanted: readonly SandboxMount[] = [
    ...Object.keys(etcInside).map((name) => ({ from: join(brought.etc, name), to: `/etc/${name}` })),
    { from: process.execPath, to: nodeInside },
    { from: brought.supervisor, to: supervisorInside },
    ...(request.gateways ?? []).map(({ port, socket }) => ({ from: socket, to: gatewaySocket(port) })),
    ...(request.mounts ?? []),
  ]
  const root = process.getuid?.() === 0
  if (root) for (const { socket } of request.gateways ?? []) await openSocket(socket)
  const { prefix, mounts } = root ? await asNobody(programs, home, wanted) : { prefix: [], mounts: wanted }
  const command = [nodeInside, '--max-old-space-size=128', `${supervisorInside}/main.js`, `${controlDescriptor}`]
  const filter = await filterFile(home, group)
  const sockets = await Promise.all(
    Array.from({ length: reachable }, (_, index) => listeningSocket(join(folder, `${index}`))),
  )
  try {
    const walls = bubblewrapArguments({
      limits,
      system: systemParts(),
      mounts,
      info: infoDescriptor,
      ...(filter && { filter: filterDescriptor }),
      command,
    })
    const enclosed = await enclose([...joining(group), ...prefix, programs.bwrap, ...walls], {
      ...(filter && { filter: filter.fd }),
      inherited: sockets.map(({ descriptor }) => descriptor),
    })
    const { first } = enclosed
    const accounted = { first, born: bornAt(first) ?? '', group, oneDisk: true }
    // Its death is seen without being told of it.
    const guard = watch(id, accounted, limits, () => undefined)
    return {
      id,
      runner: 'process',
      connection: enclosed.connection,
      wrap: wrapping(programs.prlimit, limits, [`--nproc=${limits.processes + ownTasks}`]),
      expose: exposing(sockets),
      usage: async () => guard.account(),
      async clear() {
        guard.close()
        await enclosed.kill()
        await clear()
      },
      ended: enclosed.ended.then((how) => guard.breach() ?? how),
    }
  } finally {
    await filter?.close()
    for (const socket of sockets) socket.close()
  }
}

/** The filter of system calls as an open file; undefined for a processor it cannot be made for. */
async function filterFile(home: string, group: ControlGroup): Promise<FileHandle | undefined> {
  if (!isFiltered(process.arch)) return undefined
  const calls = group.memory === undefined ? [...refusedCalls, ...uncountedMemory] : refusedCalls
  const path = join(home, `filter-${randomBytes(8).toString('hex')}`)
  await writeFile(path, compileFilter(calls, process.arch), { mode: 0o600 })
  try {
    return await open(path)
  } finally {
    await rm(path)
  }
}

/** Before the program that builds the room: everything from here on belongs to the group. */
const enter = 'while [ "$1" != -- ]; do echo $$ >"$1" || exit 1; shift; done; shift; exec "$@"'

function joining(group: ControlGroup): readonly string[] {
  const lists = [...new Set(Object.values(group))].map((folder) => join(folder, 'cgroup.procs'))
  return lists.length === 0 ? [] : ['/bin/sh', '-c', enter, 'sh', ...lists, '--']
}

function exposing(sockets: readonly ListeningSocket[]): Room['expose'] {
  let used = 0
  return async (port, { ask }) => {
    const socket = sockets[used]
    if (socket === undefined) throw new RangeError(`No more than ${reachable} ports of a sandbox can be reached.`)
    const descriptor = firstInherited + used
    used += 1
    await ask({ do: 'expose', descriptor, port })
    return socket.path
  }
}
