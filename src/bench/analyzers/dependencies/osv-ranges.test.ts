import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAffected } from './osv-ranges.ts'
import type { OsvEvent, OsvRecord } from './osv-record.ts'

function advisory(ecosystem: 'npm' | 'PyPI', events: OsvEvent[], versions?: string[]): OsvRecord {
  const type = ecosystem === 'npm' ? 'SEMVER' : 'ECOSYSTEM'
  return {
    id: 'X-1',
    affected: [{ package: { ecosystem, name: 'Some_Pkg' }, ranges: [{ type, events }], ...(versions && { versions }) }],
  }
}

describe('npm', () => {
  const judge = (events: OsvEvent[], version: string) => isAffected(advisory('npm', events), 'npm', 'Some_Pkg', version)

  test.each([
    ['1.0.0', true, '1.2.0'],
    ['1.1.9', true, '1.2.0'],
    ['1.2.0', false, undefined],
    ['1.2.0-beta.1', true, '1.2.0'],
    ['2.0.0', true, '2.0.5'],
    ['2.0.5', false, undefined],
    ['0.9.0', false, undefined],
  ])('%s between two ranges: %s', (version, affected, fixed) => {
    const events = [{ introduced: '2.0.0' }, { fixed: '1.2.0' }, { introduced: '1.0.0' }, { fixed: '2.0.5' }]
    const answer = judge(events, version)
    expect([answer.affected, answer.affected ? answer.fixed : undefined]).toEqual([affected, fixed])
  })

  test('from the beginning, and up to a last affected version', () => {
    expect(judge([{ introduced: '0' }], '0.0.1-alpha').affected).toBe(true)
    expect(judge([{ introduced: '0' }, { last_affected: '1.5.0' }], '1.5.0').affected).toBe(true)
    expect(judge([{ introduced: '0' }, { last_affected: '1.5.0' }], '1.5.1').affected).toBe(false)
  })

  test('a version that cannot be ordered is not called safe', () => {
    expect(() => judge([{ introduced: '0' }], 'main')).toThrow(RangeError)
  })
})

describe('PyPI', () => {
  const judge = (events: OsvEvent[], version: string, versions?: string[]) =>
    isAffected(advisory('PyPI', events, versions), 'pypi', 'some-pkg', version)

  test('orders by PEP 440, not by semver', () => {
    const events = [{ introduced: '0' }, { fixed: '2.0' }]
    expect(judge(events, '2.0rc1').affected).toBe(true)
    expect(judge(events, '2.0.dev5').affected).toBe(true)
    expect(judge(events, '2.0.0').affected).toBe(false)
    expect(judge(events, '2.0.post1').affected).toBe(false)
    expect(judge(events, '10.0').affected).toBe(false)
  })

  test('listed versions count, however they are written', () => {
    expect(judge([], '1.0.0', ['1.0']).affected).toBe(true)
    expect(judge([], '1.1', ['1.0']).affected).toBe(false)
  })

  test('another package, another ecosystem, a withdrawn advisory', () => {
    const record = advisory('PyPI', [{ introduced: '0' }])
    expect(isAffected(record, 'pypi', 'other', '1.0').affected).toBe(false)
    expect(isAffected(record, 'npm', 'Some_Pkg', '1.0.0').affected).toBe(false)
    expect(isAffected({ ...record, withdrawn: '2024-01-01T00:00:00Z' }, 'pypi', 'some-pkg', '1.0').affected).toBe(false)
  })

  test('the events may stand in any order', () => {
    const sorted: OsvEvent[] = [
      { introduced: '1' },
      { fixed: '2' },
      { introduced: '3' },
      { last_affected: '4' },
      { introduced: '6' },
    ]
    const affected = ['1', '1.5', '3', '4', '6', '7']
    const all = ['0.5', '1', '1.5', '2', '2.5', '3', '4', '4.1', '5', '6', '7']
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), (events) => {
        expect(all.filter((version) => judge(events, version).affected)).toEqual(affected)
      }),
      { seed: 440, numRuns: 120 },
    )
  })
})
