import { expect, test } from 'vitest'
import { treatedFlows } from '../suite/treated.ts'
import { reports } from './reports.ts'

/** Every treatment of every sink in every framework meets this many shapes of flows; `benchmarks/dataflow.ts --treated` takes all. */
const shapes = 3
const flows = treatedFlows(shapes)

test('every framework and weakness with a sanitizer is among the flows', () => {
  const pairs = (vulnerable: boolean) =>
    new Set(flows.filter((one) => one.vulnerable === vulnerable).map((one) => `${one.framework}/${one.weakness}`))
  expect(pairs(false).size).toBeGreaterThanOrEqual(100)
  expect([...pairs(false)].filter((pair) => !pairs(true).has(pair))).toEqual([])
  expect(new Set(flows.map(({ framework }) => framework)).size).toBe(10)
})

test.each([
  ['the right kind removes the finding', false],
  ['a wrong kind leaves the finding', true],
])(
  'a treatment of %s',
  async (_what, vulnerable) => {
    const different: string[] = []
    for (const one of flows.filter((each) => each.vulnerable === vulnerable)) {
      if ((await reports(one)) !== vulnerable) different.push(`${one.id}: ${one.why}`)
    }
    expect(different).toEqual([])
  },
  120_000,
)
