import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { type ConfigSource, loadConfig, Secret, traceConfig } from './index.ts'

const home = mkdtempSync(join(tmpdir(), 'assay-config-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
let files = 0
/** A configuration file; a name of its own, since a module is loaded once. */
function file(content: string): string {
  const name = `config-${++files}.ts`
  writeFileSync(join(home, name), content)
  return name
}
const load = (source: Partial<ConfigSource> = {}) => loadConfig({ environment: {}, workingDirectory: home, ...source })

test('without any setting there are defaults', async () => {
  expect(await load()).toEqual({
    dataDirectory: join(home, '.assay'),
    host: '127.0.0.1',
    port: 7420,
    workers: availableParallelism(),
    offline: false,
    runner: 'auto',
    logLevel: 'info',
    analyzers: { options: {} },
  })
})

test('every environment variable sets its setting', async () => {
  const config = await load({
    environment: {
      ASSAY_DATA_DIR: 'data', DATABASE_URL: 'postgres://u:p@h/d', BLOBS_URL: 's3://k:s@h/b', HOST: '0.0.0.0', PORT: '8080',
      ASSAY_SECRET: 's'.repeat(32), ASSAY_PUBLIC_URL: 'https://assay.example.org', ASSAY_ADMIN_EMAIL: 'ada@example.org',
      ASSAY_ADMIN_PASSWORD: 'correct horse', ASSAY_WORKERS: '3', ASSAY_OFFLINE: 'true', ASSAY_LOG_LEVEL: 'debug', ASSAY_RUNNER: 'docker',
      ASSAY_NPM_REGISTRY: 'https://npm.example.org', ASSAY_PYPI_REGISTRY: 'https://pypi.example.org', ASSAY_OSV_DIR: 'osv',
    }, // biome-ignore format: a list of pairs
  })
  const { databaseUrl, blobsUrl, secret, adminPassword, ...plain } = config
  expect([databaseUrl, blobsUrl, secret, adminPassword].map((one) => one?.reveal())).toEqual([
    'postgres://u:p@h/d',
    's3://k:s@h/b',
    's'.repeat(32),
    'correct horse',
  ])
  expect(plain).toEqual({
    dataDirectory: join(home, 'data'),
    host: '0.0.0.0',
    port: 8080,
    publicUrl: 'https://assay.example.org',
    adminEmail: 'ada@example.org',
    workers: 3,
    offline: true,
    runner: 'docker',
    logLevel: 'debug',
    npmRegistry: 'https://npm.example.org',
    pypiRegistry: 'https://pypi.example.org',
    osvDirectory: join(home, 'osv'),
    analyzers: { options: {} },
  })
})

test('the command line outranks the environment, which outranks the file; empty variables say nothing', async () => {
  const name = file(`export default { port: 1, host: 'file', workers: 1, logLevel: 'warn' }`)
  const { config, origins } = await traceConfig({
    workingDirectory: home,
    file: name,
    environment: { PORT: '2', ASSAY_WORKERS: '2', HOST: '' },
    overrides: { port: 3, offline: undefined },
  })
  expect([config.port, config.workers, config.host, config.logLevel]).toEqual([3, 2, 'file', 'warn'])
  expect(Object.fromEntries(origins)).toEqual({
    port: 'command line',
    workers: 'environment variable ASSAY_WORKERS',
    host: join(home, name),
    logLevel: join(home, name),
  })
})

test('what is wrong is told: every setting, where it was set, what is expected, and never a secret', async () => {
  const wrong = (environment: Record<string, string>) => load({ environment })
  const next = "Correct it; 'assay config' prints the settings in force."
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ PORT: 'many' }, 'port: must be a whole number (environment variable PORT)'],
    [{ PORT: ' ' }, 'port: must be a whole number (environment variable PORT)'],
    [{ PORT: '1e3' }, 'port: must be a whole number (environment variable PORT)'],
    [{ PORT: '65536' }, 'port: Too big: expected number to be <=65535 (environment variable PORT)'],
    [{ ASSAY_WORKERS: '-1' }, 'workers: must be a whole number (environment variable ASSAY_WORKERS)'],
    [{ ASSAY_SECRET: 'hunter2' }, 'secret: must have at least 32 characters (try: openssl rand -base64 32) (environment variable ASSAY_SECRET)'],
    [{ ASSAY_ADMIN_PASSWORD: 'hunter2' }, 'adminPassword: must have at least 12 characters (environment variable ASSAY_ADMIN_PASSWORD)'],
    [{ ASSAY_PUBLIC_URL: 'ftp://x' }, 'publicUrl: Invalid URL (environment variable ASSAY_PUBLIC_URL)'],
    [{ ASSAY_ADMIN_EMAIL: 'ada' }, 'adminEmail: Invalid email address (environment variable ASSAY_ADMIN_EMAIL)'],
    [{ ASSAY_LOG_LEVEL: 'loud', PORT: 'x' }, 'port: must be a whole number (environment variable PORT); logLevel: Invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error"|"silent" (environment variable ASSAY_LOG_LEVEL)'],
  ] // biome-ignore format: one case to a line
  for (const [environment, detail] of cases) {
    const failure = await wrong(environment).catch((error) => error)
    expect(failure).toMatchObject({ name: 'InvalidInput', message: `The configuration is not valid: ${detail}.`, next })
    expect(inspect(failure)).not.toContain('hunter2')
  }
  await expect(wrong({ ASSAY_OFFLINE: 'perhaps' })).rejects.toThrow(
    /^The configuration is not valid: offline: .*ASSAY_OFFLINE/,
  )
})

test('files that are not there, broken, empty or unknown are told', async () => {
  const path = (name: string): string => join(home, name)
  await expect(load({ file: 'none.ts' })).rejects.toMatchObject({
    message: `There is no configuration file ${path('none.ts')}.`,
    next: 'Check --config.',
  })
  const broken = file('export default {')
  await expect(load({ file: broken })).rejects.toMatchObject({
    message: expect.stringContaining(`Cannot load ${path(broken)}: `),
    next: 'Correct the file.',
  })
  for (const content of ['export const port = 1', 'export default []', 'export default null', 'export default 7']) {
    const name = file(content)
    await expect(load({ file: name })).rejects.toMatchObject({
      message: `${path(name)} has no default export that is an object.`,
      next: 'Write: export default { … }',
    })
  }
  const unknown = file('export default { prot: 1, analyzers: { enable: [] } }')
  await expect(load({ file: unknown })).rejects.toThrow(
    `unknown setting analyzers.enable (${path(unknown)}); unknown setting prot (${path(unknown)})`,
  )
})

test('models for the data flow are taken as they are, under the two languages there are', async () => {
  const models = { python: [{ sources: [{ names: ['acme.read'], input: 'a message' }] }] }
  expect((await load({ file: file(`export default { dataflow: ${JSON.stringify(models)} }`) })).dataflow).toEqual(
    models,
  )
  await expect(load({ file: file('export default { dataflow: { ruby: [] } }') })).rejects.toThrow(
    'unknown setting dataflow.ruby',
  )
})

test('secrets are never printed', () => {
  const secret = new Secret('hunter2')
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
    JSON.stringify(Object.entries(secret)),
    Object.keys(secret).join(),
    String(structuredClone({ secret }).secret),
    new Error(`failed with ${secret}`).message,
  ]
  expect(shown.join('\n')).not.toContain('hunter2')
  expect(shown.slice(0, 4)).toEqual(['[hidden]', '[hidden]', '{"secret":"[hidden]"}', '{ secret: [hidden] }'])
  expect(secret.reveal()).toBe('hunter2')
})
