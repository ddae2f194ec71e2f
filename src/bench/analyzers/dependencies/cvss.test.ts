import { describe, expect, test } from 'vitest'
import { cvss3BaseScore, cvss4Severity, severityOf } from './cvss.ts'

// Scores as published in the National Vulnerability Database for the CVEs named.
describe('CVSS 3 base scores', () => {
  test.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10, 'CVE-2021-44228'],
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', 7.5, 'CVE-2014-0160 (availability)'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'reflected cross-site scripting'],
    ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H', 8.1, 'CVE-2017-0144'],
    ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 7.8, 'CVE-2021-3156'],
    ['CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', 1.6, 'hardly anything'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0, 'no impact'],
  ])('%s is %d', (vector, score) => {
    expect(cvss3BaseScore(vector)).toBe(score)
  })

  test.each([
    '',
    'CVSS:3.1/AV:N',
    'CVSS:2.0/AV:N/AC:L/Au:N/C:P/I:P/A:P',
    'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N',
  ])('%j has none', (vector) => {
    expect(cvss3BaseScore(vector)).toBeUndefined()
  })
})

test('CVSS 4 is read coarsely', () => {
  expect(cvss4Severity('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N')).toBe('critical')
  expect(cvss4Severity('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N')).toBe('high')
  expect(cvss4Severity('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N')).toBe('medium')
  expect(cvss4Severity('CVSS:3.1/AV:N')).toBeUndefined()
})

test('a vector outranks what the database says, which outranks nothing', () => {
  const vector = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N' }]
  expect(severityOf({ id: 'x', severity: vector, database_specific: { severity: 'CRITICAL' } })).toEqual({
    severity: 'medium',
    score: 6.1,
    source: 'CVSS 3',
  })
  expect(severityOf({ id: 'x', database_specific: { severity: 'MODERATE' } })).toEqual({
    severity: 'medium',
    source: 'database',
  })
  expect(severityOf({ id: 'x' })).toEqual({ severity: 'medium', source: 'none' })
})
