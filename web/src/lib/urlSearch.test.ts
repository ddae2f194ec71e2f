import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findingsQueryOf, narrowTo, parseFindingFilters } from './findingFilters.ts'
import { choiceList, flag, parseSearch, positive, stringifySearch, wordList } from './urlSearch.ts'

describe('addresses', () => {
  test('a view is written plainly', () => {
    expect(
      stringifySearch({ severity: ['critical', 'high'], q: 'cors any', path: 'src/app.py', model: undefined }),
    ).toBe('?severity=critical,high&q=cors+any&path=src/app.py')
  })

  test('the default view has a bare address', () => expect(stringifySearch({ q: '', app: [], by: undefined })).toBe(''))

  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ minLength: 1 })), (values) => {
        expect(parseSearch(stringifySearch(values))).toEqual({ ...values })
      }),
      { seed: 7 },
    )
  })
})

describe('values', () => {
  test('lists', () => {
    expect(wordList('a, b,,a')).toEqual(['a', 'b'])
    expect(wordList('')).toBeUndefined()
    expect(choiceList('low,nonsense,critical', ['critical', 'high', 'low'])).toEqual(['critical', 'low'])
  })

  test.each([
    ['12', 12],
    [3, 3],
    ['0', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['x', undefined],
  ])('positive(%s) is %s', (value, number) => expect(positive(value)).toBe(number))

  test('flags', () => {
    expect(flag('1')).toBe(true)
    expect(flag('0')).toBeUndefined()
  })
})

describe('finding filters', () => {
  test('an address becomes filters, nonsense left out', () => {
    expect(
      parseFindingFilters(
        parseSearch('?severity=high,worst&cwe=CWE-89&q=sql&sort=path&by=rule&colour=blue&state=gone'),
      ),
    ).toEqual({ severity: ['high'], cwe: 89, q: 'sql', sort: 'path', by: 'rule' })
  })

  test('low confidence has to be asked for; asking for what is shown anyway is no filter', () => {
    expect(parseFindingFilters(parseSearch('?confidence=low,high,sure'))).toEqual({ confidence: ['high', 'low'] })
    expect(parseFindingFilters(parseSearch('?confidence=medium,high'))).toEqual({})
    expect(findingsQueryOf({ confidence: ['high', 'low'] })).toEqual({ confidence: 'high,low' })
  })

  test('parsing twice changes nothing', () => {
    const once = parseFindingFilters({ severity: 'critical,low', app: 'a1', path: 'x/y.ts', state: 'open', cwe: '79' })
    expect(parseFindingFilters({ ...once })).toEqual(once)
  })

  test('the question for rows has its lists joined and no grouping', () => {
    expect(findingsQueryOf({ severity: ['critical', 'high'], app: 'a1', by: 'rule' })).toEqual({
      severity: 'critical,high',
      app: 'a1',
    })
  })

  test('a group opens to its rows', () => {
    expect(narrowTo({ by: 'cwe', q: 'sql' }, 'cwe', 'CWE-89')).toEqual({ q: 'sql', cwe: 89 })
    expect(narrowTo({ by: 'state', severity: ['high'] }, 'state', 'open')).toEqual({
      severity: ['high'],
      state: ['open'],
    })
  })
})
