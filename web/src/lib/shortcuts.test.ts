import { expect, test } from 'vitest'
import { feed } from './shortcuts.ts'

const known = ['j', '?', 'g s', 'g a', 'n']

test('a single key is complete at once', () => expect(feed('', 'j', known)).toEqual({ matched: 'j', waiting: '' }))
test('the start of a sequence waits', () => expect(feed('', 'g', known)).toEqual({ waiting: 'g' }))
test('a sequence completes', () => expect(feed('g', 's', known)).toEqual({ matched: 'g s', waiting: '' }))
test('a wrong second key counts as a first one', () =>
  expect(feed('g', 'j', known)).toEqual({ matched: 'j', waiting: '' }))
test('an unknown key means nothing', () => expect(feed('', 'x', known)).toEqual({ waiting: '' }))
