import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseBaseline, severities } from '#bench/findings'
import { severityNames } from './commands/options.ts'
import { assay, ended, examples, start } from './testing.ts'

let home: string
let env: Record<string, string>

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay-cli-'))
  env = { ASSAY_DATA_DIR: join(home, 'data'), XDG_CACHE_HOME: join(home, 'cache'), ASSAY_OFFLINE: '1' }
})
afterAll(() => rm(home, { recursive: true, force: true }))

describe('help', () => {
  it('lists every command, and each says how it is used', { timeout: 60_000 }, async () => {
    const commands = [
      'check',
      'study',
      'apps',
      'findings',
      'serve',
      'worker',
      'doctor',
      'config',
      'members',
      'keys',
      'audit',
    ]
    const top = await assay(['--help'], { env })
    expect(top.code).toBe(0)
    for (const command of commands) expect(top.stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
    const inner = [
      ...['run', 'resume', 'retry', 'add', 'list', 'show', 'export', 'cancel', 'delete'].map((verb) => ['study', verb]),
      ...['list', 'import', 'show'].map((verb) => ['apps', verb]),
      ...['list', 'show', 'accept', 'false-positive', 'reopen'].map((verb) => ['findings', verb]),
      ...['list', 'add', 'role', 'remove'].map((verb) => ['members', verb]),
      ...['list', 'create', 'revoke'].map((verb) => ['keys', verb]),
      ['audit', 'list'],
    ]
    for (const path of [...commands.map((command) => [command]), ...inner]) {
      const { code, stdout, stderr } = await assay([...path, '--help'], { env })
      expect([path, code, stderr]).toEqual([path, 0, ''])
      expect(stdout).toContain('  $ ')
      expect(stdout).toContain(`assay ${path.join(' ')}`)
    }
  })

  it('names the severities of the findings room', () => {
    expect(severityNames).toEqual(severities)
  })
})

describe('wrong use', () => {
  it.each([
    [['wat'], /unknown command 'wat'[\s\S]*assay --help/],
    [['study', 'run', 'x'], /--name[\s\S]*assay study run --help/],
    [['study', 'run', 'x', '--name', 'n', '--repeats', '0'], /whole number from 1 to 100/],
    [['check', '.', '--fail-on', 'terrible'], /Allowed choices are critical, high/],
    [['findings', 'show', '12'], /12 is not the id of a finding/],
  ])('%j ends with 2 and says what to do', async (args, message) => {
    const { code, stdout, stderr } = await assay(args, { env })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  it('is one JSON object on standard error with --json', async () => {
    const { code, stdout, stderr } = await assay(['study', 'run', '--json'], { env })
    expect([code, stdout]).toEqual([2, ''])
    expect(JSON.parse(stderr).error.code).toBe('invalid-input')
  })

  it('refuses an address that is none, and a server that is not there', async () => {
    const none = await assay(['study', 'list'], { env: { ...env, ASSAY_SERVER: 'nonsense' } })
    expect(none.code).toBe(2)
    const gone = await assay(['study', 'list'], { env: { ...env, ASSAY_SERVER: 'http://127.0.0.1:1' } })
    expect(gone.code).toBe(3)
    expect(gone.stderr).toContain('cannot be reached')
  })
})

describe('check', () => {
  const app = join(examples, 'careless/app3')
  const only = ['--analyzers', 'patterns,secrets']

  it('writes a baseline whole, and reports only what is new since', { timeout: 60_000 }, async () => {
    const baseline = join(home, 'baseline.json')
    const first = await assay(['check', app, ...only, '--format', 'json', '--out', baseline], { env })
    expect([first.code, first.stdout]).toEqual([1, ''])
    const known = parseBaseline(await readFile(baseline, 'utf8')).findings.length
    expect(known).toBeGreaterThan(5)
    const second = await assay(['check', app, ...only, '--baseline', baseline], { env })
    expect(second.code).toBe(0)
    expect(second.stdout).toContain(`${known} findings known from ${baseline} left out.\n`)
  })

  it('writes SARIF with paths relative to the folder, also for a reader that leaves early', {
    timeout: 60_000,
  }, async () => {
    const sarif = await assay(['check', app, ...only, '--format', 'sarif', '--fail-on', 'none'], { env })
    expect(sarif.code).toBe(0)
    const [run] = JSON.parse(sarif.stdout).runs
    const paths = run.results.map(
      (result: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
        result.locations[0]?.physicalLocation.artifactLocation.uri,
    )
    expect(paths).toContain('app.py')

    const child = start(['check', app, ...only, '--format', 'json'], { env })
    child.stdout?.once('data', () => child.stdout?.destroy())
    const { code, stderr } = await ended(child)
    expect([code, stderr]).toEqual([1, ''])
  })

  it('folds findings of low confidence away for people, and counts them only when asked', {
    timeout: 60_000,
  }, async () => {
    const folder = join(home, 'low')
    await mkdir(folder)
    await writeFile(join(folder, 'app.py'), 'def run(call):\n    return call("ls", shell=True)\n')
    const lint = [folder, '--analyzers', 'python-lint']
    const json = await assay(['check', ...lint, '--format', 'json', '--fail-on', 'none'], { env })
    expect(JSON.parse(json.stdout).findings).toMatchObject([{ rule: 'python-lint/S604', confidence: 'low' }])
    const folded = await assay(['check', ...lint, '--format', 'markdown', '--fail-on', 'info'], { env })
    expect(folded.code).toBe(0)
    expect(folded.stdout).toContain('1 finding of low confidence not shown; --low-confidence shows them.')
    const shown = await assay(['check', ...lint, '--low-confidence', '--fail-on', 'info'], { env })
    expect(shown.code).toBe(1)
    expect(shown.stdout).not.toContain('not shown')
  })

  it('refuses what it cannot use', async () => {
    const empty = join(home, 'empty')
    await mkdir(empty)
    const refusals = [
      [empty],
      [join(home, 'missing')],
      [app, '--analyzers', 'wat'],
      [app, '--baseline', join(home, 'missing.json')],
      [app, '--analyzers', 'secrets', '--out', join(home, 'missing/report.json')],
    ]
    const codes = await Promise.all(refusals.map(async (args) => (await assay(['check', ...args], { env })).code))
    expect(codes).toEqual([2, 2, 2, 2, 2])
  })
})

describe('config', () => {
  it('says where each setting comes from, and hides secrets', async () => {
    const secret = '0123456789abcdef0123456789abcdef'
    const { code, stdout } = await assay(['config', '--json'], {
      env: { ...env, ASSAY_SECRET: secret, ASSAY_WORKERS: '3' },
    })
    expect(code).toBe(0)
    expect(stdout).not.toContain(secret)
    const { settings } = JSON.parse(stdout)
    expect(settings.workers).toEqual({ value: 3, origin: 'environment variable ASSAY_WORKERS' })
    expect(settings.secret).toEqual({ value: '[hidden]', origin: 'environment variable ASSAY_SECRET' })
    expect(settings.port).toEqual({ value: 7420, origin: 'default' })
  })

  it('prints models for the data flow, and names the field that is wrong in them', async () => {
    const file = join(home, 'models.ts')
    const sink = { names: ['acme.run'], rule: 'sql-injection', kinds: ['sql'], arguments: [0] }
    await writeFile(file, `export default ${JSON.stringify({ dataflow: { python: [{ sinks: [sink] }] } })}`)
    const good = await assay(['config', '--json', '--config', file], { env })
    expect(JSON.parse(good.stdout).settings.dataflow).toEqual({ value: { python: [{ sinks: [sink] }] }, origin: file })
    await writeFile(join(home, 'wrong.ts'), `export default { dataflow: { python: [{ sinks: [{ rule: 'sql' }] }] } }`)
    const wrong = await assay(['config', '--config', join(home, 'wrong.ts')], { env })
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain('dataflow.python[0].sinks[0].rule: there is no rule sql; the rules are ')
  })

  it('names the wrong setting', async () => {
    const { code, stderr } = await assay(['config'], { env: { ...env, PORT: 'many' } })
    expect(code).toBe(2)
    expect(stderr).toContain('environment variable PORT')
  })
})

describe('doctor', () => {
  it('runs every canary now', { timeout: 120_000 }, async () => {
    const { stdout } = await assay(['doctor', '--json'], { env })
    const report = JSON.parse(stdout)
    const states = report.analyzers.map(({ analyzer, canary }: { analyzer: string; canary: { state: string } }) => [
      analyzer,
      canary.state,
    ])
    expect(states).toContainEqual(['patterns', 'passed'])
    expect(states).toContainEqual(['complexity', 'passed'])
    expect(report.sandboxes.map(({ runner }: { runner: string }) => runner)).toEqual(['process', 'docker'])
    for (const sandbox of report.sandboxes)
      expect(sandbox.available ? sandbox.limits.memory : sandbox.next).toMatch(/\w/)
    expect(report.data).toMatchObject({ kind: 'pglite', usable: true, state: 'not created yet' })
  })
})
