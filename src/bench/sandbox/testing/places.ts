import { spawnSync } from 'node:child_process'
import type { Runner, RunnerId } from '../contract.ts'
import { type DistantRunner, distantRunner } from './distant.ts'
import { podmanMissing, servePodman } from './podman.ts'

/** One of the ways a sandbox is provided, for the tests that hold for all of them. */
export interface Place {
  readonly name: string
  readonly id: RunnerId
  /** Why it cannot be tested on this machine. */
  readonly missing: string | undefined
  open(): Promise<OpenPlace>
}

export interface OpenPlace {
  readonly runner: Runner
  /** Another owner of sandboxes of the same kind, to be killed. */
  another(through?: readonly string[]): DistantRunner
  close(): Promise<void>
}

const root = process.getuid?.() === 0
const bubblewrap = spawnSync('bwrap', ['--version']).error ? 'bubblewrap is not installed' : undefined

/** Sandboxes of processes as root and as somebody without rights, and of containers. */
export const places: readonly Place[] = [
  {
    name: 'process as root',
    id: 'process',
    missing: bubblewrap ?? (root ? undefined : 'the tests do not run as root'),
    open: async () => openDistant('process', {}),
  },
  {
    name: 'process as an ordinary user',
    id: 'process',
    missing: bubblewrap,
    open: async () => openDistant('process', { asOrdinary: root }),
  },
  {
    name: 'docker',
    id: 'docker',
    missing: podmanMissing,
    async open() {
      const podman = await servePodman()
      const place = openDistant('docker', { environment: { DOCKER_HOST: `unix://${podman.socket}` } })
      return {
        ...place,
        async close() {
          await place.close()
          await podman.close()
        },
      }
    },
  },
]

function openDistant(
  id: RunnerId,
  options: { asOrdinary?: boolean; environment?: Readonly<Record<string, string>> },
): OpenPlace {
  const runner = distantRunner({ runner: id, ...options })
  return {
    runner,
    another: (through) => distantRunner({ runner: id, ...options, ...(through && { through }) }),
    close: () => runner.close(),
  }
}
