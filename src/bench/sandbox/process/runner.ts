import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { bring } from '../brought.ts'
import type { Runner, Sandbox, SandboxLimits, SandboxMount, SandboxRequest } from '../contract.ts'
import { tryOnce } from '../examine.ts'
import { newName, sandboxHome, sweepFolders } from '../home.ts'
import { etcInside, nodeInside, supervisorInside } from '../inside.ts'
import { completeLimits } from '../limits.ts'
import { gatewaySocket, openSandbox, type Room } from '../sandbox.ts'
import { accountOf } from './accounting.ts'
import { bubblewrapArguments } from './bubblewrap.ts'
import { controlDescriptor, enclose, firstInherited, infoDescriptor } from './enclosed.ts'
import { type ListeningSocket, listeningSocket } from './listening-socket.ts'
import { asNobody, openSocket } from './nobody.ts'
import { findPrograms, versionOf } from './programs.ts'
import { systemParts } from './system.ts'

/** Ports of one sandbox that can be reached from outside. */
const reachable = 16

/** Sandboxes made with bubblewrap: processes of this machine in namespaces of their own. */
export const processRunner: Runner = {
  id: 'process',
  examine: (signal) =>
    tryOnce(processRunner, signal, async () => ({
      version: await versionOf(findPrograms().bwrap),
      limits: {
        memory: 'none',
        processes: 'none',
        openFiles: 'kernel',
        cpuSeconds: 'none',
        disk: 'kernel',
        wallSeconds: 'watchdog',
      },
      notes: [],
    })),
  start,
}

async function start(request: SandboxRequest): Promise<Sandbox> {
  request.signal.throwIfAborted()
  const limits = completeLimits(request.limits)
  const programs = findPrograms()
  const home = sandboxHome()
  await sweepFolders(home, Date.now())
  const id = newName()
  const folder = join(home, id)
  await mkdir(folder, { mode: 0o700 })
  try {
    const brought = await bring(home)
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
    const sockets = await Promise.all(
      Array.from({ length: reachable }, (_, index) => listeningSocket(join(folder, `${index}`))),
    )
    try {
      const command = [nodeInside, '--max-old-space-size=128', `${supervisorInside}/main.js`, `${controlDescriptor}`]
      const walls = bubblewrapArguments({ limits, system: systemParts(), mounts, info: infoDescriptor, command })
      const enclosed = await enclose(
        [...prefix, programs.bwrap, ...walls],
        sockets.map(({ descriptor }) => descriptor),
      )
      const room: Room = {
        id,
        runner: 'process',
        connection: enclosed.connection,
        wrap: wrapping(programs.prlimit, limits),
        expose: exposing(sockets),
        async usage() {
          const account = accountOf(enclosed.first)
          return { ...account, peakMemory: account.memory }
        },
        async clear() {
          await enclosed.kill()
          await rm(folder, { recursive: true, force: true })
        },
        ended: enclosed.ended,
      }
      return await openSandbox(room, {
        ...(request.files !== undefined && { files: request.files }),
        gateways: request.gateways ?? [],
        environment: request.environment ?? {},
        limits,
        signal: request.signal,
      })
    } finally {
      for (const socket of sockets) socket.close()
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
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

/** Before the program: the first to go when memory runs out, its folder, its limits. */
const prelude = 'echo 500 2>/dev/null >/proc/self/oom_score_adj; cd -- "$1" || exit 127; shift; exec "$@"'

function wrapping(prlimit: string, limits: SandboxLimits): Room['wrap'] {
  const rlimits = [`--nofile=${limits.openFiles}`, '--core=0']
  return (argv, cwd) => ['/bin/sh', '-c', prelude, 'sh', cwd, prlimit, ...rlimits, '--', ...argv]
}
