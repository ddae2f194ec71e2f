import { mkdir, rm } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import { bring, sweepBrought } from '../brought.ts'
import type { Runner, Sandbox, SandboxRequest } from '../contract.ts'
import { type Abilities, tryOnce } from '../examine.ts'
import { isFiltered } from '../filter/compile.ts'
import { newName, sandboxHome, sweepFolders } from '../home.ts'
import { completeLimits } from '../limits.ts'
import { openSandbox } from '../sandbox.ts'
import {
  type ControlGroups,
  findControlGroups,
  makeControlGroup,
  removeControlGroup,
  sweepControlGroups,
} from './control-groups.ts'
import { findPrograms, type Programs, versionOf } from './programs.ts'
import { buildRoom } from './room.ts'

/** Sandboxes made with bubblewrap: processes of this machine in namespaces of their own. */
export const processRunner: Runner = {
  id: 'process',
  examine: (signal) => tryOnce(processRunner, signal, abilities),
  start,
}

/** What is found out about this machine once. */
interface Machine {
  readonly programs: Programs
  readonly groups: ControlGroups | undefined
}

let machine: Promise<Machine> | undefined

function thisMachine(): Promise<Machine> {
  machine ??= (async () => ({ programs: findPrograms(), groups: await findControlGroups() }))()
  // What is missing may be installed meanwhile.
  machine.catch(() => {
    machine = undefined
  })
  return machine
}

async function start(request: SandboxRequest): Promise<Sandbox> {
  request.signal.throwIfAborted()
  const limits = completeLimits(request.limits)
  const { programs, groups } = await thisMachine()
  const home = sandboxHome()
  const brought = await bring(home)
  const now = Date.now()
  await Promise.all([sweepFolders(home, now), sweepBrought(home, brought, now), groups && sweepControlGroups(groups)])
  const id = newName()
  const folder = join(home, id)
  await mkdir(folder, { mode: 0o700 })
  const group = groups === undefined ? {} : await makeControlGroup(groups, id, limits)
  const clear = async (): Promise<void> => {
    await removeControlGroup(group)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const room = await buildRoom({ request, limits, programs, group, id, home, brought, folder, clear })
    return await openSandbox(room, {
      ...(request.files !== undefined && { files: request.files }),
      gateways: request.gateways ?? [],
      environment: request.environment ?? {},
      limits,
      signal: request.signal,
    })
  } catch (error) {
    await clear()
    throw error
  }
}

/** The first kernel that counts the processes of a user in every user namespace of its own. */
const countingKernel = [5, 14] as const

async function abilities(): Promise<Abilities> {
  const { programs, groups } = await thisMachine()
  const parents = groups?.parents ?? {}
  const [major = 0, minor = 0] = release().split('.').map(Number)
  const counts = major > countingKernel[0] || (major === countingKernel[0] && minor >= countingKernel[1])
  return {
    version: await versionOf(programs.bwrap),
    limits: {
      memory: parents.memory ? 'kernel' : 'watchdog',
      processes: parents.pids || counts ? 'kernel' : 'watchdog',
      openFiles: 'kernel',
      cpuSeconds: 'watchdog',
      disk: 'kernel',
      wallSeconds: 'watchdog',
    },
    notes: [
      ...(parents.memory ? [] : ['This user may not make control groups: memory is looked at five times a second.']),
      ...(isFiltered(process.arch) ? [] : [`There is no filter of system calls for ${process.arch}.`]),
    ],
  }
}
