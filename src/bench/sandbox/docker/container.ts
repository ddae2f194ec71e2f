import type { SandboxLimits, SandboxMount } from '../contract.ts'
import { filterProfile } from '../filter/profile.ts'
import { refusedCalls } from '../filter/system-calls-table.ts'
import { environmentInside, nodeInside, ownFolder, supervisorInside, userInside } from '../inside.ts'
import { highest } from '../own-limit.ts'
import type { SystemPart } from '../process/system.ts'
import type { Engine } from './engine.ts'

const mebibyte = 1024 * 1024

/** Tasks of the sandbox's own: the shell and the supervisor with its threads. */
export const ownTasks = 24

/** MiB the kernel needs to keep the books of a container. */
const overhead = 64

/** Label of our containers; its value is the name of the sandbox. */
export const label = 'dev.assay.sandbox'

/** Socket inside that leads to the host. */
export const hubInside = `${ownFolder}/hub/s`

/** The first process: waits for the supervisor, buries orphans, and ends everything by its own end. */
const first = '"$@" & wait "$!"'

export interface ContainerPlan {
  readonly name: string
  readonly image: string
  readonly limits: SandboxLimits
  readonly system: readonly SystemPart[]
  readonly mounts: readonly SandboxMount[]
  /** Where the filter of system calls will lie. */
  readonly filter: string
  readonly engine: Engine
}

export interface Container {
  /** The filter of system calls, for the file. */
  readonly profile: string
  /** What the engine is asked to create. */
  readonly plan: object
}

/** Plans a container with nothing of the machine but its programs, read-only. */
export function containerOf({ name, image, limits, system, mounts, filter, engine }: ContainerPlan): Container {
  const profile = JSON.stringify(filterProfile(refusedCalls))
  const half = Math.ceil((limits.disk * mebibyte) / 2)
  const room = (bytes: number): string => `rw,exec,nosuid,nodev,mode=1777,size=${bytes}`
  const folders = system.filter((part) => part.kind === 'folder').map(({ path }) => ({ from: path, to: path }))
  const plan = {
    Image: image,
    Labels: { [label]: name },
    Hostname: 'sandbox',
    User: `${userInside}:${userInside}`,
    WorkingDir: '/app',
    Env: Object.entries(environmentInside).map(([key, value]) => `${key}=${value}`),
    Cmd: [
      '/bin/sh',
      '-c',
      first,
      'sh',
      nodeInside,
      '--max-old-space-size=128',
      `${supervisorInside}/main.js`,
      hubInside,
    ],
    NetworkDisabled: true,
    StopTimeout: 0,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'none',
      IpcMode: 'private',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: [
        'no-new-privileges', // Docker takes the text, Podman the path.
        `seccomp=${engine.podman ? filter : profile}`,
      ],
      Memory: (limits.memory + limits.disk + overhead) * mebibyte,
      MemorySwap: (limits.memory + limits.disk + overhead) * mebibyte,
      PidsLimit: limits.processes + ownTasks,
      ShmSize: Math.min(512, Math.ceil(limits.memory / 2)) * mebibyte,
      // Said, because the defaults of an engine may be higher than this machine lets anybody have.
      Ulimits: [
        ulimit('nofile', Math.min(supervisorFiles, highest('Max open files'))),
        ulimit('nproc', Math.min(engineProcesses, highest('Max processes'))),
        ulimit('core', 0),
      ],
      LogConfig: { Type: 'none', Config: {} },
      Tmpfs: { '/app': room(half), '/tmp': room(half / 2), '/home/app': room(half / 4), '/var/tmp': room(half / 4) },
      Mounts: [...folders, ...mounts].map(({ from, to }) => ({
        Type: 'bind',
        Source: from,
        Target: to,
        ReadOnly: true,
        BindOptions: { Propagation: 'rprivate' },
      })),
    },
  }
  return { profile, plan }
}

function ulimit(Name: string, value: number): object {
  return { Name, Soft: value, Hard: value }
}

/** Open files of the supervisor: two for every connection it relays. */
const supervisorFiles = 16_384
/** Counted by the engine's user for all containers, so it limits nothing here: {@link SandboxLimits.processes} does. */
const engineProcesses = 16_384
