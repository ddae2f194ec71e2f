import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type AppSnapshot, snapshotDirectory } from '#bench/apps'
import { type Finding, toFindings } from '#bench/findings'
import { processRunner } from '#bench/sandbox'
import { testContext } from '../testing.ts'
import { attack } from './index.ts'
import { suiteFolder } from './suite.ts'

const { available } = await processRunner.examine(new AbortController().signal)
const home = mkdtempSync(join(tmpdir(), 'assay-attack-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const appOf = (name: string): Promise<AppSnapshot> =>
  snapshotDirectory(join(suiteFolder, name), { store: join(home, 'snapshots') })

function analyze(app: AppSnapshot, options: Readonly<Record<string, unknown>>) {
  return attack.analyze(app, testContext({ options, scratch: home, cache: join(home, 'cache') }))
}

test.skipIf(!available)(
  'a finding given as option is attacked again, and nothing else',
  { timeout: 120_000 },
  async () => {
    const vulnerable = await appOf('sql-injection/vulnerable-node')
    const first = await analyze(vulnerable, { classes: ['sql-injection'] })
    const [finding] = toFindings(attack, first, () => undefined)
    if (finding === undefined) throw new Error('nothing was proven')
    const again = (app: AppSnapshot, { witnesses, evidence }: Finding) =>
      analyze(app, { replay: { witnesses, evidence } })

    const proven = await again(vulnerable, finding)
    expect(proven.checks).toEqual([
      { id: 'replay', title: 'The attack made again', outcome: 'fail', reason: proven.findings[0]?.message },
    ])
    expect(proven.findings).toMatchObject([{ rule: finding.rule.replace('attack/', ''), location: finding.location }])

    const mended = await again(await appOf('sql-injection/safe-node'), finding)
    expect([mended.checks?.[0]?.outcome, mended.findings]).toEqual(['pass', []])
  },
)
