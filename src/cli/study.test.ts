import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assay, ended, examples, serverOf, start, untilFinished } from './testing.ts'

let home: string
const environment = (name: string): Record<string, string> => ({
  ASSAY_DATA_DIR: join(home, name),
  XDG_CACHE_HOME: join(home, 'cache'),
  ASSAY_OFFLINE: '1',
})
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay-cli-study-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const timeout = { timeout: 120_000 }

describe('study run', () => {
  it('ends with one JSON object that holds the comparison', timeout, async () => {
    const env = environment('run')
    const { code, stdout } = await assay(
      ['study', 'run', examples, '--name', 'first look', '--analyzers', 'dataflow,complexity', '--json'],
      { env },
    )
    const result = JSON.parse(stdout)
    expect([code, result.unmeasured]).toEqual([0, []])
    expect(result.study).toMatchObject({ name: 'first look', state: 'completed' })
    expect(result.apps).toBe(9)
    expect(result.analyses).toMatchObject({ total: 18, byOutcome: { completed: 18, error: 0, timed_out: 0 } })
    expect(result.findings.bySeverity.critical).toBeGreaterThan(0)
    expect(result.models.map(({ model }: { model: string }) => model)).toEqual(['careful', 'careless', 'hasty'])
    expect(result.differences.length).toBeGreaterThan(0)
    expect(result.seconds).toBeGreaterThan(0)

    const shown = await assay(['study', 'show', 'first look'], { env })
    expect(shown.code).toBe(0)
    expect(shown.stdout).toMatch(/^careless +3 /m)
    expect(shown.stdout).toMatch(/careful .*(not distinguishable|fewer findings)/)
    expect(shown.stdout).toContain('18 analyses completed.')
  })

  it('is interrupted, killed, looked at and cancelled from elsewhere, and goes on', timeout, async () => {
    const env = environment('resume')
    const run = ['study', 'run', examples, '--name', 'long', '--analyzers', 'dataflow,complexity', '--repeats', '6']

    const first = start(run, { env })
    const running = ended(first)
    await untilFinished(await serverOf(join(home, 'resume')), 1)
    const [list, second] = await Promise.all([
      assay(['study', 'list'], { env }),
      assay(['study', 'run', examples, '--name', 'other'], { env }),
    ])
    expect(list.stdout).toMatch(/long +running/)
    expect(second.code).toBe(2)
    expect(second.stderr).toContain(`Another Assay process (pid ${first.pid}) is using the data directory`)
    first.kill('SIGINT')
    const interrupted = await running
    expect(interrupted.code).toBe(130)
    const id = /assay study resume ([0-9a-f-]{36})/.exec(interrupted.stderr)?.[1] ?? ''
    expect(id).not.toBe('')

    const resumed = start(['study', 'resume', 'long'], { env })
    const killed = ended(resumed)
    await untilFinished(await serverOf(join(home, 'resume')), 8)
    resumed.kill('SIGKILL')
    expect((await killed).code).toBeNull()

    const last = await assay(['study', 'resume', id.slice(0, 13), '--fail-on', 'critical', '--json'], { env })
    expect(last.code).toBe(1)
    const result = JSON.parse(last.stdout)
    expect(result.study).toMatchObject({ id, state: 'completed' })
    expect(result.analyses).toMatchObject({ total: 108, finished: 108, byOutcome: { completed: 108 } })

    const again = await assay(['study', 'resume', id], { env })
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('The study long is completed.')
  })

  it('draws its progress for a person, and leaves only the result behind', timeout, async (test) => {
    const env = { ...environment('run'), TERM: 'xterm', SHELL: '/bin/sh' }
    const line = `'${process.cwd()}/bin/assay' study run '${examples}' --name drawn --analyzers wiring,secrets --repeats 2`
    const { spawnSync } = await import('node:child_process')
    if (spawnSync('script', ['--version']).error) return test.skip("'script' of util-linux is not installed")
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ASSAY_')))
    const { stdout, status } = spawnSync('script', ['-qec', line, '/dev/null'], {
      env: { ...inherited, ...env },
      encoding: 'utf8',
      input: '',
    })
    expect(status).toBe(0)
    expect(stdout).toMatch(/secrets {2}█*░* +\d+\/18/)
    expect(stdout).toMatch(/\d+ of 36 analyses/)
    const after = stdout.slice(stdout.lastIndexOf('\x1b[J'))
    expect(after).not.toContain('░')
    expect(after).toContain('36 analyses completed.')
  })
})

