import { spawnSync } from 'node:child_process'
import { afterEach, expect, test, vi } from 'vitest'
import { chooseRunner, dockerRunner, processRunner, SandboxUnavailable } from './index.ts'

const { signal } = new AbortController()
afterEach(() => vi.unstubAllEnvs())

test('where there is no engine, the Docker runner says what to start', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock')
  expect(await dockerRunner.examine(signal)).toEqual({
    runner: 'docker',
    available: false,
    reason: 'No Docker or Podman listens here.',
    next: 'Start Docker, or podman system service, and let this user reach its socket.',
  })
  const choice = chooseRunner({ preference: 'docker', signal })
  await expect(choice).rejects.toThrow(SandboxUnavailable)
  await expect(choice).rejects.toMatchObject({ code: 'sandbox-unavailable', status: 503, next: /Start Docker/ })
})

test('an engine on another machine is none', async () => {
  vi.stubEnv('DOCKER_HOST', 'tcp://example.org:2375')
  expect(await dockerRunner.examine(signal)).toMatchObject({
    available: false,
    reason: 'DOCKER_HOST is tcp://example.org:2375, and an engine on another machine cannot see the files here.',
  })
})

test.skipIf(spawnSync('bwrap', ['--version']).error)('what works is chosen, and said how well', async () => {
  expect(await processRunner.examine(signal)).toMatchObject({
    runner: 'process',
    available: true,
    version: /^bubblewrap \d/,
    limits: { openFiles: 'kernel', disk: 'kernel', cpuSeconds: 'watchdog', wallSeconds: 'watchdog' },
  })
  expect(await chooseRunner({ preference: 'auto', signal })).toBe(processRunner)
  expect(await chooseRunner({ preference: 'process', signal })).toBe(processRunner)
})
