import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { AppSnapshot } from '#bench/apps'
import type { Analyzer } from '../contract.ts'
import { appOf } from '../testing.ts'
import { keeper } from './artifacts.ts'
import { misbehaving } from './fixtures/misbehaviour.ts'
import { type AnalyzerPool, openPool, type PoolOptions } from './pool.ts'

const entry = join(import.meta.dirname, 'fixtures', 'child.ts')
const folder = mkdtempSync(join(tmpdir(), 'assay-pool-test-'))
process.env['TMPDIR'] = folder
const never = new AbortController().signal
const hasProc = existsSync('/proc/self/task')
let app: AppSnapshot | undefined
const open: AnalyzerPool[] = []

function pool(options: Partial<PoolOptions> = {}): AnalyzerPool {
  const made = openPool({ size: 1, cache: join(folder, 'cache'), network: false, now: Date.now, entry, ...options })
  open.push(made)
  return made
}

function analyzer(id: string, changes: Partial<Analyzer> = {}): Analyzer {
  const found = misbehaving.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no analyzer ${id}`)
  return { ...found, ...changes }
}

async function run(
  from: AnalyzerPool,
  id: string,
  { options = {}, signal = never, ...changes }: Partial<Analyzer> & { options?: object; signal?: AbortSignal } = {},
) {
  app ??= await appOf({ 'app.py': 'print(1)\n' })
  const { durationMs, ...report } = await from.run(analyzer(id, changes), app, { ...options }, signal)
  expect(durationMs).toBeGreaterThanOrEqual(0)
  return report
}

const nothing = { findings: [], metrics: {}, checks: [], artifacts: [], log: [] }

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

test('an analysis completes, with its log, and the process is used again', async () => {
  const one = pool()
  const first = await run(one, 'good')
  expect(first).toEqual({
    ...nothing,
    outcome: 'completed',
    metrics: { answer: 42, pid: expect.any(Number) },
    coverage: { analysed: 1, total: 1, gaps: [] },
    log: ['hello'],
  })
  expect((await run(one, 'good')).metrics['pid']).toBe(first.metrics['pid'])
})

test.each([
  ['throws', 'the parser fell over'],
  ['exits', 'The analyzing process ended with code 7.'],
  ['segfaults', 'The analyzing process ended by SIGSEGV.'],
  ['rejects', 'The analyzing process ended with code 1: Error: nobody looked.'],
  ['unknown-rule', 'The analyzer unknown-rule reported the rule invented, which its catalogue does not have.'],
  [
    'sends-garbage',
    'The analyzer gave an answer that is not one: answer: Invalid input: expected object, received undefined.',
  ],
  [
    'answers-wrongly',
    'The analyzer gave an answer that is not one: metrics.files: Invalid input: expected number, received string.',
  ],
  [
    'answers-not-a-number',
    'The analyzer gave an answer that is not one: metrics.ratio: Invalid input: expected number, received null.',
  ],
])('an analyzer that %s is an error with the reason, and the next analysis is not harmed', async (id, reason) => {
  const one = pool()
  expect(await run(one, id)).toEqual({ ...nothing, outcome: 'error', reason })
  expect((await run(one, 'good')).outcome).toBe('completed')
})

test('an analyzer that finds nothing to measure says why', async () => {
  const reason = 'The app does not start: it has no main function.'
  expect(await run(pool(), 'finds-nothing-to-measure')).toEqual({ ...nothing, outcome: 'not_applicable', reason })
})

test.each(['hangs-busy', 'hangs-waiting'])('an analyzer that %s is timed out', async (id) => {
  const one = pool()
  expect(await run(one, id)).toEqual({ ...nothing, outcome: 'timed_out', reason: 'Not finished after 1.5 s.' })
  expect((await run(one, 'good')).outcome).toBe('completed')
})

test.skipIf(!hasProc)('an analyzer that eats memory is stopped at its limit', async () => {
  const report = await run(pool(), 'eats-memory')
  expect(report).toEqual({ ...nothing, outcome: 'error', reason: expect.any(String) })
  expect(report.reason).toMatch(/^Stopped: it took \d+ MiB of memory, more than the 250 MiB allowed\.$/)
  expect(Number(/\d+/.exec(report.reason ?? '')?.[0])).toBeLessThan(800)
})

test.skipIf(!hasProc)('what one analyzer leaves in memory does not count against the next', async () => {
  const one = pool()
  expect((await run(one, 'leaves-memory')).outcome).toBe('completed')
  expect((await run(one, 'good', { memory: 250 })).outcome).toBe('completed')
})

test('an answer without end is stopped before it fills the memory', async () => {
  const report = await run(pool(), 'sends-without-end')
  expect(report.reason).toBe(
    'The analyzer gave an answer that is not one: answer: Invalid input: expected object, received undefined.',
  )
  expect(report.outcome).toBe('error')
})

test('output on the standard streams is no answer', async () => {
  expect((await run(pool(), 'prints-garbage')).outcome).toBe('completed')
})

test('the first of two answers counts, and the second is not taken for the answer to the next request', async () => {
  const one = pool()
  expect((await run(one, 'answers-twice', { options: { id: 1 } })).metrics).toEqual({ early: 1 })
  expect((await run(one, 'good')).metrics['answer']).toBe(42)
})

test('an analysis is cancelled at once, at work or in line', async () => {
  const one = pool()
  const stop = new AbortController()
  const started = Date.now()
  const working = run(one, 'hangs-busy', { signal: stop.signal, timeout: 60_000 })
  const waiting = run(one, 'good', { signal: stop.signal })
  const behind = run(one, 'good')
  await sleep(700)
  stop.abort()
  const cancelled = { ...nothing, outcome: 'cancelled', reason: 'cancelled' }
  expect(await waiting).toEqual(cancelled)
  expect(await working).toEqual(cancelled)
  expect((await behind).outcome).toBe('completed')
  expect(Date.now() - started).toBeLessThan(10_000)
})

test('never more at once than there are places, whoever leaves the line', async () => {
  const two = pool({ size: 2 })
  let most = 0
  const leaving = Array.from({ length: 6 }, () => new AbortController())
  const all = leaving.map(async ({ signal }, index) => {
    const report = await run(two, 'good', { signal: index % 2 === 0 ? signal : never })
    most = Math.max(most, two.active)
    return report.outcome
  })
  const watch = setInterval(() => {
    most = Math.max(most, two.active)
  }, 5)
  for (const one of leaving.slice(2)) one.abort()
  expect((await Promise.all(all)).filter((outcome) => outcome === 'completed').length).toBeGreaterThanOrEqual(3)
  clearInterval(watch)
  expect(most).toBeLessThanOrEqual(2)
})

test('closing cancels what is at work and in line, and leaves no process and no folder', async () => {
  const before = scratchFolders()
  const one = pool()
  const reports = [run(one, 'hangs-waiting', { timeout: 60_000 }), run(one, 'good'), run(one, 'good')]
  await sleep(500)
  await one.close()
  for (const report of reports) expect((await report).outcome).toBe('cancelled')
  expect((await run(one, 'good')).outcome).toBe('cancelled')
  expect(scratchFolders()).toEqual(before)
})

test.skipIf(!hasProc)('tools that an analyzer started end with it: timed out, cancelled, or left running', async () => {
  for (const [index, how] of (['timed_out', 'cancelled', 'completed'] as const).entries()) {
    const one = pool()
    const stop = new AbortController()
    const report = join(folder, `tools-${index}`)
    const running = run(one, 'starts-tools', {
      options: { report, leave: how === 'completed' },
      signal: stop.signal,
      timeout: how === 'timed_out' ? 2500 : 20_000,
    })
    const family = await familyOf(report)
    if (how === 'cancelled') stop.abort()
    expect((await running).outcome).toBe(how)
    if (how === 'completed') expect((await run(one, 'good')).metrics['pid']).not.toBe(family.pid)
    await expectGone([family.pid, family.tool, family.grandchild], 2000)
    expect(existsSync(family.scratch)).toBe(false)
  }
})

test.skipIf(!hasProc).each(['waiting', 'busy'])(
  'when the parent is killed, a %s analyzer, its tools and its folders are gone within 2 s',
  async (how) => {
    const report = join(folder, `orphans-${how}`)
    const parent = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/parent.ts'), report, how], {
      stdio: 'ignore',
    })
    const family = await familyOf(report)
    const ended = new Promise((resolve) => parent.once('exit', resolve))
    parent.kill('SIGKILL')
    await ended
    await expectGone([family.pid, family.tool, family.grandchild], 2000)
    expect(existsSync(family.scratch)).toBe(false)
  },
)

test('a folder that cannot be written is an error of the analysis, and costs no place', async () => {
  const one = pool({ cache: '/dev/null/cache' })
  for (let time = 0; time < 2; time += 1) {
    const report = await run(one, 'good')
    expect(report.outcome).toBe('error')
    expect(report.reason).toMatch(/^There is no room to work in: ENOTDIR.*Free space on the disk\.$/)
  }
})

test('a process that cannot be started is an error', async () => {
  const report = await run(pool({ entry: join(folder, 'missing.ts') }), 'good')
  expect(report.outcome).toBe('error')
  expect(report.reason).toMatch(/^The analyzing process ended with code 1: .*Cannot find module/)
})

async function familyOf(report: string): Promise<{ pid: number; tool: number; scratch: string; grandchild: number }> {
  for (let time = 0; time < 150 && !existsSync(report); time += 1) await sleep(100)
  return JSON.parse(readFileSync(report, 'utf8'))
}

async function expectGone(pids: readonly number[], withinMs: number): Promise<void> {
  const until = Date.now() + withinMs
  let left = pids.filter(runs)
  while (left.length > 0 && Date.now() < until) {
    await sleep(50)
    left = pids.filter(runs)
  }
  expect(left).toEqual([])
}

/** A zombie that nobody reaped (the machine's init should) runs no more. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function scratchFolders(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('assay-scratch-'))
}

process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

test('what an analysis keeps is stored, also when it then fails', async () => {
  const stored: string[] = []
  const one = pool({
    artifacts: async ({ name }, path, analyzer) => {
      stored.push(`${analyzer}/${name}: ${readFileSync(path, 'utf8')}`)
      return `key of ${name}`
    },
  })
  expect(await run(one, 'keeps', { options: { fail: true } })).toEqual({
    ...nothing,
    outcome: 'error',
    reason: 'the app fell over',
    artifacts: [
      { name: 'app.log', title: 'What the app printed', mediaType: 'text/plain', size: 5, key: 'key of app.log' },
    ],
  })
  expect(stored).toEqual(['keeps/app.log: hello'])
})

test('an artifact that no store takes is said in the log', async () => {
  const one = pool({ artifacts: () => Promise.reject(new Error('no space left')) })
  const { outcome, artifacts, log } = await run(one, 'keeps')
  expect({ outcome, artifacts, log }).toEqual({
    outcome: 'completed',
    artifacts: [],
    log: ['The artifact app.log could not be kept: no space left'],
  })
})

test.each([
  ['../escape', 'x', /"\.\.\/escape" is no name for an artifact/],
  ['app.log', 'x', /two artifacts named app\.log/],
  ['big.bin', 'x'.repeat(16 * 1024 * 1024 + 1), /big\.bin has 16777217 bytes, more than 16777216/],
])('an artifact %s that cannot be kept is refused', async (name, content, message) => {
  const keep = keeper(mkdtempSync(join(folder, 'kept-')), () => undefined)
  await keep({ name: 'app.log', title: 'Log', mediaType: 'text/plain' }, 'first')
  await expect(keep({ name, title: 'Other', mediaType: 'text/plain' }, content)).rejects.toThrow(message)
})

test('an exclusive analysis runs alone', async () => {
  const one = pool({ size: 3 })
  const alone = { needs: { exclusive: true } } as const
  const order: string[] = []
  const note = (what: string) => (report: { outcome: string }) => void order.push(`${what} ${report.outcome}`)
  const options = { milliseconds: 300 }
  const ends = [
    run(one, 'waits', { options }).then(note('first')),
    run(one, 'waits', { ...alone, options: { milliseconds: 100 } }).then(note('alone')),
    run(one, 'waits', { options: { milliseconds: 1 } }).then(note('after')),
  ]
  await sleep(150)
  expect(one.active).toBe(1)
  await Promise.all(ends)
  expect(order).toEqual(['first completed', 'alone completed', 'after completed'])
})
