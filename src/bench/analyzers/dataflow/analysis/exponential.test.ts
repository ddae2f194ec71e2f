import { expect, test } from 'vitest'
import { isExponential } from './exponential.ts'

test.each([
  '(a+)+$',
  '^([a-zA-Z0-9]+)+@x$',
  '(\\d|[0-9a-f])+x',
  '^(([a-z])+\\.?)+@x',
  '(a*)*',
  '(?:x|x)*y',
  '(\\s*a*)*b',
  '(a|a)+$',
  '^(a|aa)+$',
  '^(ab|a|b)*c',
  '^(\\w{2,5})*$',
  '(\\w+\\s?)+$',
])('%s may take exponential time', (pattern) => expect(isExponential(pattern)).toBe(true))

test.each([
  '^[a-z]+$',
  '(a+,)+',
  '^(a|ab)+$',
  '^(?:[a-z0-9-]+\\.)+[a-z]{2,}$',
  '^\\s*(\\w+)\\s*=\\s*(.*)$',
  '^#(?:[0-9a-f]{3}){1,2}$',
  '^(\\d{1,3}\\.){3}\\d{1,3}$',
  '([a-z]+\\.)+[a-z]{2,}',
  '(ab|cd)+',
  '(a|b)*c',
  '^\\d{1,9}$',
  '(\\w{2,5}-)*',
  '[(a+)+]',
  'a+b+',
  '(?=a+)b',
  '(',
])('%s does not', (pattern) => expect(isExponential(pattern)).toBe(false))