describe('with a running server', () => {
  let server: ReturnType<typeof start>
  let env: Record<string, string>
  let url: string

  beforeAll(async () => {
    env = environment('served')
    server = start(['serve'], { env: { ...env, PORT: '0' } })
    url = await serverOf(join(home, 'served'))
  }, 120_000)
  afterAll(async () => {
    const done = ended(server)
    server.kill('SIGTERM')
    expect((await done).code).toBe(0)
  }, 60_000)

  it('refuses bad input before anything is written', timeout, async () => {
    const noApp = join(home, 'no-app')
    await mkdir(join(noApp, 'notes'), { recursive: true })
    await mkdir(join(home, 'empty'))
    await writeFile(join(noApp, 'notes/a.txt'), 'text')
    await writeFile(join(home, 'broken.yaml'), 'layout: [')
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await assay(['study', 'run', ...args, '--name', 'x', '--json'], { env })
      expect([args, code, stdout]).toEqual([args, 2, ''])
      const { message, next } = JSON.parse(stderr).error
      return `${message} ${next}`
    }
    expect(await refused(examples, '--analyzers', 'wat')).toContain('no analyzer named wat. Choose from: patterns')
    expect(await refused(join(home, 'empty'))).toContain('Layouts understood: {model}/app{n}')
    expect(await refused(noApp)).toContain('No app found')
    expect(await refused(join(home, 'missing'))).toContain('There is no folder or archive')
    expect(await refused(examples, '--manifest', join(home, 'broken.yaml'))).toContain('not valid YAML')
    expect(await refused(examples, '--manifest', join(home, 'missing.yaml'))).toContain('Cannot read the manifest')
    expect(await refused(examples, '--ref', 'main')).toContain('no git address')
    const apps = await assay(['apps', 'list', '--json'], { env })
    expect(JSON.parse(apps.stdout).apps).toEqual([])
  })

  it('prints JSON for every command', timeout, async () => {
    const json = async (...args: string[]) => {
      const { code, stdout, stderr } = await assay([...args, '--json'], { env })
      expect([args, code, stderr]).toEqual([args, 0, ''])
      return JSON.parse(stdout)
    }
    const careless = join(examples, 'careless')
    const imported = await json('apps', 'import', careless)
    expect(imported.apps.map(({ name }: { name: string }) => name)).toEqual(['app1', 'app2', 'app3'])
    expect((await json('apps', 'list')).apps).toHaveLength(3)
    expect(await json('apps', 'show', 'app2')).toMatchObject({ name: 'app2', routes: expect.any(Array) })

    const { stdout } = await assay(['study', 'run', careless, '--name', 'served', '-a', 'dataflow'], { env })
    const id = stdout.match(new RegExp(`${url}/studies/([0-9a-f-]{36})`))?.[1] ?? ''
    expect((await json('study', 'list')).studies).toMatchObject([{ id, name: 'served', state: 'completed' }])
    expect((await json('study', 'show', id)).analyses.byOutcome.completed).toBe(3)
    expect((await json('study', 'export', id)).findings.length).toBeGreaterThan(0)
    const added = await json('study', 'add', id, join(examples, 'careful/app1/backend'))
    expect(added.analyses.total).toBe(4)

    const filter = ['--study', 'served', '--severity', 'critical', '--limit', '1']
    const { findings, total } = await json('findings', 'list', ...filter)
    expect(total).toBeGreaterThan(1)
    const guesses = await json('findings', 'list', ...filter, '--confidence', 'low')
    const everything = await json('findings', 'list', ...filter, '--confidence', 'high,medium,low')
    expect(everything.total).toBe(total + guesses.total)
    const [finding] = findings
    expect((await json('findings', 'show', finding.id)).code.lines.length).toBeGreaterThan(0)
    expect((await json('findings', 'accept', finding.id, '-r', 'known')).state).toBe('accepted')
    expect((await json('findings', 'false-positive', finding.id, '-r', 'no')).state).toBe('false_positive')
    expect((await json('findings', 'reopen', finding.id, '-r', 'yes')).state).toBe('open')

    expect((await json('members', 'add', 'ada@example.org', '-n', 'Ada')).member.role).toBe('analyst')
    expect((await json('members', 'role', 'ada@example.org', 'admin')).member.role).toBe('admin')
    expect((await json('members', 'list')).members).toHaveLength(2)
    expect((await json('members', 'remove', 'ada@example.org')).removed.name).toBe('Ada')
    const { key } = await json('keys', 'create', '-n', 'ci', '--role', 'analyst', '--expires', '1')
    expect(key.secret).toMatch(/^assay_/)
    expect((await json('keys', 'list')).keys).toHaveLength(1)
    expect((await json('keys', 'revoke', 'ci')).revoked.id).toBe(key.id)
    const { entries } = await json('audit', 'list')
    expect(entries.map(({ action }: { action: string }) => action)).toContain('key.issue')
    expect((await json('study', 'delete', 'served')).deleted.id).toBe(id)
    expect((await json('study', 'list')).studies).toEqual([])
  })

  it('writes aligned text without colour where nobody watches', timeout, async () => {
    const members = await assay(['members', 'list'], { env })
    expect(members.stdout).toMatch(/^email +name +role +since +id\nowner@localhost +Local owner +admin /)
    const missing = await assay(['study', 'show', 'nothing'], { env })
    expect([missing.code, missing.stdout]).toEqual([2, ''])
    expect(missing.stderr).toContain("'assay study list' shows the studies there are.")
  })

  it('shows which of several things was meant, when a name says too little', timeout, async () => {
    await assay(['apps', 'import', join(examples, 'careful/app2')], { env })
    const { code, stderr } = await assay(['apps', 'show', 'app2'], { env })
    expect(code).toBe(2)
    expect(stderr).toMatch(/2 apps match app2: [0-9a-f-]{36} \(app2, .*Give more of the id\./s)
  })
})
