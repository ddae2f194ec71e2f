import { expect, test } from 'vitest'
import type { PathStep } from '../api/types.ts'
import { stepAt, stepName, walkOf } from './pathWalk.ts'

const path: PathStep[] = [
  {
    kind: 'source',
    location: { kind: 'file', path: 'app.py', region: { startLine: 6 } },
    message: 'comes in',
    depth: 1,
  },
  { kind: 'step', location: { kind: 'endpoint', method: 'GET', url: '/x' }, message: 'elsewhere' },
  {
    kind: 'sink',
    location: { kind: 'file', path: 'store.py', region: { startLine: 4, endLine: 5 } },
    message: 'goes out',
  },
]
const walk = walkOf({ evidence: { path } })

test('a walk is made of the steps that lie in files, numbered', () => {
  expect(walk).toEqual([
    { number: 1, kind: 'source', path: 'app.py', line: 6, lastLine: 6, message: 'comes in', depth: 1 },
    { number: 2, kind: 'sink', path: 'store.py', line: 4, lastLine: 5, message: 'goes out', depth: 0 },
  ])
  expect(walkOf({ evidence: {} })).toEqual([])
})

test('begins at the source and does not leave the path', () => {
  expect([undefined, 0, 1, 2, 9].map((number) => stepAt(walk, number)?.number)).toEqual([1, 1, 1, 2, 2])
  expect(stepAt([], 1)).toBeUndefined()
})

test('source and sink go by their names', () => {
  expect(walk.map(stepName)).toEqual(['Source', 'Sink'])
  expect(walk.map((step) => stepName({ ...step, kind: 'step' }))).toEqual(['Step 1', 'Step 2'])
})
