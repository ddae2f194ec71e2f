import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  comparePythonVersions,
  formatPythonVersion,
  type PythonVersion,
  parsePythonSpecifier,
  parsePythonVersion,
  satisfiesPython,
} from './pep440.ts'

function version(text: string): PythonVersion {
  const parsed = parsePythonVersion(text)
  if (parsed === undefined) throw new Error(`${text} is no version`)
  return parsed
}

const anyVersion: fc.Arbitrary<PythonVersion> = fc.record(
  {
    epoch: fc.nat(1),
    release: fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }),
    pre: fc.tuple(fc.constantFrom('a' as const, 'b' as const, 'rc' as const), fc.nat(2)),
    post: fc.nat(2),
    dev: fc.nat(2),
    local: fc.array(fc.oneof(fc.nat(3), fc.constantFrom('x', 'ubuntu')), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['epoch', 'release'] },
)

describe('versions', () => {
  // PEP 440, "Summary of permitted suffixes and relative ordering", and its normalisation examples.
  const ordered = [
    '0.9',
    '1.dev0',
    '1.0.dev456',
    '1.0a1',
    '1.0a2.dev456',
    '1.0a12.dev456',
    '1.0a12',
    '1.0b1.dev456',
    '1.0b2',
    '1.0b2.post345.dev456',
    '1.0b2.post345',
    '1.0rc1.dev456',
    '1.0rc1',
    '1.0',
    '1.0+abc.5',
    '1.0+abc.7',
    '1.0+5',
    '1.0.post456.dev34',
    '1.0.post456',
    '1.0.15',
    '1.1.dev1',
    '1!0.1',
  ]
  test('the order of the specification', () => {
    const shuffled = [...ordered].sort((a, b) => (a.length % 3) - (b.length % 3))
    expect(shuffled.sort((a, b) => comparePythonVersions(version(a), version(b)))).toEqual(ordered)
  })

  test.each([
    ['1.1RC1', '1.1rc1'],
    ['1.1.alpha.1', '1.1a1'],
    ['v1.0-1', '1.0.post1'],
    ['1.0-r4', '1.0.post4'],
    ['1.0.dev', '1.0.dev0'],
    ['1.0+Ubuntu-1', '1.0+ubuntu.1'],
  ])('%s is %s', (written, normal) => {
    expect(formatPythonVersion(version(written))).toBe(normal)
  })

  test.each(['', 'latest', '1.0.x', '1..0', '1.0+', 'french toast'])('%j is none', (text) => {
    expect(parsePythonVersion(text)).toBeUndefined()
  })

  test('writing and reading is a round trip', () => {
    fc.assert(
      fc.property(anyVersion, (one) => {
        const text = formatPythonVersion(one)
        expect(formatPythonVersion(version(text))).toBe(text)
        expect(comparePythonVersions(version(text), one)).toBe(0)
      }),
      { seed: 440, numRuns: 1000 },
    )
  })

  test('the order is total', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, anyVersion, (a, b, c) => {
        expect(Math.sign(comparePythonVersions(a, b)) + Math.sign(comparePythonVersions(b, a))).toBe(0)
        if (comparePythonVersions(a, b) <= 0 && comparePythonVersions(b, c) <= 0) {
          expect(comparePythonVersions(a, c)).toBeLessThanOrEqual(0)
        }
      }),
      { seed: 440, numRuns: 2000 },
    )
  })

  test('long hostile text is refused', () => {
    expect(parsePythonVersion(`${'1.'.repeat(50_000)}x`)).toBeUndefined()
  })
})

describe('specifiers', () => {
  const holds = (written: string, at: string) => satisfiesPython(version(at), parsePythonSpecifier(written) ?? [])
  test.each([
    ['==1.1', '1.1.0', true],
    ['==1.1', '1.1.post1', false],
    ['==1.1.*', '1.1.post1', true],
    ['==1.1', '1.1+local', true],
    ['==1.1+a', '1.1+b', false],
    ['!=1.1.*', '1.1.7', false],
    ['~=2.2', '2.9', true],
    ['~=2.2', '3.0', false],
    ['~=2.2.post3', '2.2', false],
    ['~=1.4.5', '1.5', false],
    ['>1.7', '1.7.0.post1', false],
    ['>1.7.post1', '1.7.post2', true],
    ['<2.0', '2.0rc1', false],
    ['<2.0rc1', '2.0b1', true],
    ['>=1.0,<2,!=1.5', '1.5', false],
    ['===1.0', '1.0', true],
    ['', '9', true],
  ])('%s and %s: %s', (written, at, expected) => {
    expect(holds(written, at)).toBe(expected)
  })

  test.each(['=1.0', '~=1', '1.0', '>=1.0.*', '>= one', '==1.0,,<2'])('%s is malformed', (text) => {
    expect(parsePythonSpecifier(text)).toBeUndefined()
  })

  test('a bound and its opposite never agree', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, (bound, at) => {
        const { local: _, ...publicBound } = bound
        const text = formatPythonVersion(publicBound)
        expect(holds(`==${text}`, formatPythonVersion(at))).toBe(!holds(`!=${text}`, formatPythonVersion(at)))
        if (holds(`>${text}`, formatPythonVersion(at))) expect(holds(`>=${text}`, formatPythonVersion(at))).toBe(true)
        if (holds(`<${text}`, formatPythonVersion(at))) expect(holds(`>=${text}`, formatPythonVersion(at))).toBe(false)
      }),
      { seed: 440, numRuns: 1000 },
    )
  })
})
