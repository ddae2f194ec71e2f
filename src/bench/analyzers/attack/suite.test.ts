import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { snapshotDirectory } from '#bench/apps'
import { toFindings } from '#bench/findings'
import { launch, type RunningApp } from '#bench/launch'
import { processRunner } from '#bench/sandbox'
import { attackApp } from './attack.ts'
import { findingOf } from './finding.ts'
import { attack } from './index.ts'
import { type Inventory, inventoryOf } from './inventory/inventory.ts'
import { readOptions } from './options.ts'
import { replay } from './replay.ts'
import { type ClassId, classIds } from './rules.ts'
import { plantedFlaws, rulesOf, shows, suiteFolder } from './suite.ts'

const { signal } = new AbortController()
const { available } = await processRunner.examine(signal)
const home = mkdtempSync(join(tmpdir(), 'assay-attack-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const flaws = plantedFlaws()
const names = [...new Set(flaws.map(({ app }) => app.split('/')[0] ?? ''))]
const classOf = (name: string): ClassId => classIds.find((id) => id === name) ?? 'cross-origin-reading'

async function started(app: string, folder = suiteFolder): Promise<{ running: RunningApp; inventory: Inventory }> {
  const snapshot = await snapshotDirectory(join(folder, app), { store: join(home, 'snapshots') })
  const options = {
    runner: processRunner,
    signal,
    log: () => undefined,
    cache: join(home, 'cache'),
    network: false,
    now: Date.UTC(2026, 0, 1),
  }
  const result = await launch(snapshot, { ...options, observe: true })
  if (result.outcome !== 'running') throw new Error(`${app} does not start`)
  return { running: result.app, inventory: await inventoryOf(snapshot, signal) }
}

describe.skipIf(!available)('on apps of Node without packages, in the sandbox', { timeout: 120_000 }, () => {
  it.each(names)('proves every planted flaw of %s, and again on replay', async (name) => {
    const app = `${name}/vulnerable-node`
    const { running, inventory } = await started(app)
    await using _ = running
    const report = await attackApp(running, inventory, readOptions({ classes: [classOf(name)] }), signal)
    const planted = flaws.filter((flaw) => flaw.app === app)
    expect(planted.length).toBeGreaterThan(0)
    expect(planted.filter((flaw) => !report.proofs.some((proof) => shows(proof, flaw)))).toEqual([])
    expect(report.checks.map(({ outcome }) => outcome)).toEqual(['fail'])

    const proof = report.proofs.find((candidate) =>
      shows(candidate, planted[0] ?? { app, rule: '', method: '', path: '' }),
    )
    const [finding] = proof === undefined ? [] : toFindings(attack, { findings: [findingOf(proof)] }, () => undefined)
    if (finding === undefined) throw new Error('there is no finding to replay')
    const again = await replay(finding, running, inventory, { signal, seed: 99 })
    expect(again.outcome).toBe('proven')
  })

  it.each(names)('accuses the safe app of %s of nothing of the kind', async (name) => {
    const { running, inventory } = await started(`${name}/safe-node`)
    await using _ = running
    const report = await attackApp(running, inventory, readOptions({ classes: [classOf(name)] }), signal)
    const about = rulesOf(name, flaws)
    expect(report.proofs.filter(({ rule }) => about.has(rule)).map(({ rule, message }) => [rule, message])).toEqual([])
    // A class that did not run on the safe app would prove nothing about it.
    expect(report.checks.map(({ outcome }) => outcome)).toEqual(['pass'])
  })

  it('finds the one request that ends an app, and goes on', async () => {
    const server = `require('node:http').createServer((req, res) => {
  if (req.method === 'POST' && req.url === '/items') {
    let body = ''
    req.on('data', (chunk) => { body += chunk })
    req.on('end', () => { const { name } = JSON.parse(body); res.end(JSON.stringify({ name })) })
  } else res.end('ok')
}).listen(process.env.PORT || 3000, '127.0.0.1')
`
    mkdirSync(join(home, 'crash'))
    writeFileSync(join(home, 'crash', 'server.js'), server)
    writeFileSync(
      join(home, 'crash', 'package.json'),
      '{"name":"crash","private":true,"scripts":{"start":"node server.js"}}',
    )
    const { running, inventory } = await started('crash', home)
    await using _ = running
    const report = await attackApp(
      running,
      inventory,
      readOptions({ classes: ['error-detail', 'open-redirect'] }),
      signal,
    )
    expect(report.proofs.map(({ rule, endpoint }) => `${rule} ${endpoint.method} ${endpoint.path}`)).toEqual([
      'crash POST /items',
    ])
    expect(report.checks.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['error-detail', 'pass'],
      ['open-redirect', 'not_applicable'],
    ])
  })
})
