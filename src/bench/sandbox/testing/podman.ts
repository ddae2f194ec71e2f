import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A Podman service with storage of its own. */
export interface PodmanService {
  readonly socket: string
  close(): Promise<void>
}

/** Why Podman cannot be tested here; undefined when it can. */
export const podmanMissing: string | undefined = ['podman', 'runc'].some((name) => spawnSync(name, ['--version']).error)
  ? 'podman or runc is not installed'
  : process.getuid?.() === 0
    ? undefined
    : 'the tests do not run as root'

/** Limits no higher than what this machine lets anybody have; Podman's own defaults may be. */
const settings = '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n'

/** Starts Podman's service on a private socket. */
export async function servePodman(): Promise<PodmanService> {
  const folder = mkdtempSync('/tmp/assay-podman-')
  const socket = join(folder, 's')
  writeFileSync(join(folder, 'containers.conf'), settings)
  const places = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--tmpdir', join(folder, 'tmp')]
  const how = [
    '--runtime',
    'runc',
    '--cgroup-manager',
    'cgroupfs',
    '--events-backend',
    'file',
    '--storage-driver',
    'vfs',
  ]
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, CONTAINERS_CONF: join(folder, 'containers.conf') }
  const service = spawn('podman', [...places, ...how, 'system', 'service', '--time', '0', `unix://${socket}`], {
    stdio: 'ignore',
    env,
  })
  const gone = new Promise<void>((resolve) => service.once('exit', () => resolve()))
  for (let waited = 0; !existsSync(socket); waited += 1) {
    if (waited > 300 || service.exitCode !== null) throw new Error('Podman did not start.')
    await sleep(100)
  }
  return {
    socket,
    async close() {
      execFileSync('podman', [...places, ...how, 'rm', '--all', '--force', '--time', '0'], { env, stdio: 'ignore' })
      service.kill('SIGTERM')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
