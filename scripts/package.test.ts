import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

/** Installed by someone whose PATH holds a Node that is new enough, so that none has to be downloaded. */
const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules/node/bin')}:${process.env['PATH']}`,
  ASSAY_OFFLINE: '1',
  DATABASE_URL: '',
}

let home: string
let assay: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay package '))
  await run('npm', ['pack', '--loglevel=error', '--pack-destination', home], { cwd: root, env: environment })
  const [tarball = ''] = (await readdir(home)).filter((name) => name.endsWith('.tgz'))
  const project = join(home, 'project')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{ "private": true }\n')
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline', '--ignore-scripts']
  await run('npm', ['install', ...quietly, join(home, tarball)], { cwd: project, env: environment })
  assay = join(project, 'node_modules/.bin/assay')
}, 300_000)
afterAll(() => rm(home, { recursive: true, force: true }))

test('the installed command says its version', async () => {
  const { stdout } = await run(assay, ['--version'], { cwd: tmpdir(), env: environment })
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('it checks an app in another folder', { timeout: 120_000 }, async () => {
  const app = join(home, 'an app')
  await mkdir(app)
  await writeFile(join(app, 'app.py'), 'from flask import Flask\n\napp = Flask(__name__)\napp.run(debug=True)\n')
  await writeFile(join(app, 'requirements.txt'), 'flask==3.1.0\n')
  const checking = run(assay, ['check', app, '--json', '--analyzers', 'dataflow,python-lint,javascript-lint,imports'], {
    cwd: tmpdir(),
    env: environment,
  })
  const { code, stdout } = await checking.then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => error,
  )
  const report: { findings: { rule: string; location: { path: string } }[]; analyses: { outcome: string }[] } =
    JSON.parse(stdout)
  expect(code).toBe(1)
  expect(report.findings.map(({ rule, location }) => `${location.path} ${rule}`)).toContainEqual(
    expect.stringMatching(/^app\.py dataflow\//),
  )
  expect(report.analyses.filter(({ outcome }) => outcome === 'error' || outcome === 'timed_out')).toEqual([])
})

test('it serves the API and the web app', { timeout: 120_000 }, async () => {
  const data = join(home, 'data')
  const server = spawn(assay, ['serve', '--port', '0', '--workers', '0'], {
    cwd: home,
    env: { ...environment, ASSAY_DATA_DIR: data, ASSAY_LOG_LEVEL: 'error', HOST: '', ASSAY_SECRET: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  try {
    let url: string | undefined
    for await (const line of createInterface({ input: server.stdout })) {
      url = /http:\/\/\S+/.exec(line)?.[0]
      if (url !== undefined) break
    }
    expect(await (await fetch(`${url}/api/v1/health`)).json()).toEqual({ status: 'ok' })
    const page = await (await fetch(`${url}/`)).text()
    expect(page).toContain('<div id="root">')
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1]
    expect((await fetch(`${url}${script}`)).status).toBe(200)
  } finally {
    server.kill()
    await ended
  }
})
