import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { assay, ended, examples, start } from './testing.ts'

let home: string
let env: Record<string, string>
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay-cli-agents-'))
  env = { ASSAY_DATA_DIR: join(home, 'data'), XDG_CACHE_HOME: join(home, 'cache'), ASSAY_OFFLINE: '1' }
})
afterAll(() => rm(home, { recursive: true, force: true }))

interface Cited {
  readonly cites: readonly number[]
}

it('an agent reports on a folder without any model, and cites a step for everything', async () => {
  const { code, stdout, stderr } = await assay(
    ['agents', 'run', 'infosec', join(examples, 'careless/app1'), '--json'],
    { env },
  )
  const { id, state, result } = JSON.parse(stdout)
  expect([state, code, stderr]).toEqual(['completed', 0, ''])
  // Offline, what asks a registry is left out, and said to be.
  expect(result.leftOut.map(({ analyzer }: { analyzer: string }) => analyzer)).toContain('dependencies')
  expect(result.sections.map(({ title }: { title: string }) => title).slice(0, 2)).toEqual([
    'A01:2025 Broken Access Control',
    'A02:2025 Security Misconfiguration',
  ])
  expect(result.summary).toMatch(/^app1: \d+ findings .*It breaks \d+ chapters of ASVS 5\.0: V1, /)

  const shown = await assay(['executions', 'show', id.slice(0, 20), '--json'], { env })
  const { log } = JSON.parse(shown.stdout)
  expect(log.map(({ number }: { number: number }) => number)).toEqual(log.map((_: unknown, at: number) => at + 1))
  const saw = (step: number): unknown => log[step - 1].output.findings
  const points: Cited[] = result.sections.flatMap(({ points }: { points: Cited[] }) => points)
  expect(points.length).toBeGreaterThan(10)
  for (const { cites } of points) for (const step of cites) expect(saw(step)).not.toEqual([])

  const listed = await assay(['executions', 'list'], { env })
  expect(listed.stdout).toMatch(new RegExp(`infosec +completed .*${id}`))
})

it('an execution whose command is killed goes on with the next one, and does nothing twice', async () => {
  const own = { ...env, ASSAY_DATA_DIR: join(home, 'killed') }
  const first = start(['agents', 'run', 'inspector', join(examples, 'hasty/app1')], { env: own })
  const gone = ended(first)
  let id = ''
  for (let time = 0; id === '' && time < 200; time += 1) {
    await sleep(50)
    const { code, stdout } = await assay(['executions', 'list', '--json'], { env: own })
    if (code === 0) id = JSON.parse(stdout).items.find(({ steps }: { steps: number }) => steps > 3)?.id ?? ''
  }
  expect(id).not.toBe('')
  first.kill('SIGKILL')
  await gone
  const next = await assay(['agents', 'run', 'inspector', join(examples, 'careful/app1'), '--json'], { env: own })
  expect(JSON.parse(next.stdout).state).toBe('completed')
  const { state, log } = JSON.parse((await assay(['executions', 'show', id, '--json'], { env: own })).stdout)
  expect(state).toBe('completed')
  expect(new Set(log.map((step: { state: string }) => step.state))).toEqual(new Set(['finished']))
})

it.each([
  [['agents', 'run', 'nobody', '.'], 'There is no agent nobody.', 'Choose from: inspector, infosec.'],
  [['agents', 'run', 'inspector', 'no such app'], 'There is no app named no such app', "'assay apps list'"],
  [['executions', 'show', 'x'], 'x is no id, nor the beginning of one.', "'assay executions list'"],
])('%j is refused: %s', async (args, message, next) => {
  const { code, stderr } = await assay(args, { env })
  expect(code).toBe(2)
  expect(stderr).toContain(message)
  expect(stderr).toContain(next)
})
