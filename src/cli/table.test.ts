import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf } from '#bench/reports'
import { renderRecord, renderTable } from './table.ts'

const plain = (width: number) => ({ color: false, width })
const columns = [
  { title: 'name', flexible: true },
  { title: 'lines', align: 'right' },
] as const

describe('renderTable', () => {
  it('aligns columns, counting wide characters as two', () => {
    const rows = [
      ['notes', 7],
      ['掲示板', 1200],
    ]
    expect(renderTable(columns, rows, plain(80))).toBe(`name    lines
notes       7
掲示板   1200
`)
  })

  it('breaks flexible columns in a narrow window', () => {
    const rows = [['a name of several words that is long', 12]]
    expect(renderTable(columns, rows, plain(30))).toBe(`name                     lines
a name of several words     12
that is long
`)
  })

  it('lists the cells one under the other where columns cannot fit', () => {
    const wide = [{ title: 'id' }, { title: 'name', flexible: true }] as const
    const rows = [
      ['0123456789012345678901234567', 'first'],
      ['8901234567890123456789012345', 'second'],
    ]
    expect(renderTable(wide, rows, plain(34))).toBe(`id    0123456789012345678901234567
name  first

id    8901234567890123456789012345
name  second
`)
  })

  it('colours what is asked, and only where colour is wanted', () => {
    const rows = [[{ text: 'high', style: 'red' } as const]]
    expect(renderTable([{ title: 's' }], rows, { color: true, width: 80 })).toBe(
      '\x1b[2ms\x1b[22m\n\x1b[31mhigh\x1b[39m\n',
    )
    expect(renderTable([{ title: 's' }], rows, plain(80))).toBe('s\nhigh\n')
  })

  it('lets no control character of untrusted text through, and keeps within the window', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.nat())),
        fc.integer({ min: 40, max: 90 }),
        (rows, width) => {
          const lines = renderTable(columns, rows, plain(width)).split('\n')
          for (const line of lines) {
            expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
            expect(columnsOf(line)).toBeLessThanOrEqual(width)
          }
        },
      ),
      { seed: 7, numRuns: 40 },
    )
  })
})

describe('renderRecord', () => {
  it('puts values beside their titles', () => {
    expect(
      renderRecord(
        [
          ['study', 'first look'],
          ['id', '1'],
        ],
        plain(80),
      ),
    ).toBe('study  first look\nid     1\n')
  })
})
