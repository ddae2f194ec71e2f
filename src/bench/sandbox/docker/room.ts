import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Brought } from '../brought.ts'
import type { SandboxEnd, SandboxLimits, SandboxMount, SandboxRequest } from '../contract.ts'
import { SandboxUnavailable } from '../errors.ts'
import { bornAt } from '../home.ts'
import { etcInside, nodeInside, ownFolder, supervisorInside } from '../inside.ts'
import { findProgram } from '../process/programs.ts'
import { systemParts } from '../process/system.ts'
import { gatewaySocket, type Room } from '../sandbox.ts'
import { textOf } from '../text-of.ts'
import type { ControlGroup } from '../watch/accounting.ts'
import { controllers, groupsOf } from '../watch/groups.ts'
import { watch } from '../watch/watch.ts'
import { wrapping } from '../wrapping.ts'
import { containerOf } from './container.ts'
import type { Engine } from './engine.ts'
import { openHub } from './hub.ts'
import { emptyImage } from './image.ts'
import { removeContainer } from './remove.ts'

/** Milliseconds a started container has to connect. */
const patience = 20_000

/** What a room is built of. */
export interface Site {
  readonly request: SandboxRequest
  readonly limits: SandboxLimits
  readonly engine: Engine
  readonly id: string
  /** Private to this sandbox. */
  readonly folder: string
  readonly brought: Brought
}

const created = z.object({ Id: z.string() })
const inspected = z.object({ State: z.object({ Pid: z.number().int() }) })

/** Builds a room of a container. @throws SandboxUnavailable when it does not come to life; EngineError when it is refused */
export async function buildContainer({ request, limits, engine, id, folder, brought }: Site): Promise<Room> {
  const hubFolder = join(folder, 'hub')
  await mkdir(hubFolder)
  await chmod(hubFolder, 0o711)
  const hub = await openHub(join(hubFolder, 's'))
  let container: string | undefined
  const clear = async (): Promise<void> => {
    hub.close()
    if (container !== undefined) await removeContainer(engine, container)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const gateways = request.gateways ?? []
    for (const { socket } of gateways) await chmod(socket, 0o666)
    const mounts: readonly SandboxMount[] = [
      ...Object.keys(etcInside).map((name) => ({ from: join(brought.etc, name), to: `/etc/${name}` })),
      { from: process.execPath, to: nodeInside },
      { from: brought.supervisor, to: supervisorInside },
      { from: hubFolder, to: `${ownFolder}/hub` },
      ...gateways.map(({ port, socket }) => ({ from: socket, to: gatewaySocket(port) })),
      ...(request.mounts ?? []),
    ]
    const image = await emptyImage(engine)
    const filter = join(folder, 'filter.json')
    const { profile, plan } = containerOf({ name: id, image, limits, system: systemParts(), mounts, filter, engine })
    await writeFile(filter, profile)
    container = created.parse(await engine.call('POST', `/containers/create?name=assay-${id}`, plan)).Id
    await engine.call('POST', `/containers/${container}/start`)
    const connection = await Promise.race([hub.control, late(engine)])
    const first = inspected.parse(await engine.call('GET', `/containers/${container}/json`)).State.Pid
    const accounted = { first, born: bornAt(first) ?? '', group: groupOf(first), oneDisk: false }
    const { promise: ended, resolve: end } = Promise.withResolvers<SandboxEnd>()
    const finish = (): void =>
      end(guard.breach() ?? { reason: 'crashed', message: 'It broke down: its supervisor is gone.' })
    const guard = watch(id, accounted, limits, finish)
    connection.once('end', finish)
    connection.once('close', finish)
    let exposed = 0
    return {
      id,
      runner: 'docker',
      connection,
      wrap: wrapping(findProgram('prlimit', 'util-linux'), limits),
      async expose(port, conversation) {
        exposed += 1
        const path = join(folder, `${exposed}`)
        await hub.expose(path, port, conversation)
        return path
      },
      usage: async () => guard.account(),
      async clear() {
        guard.close()
        await clear()
      },
      ended,
    }
  } catch (error) {
    await clear()
    throw error
  }
}

function late(engine: Engine): Promise<never> {
  return new Promise((_, reject) => {
    const reason = new SandboxUnavailable(`A container of ${engine.version} started and did not answer.`, {
      next: 'See whether SELinux or AppArmor keeps containers from the sockets of this user.',
    })
    setTimeout(() => reject(reason), patience).unref()
  })
}

/** The control group the engine has made for a process; only its readable parts. */
function groupOf(pid: number): ControlGroup {
  const own = groupsOf(textOf('/proc/self/mountinfo'), textOf(`/proc/${pid}/cgroup`))
  if (own === undefined) return {}
  const folders = own.version === 1 ? own.folders : { memory: own.folder, pids: own.folder, cpuacct: own.folder }
  const readable = controllers.filter((controller) => textOf(`${folders[controller]}/cgroup.procs`) !== '')
  return Object.fromEntries(readable.map((controller) => [controller, folders[controller]]))
}
