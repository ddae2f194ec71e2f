import type { SandboxLimits, SandboxMount } from '../contract.ts'
import { userInside } from '../inside.ts'
import type { SystemPart } from './system.ts'

const mebibyte = 1024 * 1024

export interface Enclosure {
  readonly limits: SandboxLimits
  readonly system: readonly SystemPart[]
  readonly mounts: readonly SandboxMount[]
  /** Descriptor to which bubblewrap writes the number of the first process inside. */
  readonly info: number
  /** Descriptor with the compiled filter of system calls. */
  readonly filter?: number
  readonly command: readonly string[]
}

/** The arguments of `bwrap` for a closed room: nothing of the machine but its programs, read-only. */
export function bubblewrapArguments(enclosure: Enclosure): string[] {
  const { limits, system, mounts, info, filter, command } = enclosure
  return [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...['--uid', `${userInside}`, '--gid', `${userInside}`, '--hostname', 'sandbox'],
    ...['--info-fd', `${info}`],
    ...(filter === undefined ? [] : ['--seccomp', `${filter}`]),
    // One file system in memory for everything that can be written, so that its size is the limit.
    ...['--size', `${limits.disk * mebibyte}`, '--tmpfs', '/'],
    ...system.flatMap((part) =>
      part.kind === 'link' ? ['--symlink', part.target, part.path] : ['--ro-bind', part.path, part.path],
    ),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...[
      '--perms',
      '1777',
      '--size',
      `${sharedMemory(limits) * mebibyte}`,
      '--tmpfs',
      '/dev/shm',
      '--remount-ro',
      '/dev',
    ],
    ...['--dir', '/app', '--dir', '/home/app', '--dir', '/var/tmp', '--perms', '1777', '--dir', '/tmp'],
    ...mounts.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...['--chdir', '/app', '--', ...command],
  ]
}

/** MiB of /dev/shm: browsers share pictures through it. */
export function sharedMemory(limits: SandboxLimits): number {
  return Math.min(512, Math.ceil(limits.memory / 2))
}
