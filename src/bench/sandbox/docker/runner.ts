import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { bring, sweepBrought } from '../brought.ts'
import type { Runner, Sandbox, SandboxRequest } from '../contract.ts'
import { SandboxUnavailable } from '../errors.ts'
import { type Abilities, tryOnce } from '../examine.ts'
import { lives, newName, ownerOf, sandboxHome, sweepFolders } from '../home.ts'
import { completeLimits } from '../limits.ts'
import { openSandbox } from '../sandbox.ts'
import { label } from './container.ts'
import { type Engine, EngineError, findEngine } from './engine.ts'
import { removeContainer } from './remove.ts'
import { buildContainer } from './room.ts'

/** Sandboxes made by a Docker or Podman of this machine. */
export const dockerRunner: Runner = {
  id: 'docker',
  examine: (signal) => tryOnce(dockerRunner, signal, abilities),
  start,
}

async function start(request: SandboxRequest): Promise<Sandbox> {
  request.signal.throwIfAborted()
  const limits = completeLimits(request.limits)
  const engine = await findEngine()
  const home = sandboxHome()
  const brought = await bring(home)
  const now = Date.now()
  await Promise.all([sweepFolders(home, now), sweepBrought(home, brought, now), sweepContainers(engine)])
  const id = newName()
  const folder = join(home, id)
  await mkdir(folder, { mode: 0o700 })
  try {
    const room = await buildContainer({ request, limits, engine, id, folder, brought })
    return await openSandbox(room, {
      ...(request.files !== undefined && { files: request.files }),
      gateways: request.gateways ?? [],
      environment: request.environment ?? {},
      limits,
      signal: request.signal,
    })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    if (!(error instanceof EngineError)) throw error
    throw new SandboxUnavailable(`${engine.version} cannot make a sandbox: ${error.message}`, {
      next: `See that ${engine.podman ? 'podman' : 'docker'} can run a container here.`,
      cause: error,
    })
  }
}

const containersSchema = z.array(z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()) }))

/** Removes the containers of sandboxes whose owner is no more. */
async function sweepContainers(engine: Engine): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }))
  const found = containersSchema.parse(await engine.call('GET', `/containers/json?all=true&filters=${filters}`))
  for (const { Id, Labels } of found) {
    const owner = ownerOf(Labels[label] ?? '')
    if (owner !== undefined && lives(owner) === false) await removeContainer(engine, Id)
  }
}

async function abilities(): Promise<Abilities> {
  const { version } = await findEngine()
  return {
    version,
    limits: {
      memory: 'kernel',
      processes: 'kernel',
      openFiles: 'kernel',
      cpuSeconds: 'watchdog',
      disk: 'kernel',
      wallSeconds: 'watchdog',
    },
    notes: ['Of the disk, half is for /app, and the other for temporary files.'],
  }
}
