import { describe, expect, inject, test } from 'vitest'
import { killStudy } from '../benchmarks/kill.ts'
import { shareStudy } from '../benchmarks/workers.ts'

const postgres = inject('postgres')
const server = 'missing' in postgres ? undefined : postgres.url
const analyzers = ['patterns', 'secrets', 'complexity', 'completeness']
const patience = 300_000

describe.each([
  ['PGlite', undefined],
  ['PostgreSQL', server],
])('on %s', (name, database) => {
  test.skipIf(name === 'PostgreSQL' && database === undefined)(
    'a server killed three times ends its study as one that was left alone',
    async () => {
      const report = await killStudy({ apps: 4, kills: 3, seed: 7, database, analyzers })
      expect(report).toMatchObject({ analyses: 16, differences: [], ranAgain: [], surplusResults: 0 })
      expect(report.findings).toBeGreaterThan(0)
      expect(report.killsMidway).toBeGreaterThan(0)
    },
    patience,
  )
})

describe.skipIf(server === undefined)('two workers on one PostgreSQL', () => {
  test(
    'share a study, and do nothing twice',
    async () => {
      const report = await shareStudy({ apps: 6, workers: 2, seed: 7, database: server ?? '', cuts: 0, analyzers })
      expect(report).toMatchObject({ analyses: 24, repeatedAttempts: 0, surplusResults: 0 })
      expect(report.perWorker).toHaveLength(2)
      expect(report.perWorker.reduce((sum, count) => sum + count, 0)).toBe(24)
    },
    patience,
  )

  test(
    'end it though all connections are cut in between',
    async () => {
      const report = await shareStudy({ apps: 6, workers: 2, seed: 7, database: server ?? '', cuts: 2, analyzers })
      expect(report).toMatchObject({ analyses: 24, surplusResults: 0 })
    },
    patience,
  )
})
