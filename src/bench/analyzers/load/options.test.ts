import { describe, expect, test } from 'vitest'
import { readOptions } from './options.ts'
import { stretchesOf } from './profile.ts'

const constant = (level: number, seconds: number) => ({ seconds, from: level, to: level })

test('nothing given is twenty arrivals a second for some seconds', () => {
  expect(readOptions({})).toEqual({
    model: { kind: 'open', stretches: [constant(20, 8)], order: 'poisson', seed: 1, connections: 100 },
    warmUp: 2,
    timeout: 10_000,
    connections: 100,
    seed: 1,
    criteria: { p95: 500, errorRate: 0.01 },
    kneeMaximum: 5000,
    paths: undefined,
  })
})

test('users are the closed model', () => {
  const { model } = readOptions({ users: 5, duration: 60, think: 0.5 })
  expect(model).toEqual({ kind: 'closed', stretches: [constant(5, 60)], think: 500, seed: 1 })
})

test('every profile in its stretches', () => {
  expect(stretchesOf({ kind: 'constant', level: 9, seconds: 3 })).toEqual([constant(9, 3)])
  expect(stretchesOf({ kind: 'ramp', from: 1, to: 9, seconds: 3 })).toEqual([{ seconds: 3, from: 1, to: 9 }])
  expect(stretchesOf({ kind: 'step', from: 10, to: 30, steps: 3, seconds: 6 })).toEqual([
    constant(10, 2),
    constant(20, 2),
    constant(30, 2),
  ])
  expect(stretchesOf({ kind: 'spike', base: 5, peak: 50, before: 3, during: 1, after: 2 })).toEqual([
    constant(5, 3),
    constant(50, 1),
    constant(5, 2),
  ])
  const stretches = [
    { seconds: 1, from: 2 },
    { seconds: 2, from: 2, to: 8 },
  ]
  expect(stretchesOf({ kind: 'custom', stretches })).toEqual([constant(2, 1), { seconds: 2, from: 2, to: 8 }])
})

describe('what is refused', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['an unknown option', { rates: 5 }, /Unrecognized key: "rates"/],
    ['no rate', { rate: 0 }, /Too small.*\n.*at rate/],
    ['a profile of an unknown kind', { profile: { kind: 'wave' } }, /Invalid.*\n.*at profile/],
    [
      'a rate beside a profile',
      { rate: 5, profile: { kind: 'constant', level: 5, seconds: 1 } },
      /rate and profile say the same/,
    ],
    ['users in the open model', { model: 'open', users: 5 }, /users means nothing in the open model/],
    ['arrivals in the closed model', { users: 5, arrivals: 'uniform' }, /arrivals means nothing in the closed model/],
    ['a rate in the closed model', { model: 'closed', rate: 5 }, /rate means nothing in the closed model/],
    ['a path without a slash', { paths: ['about'] }, /must be a path as it goes on the wire/],
    ['a path with a blank', { paths: ['/a b'] }, /must be a path as it goes on the wire/],
    ['no criterion', { criteria: {} }, /must name at least one criterion/],
    ['an error rate in percent', { criteria: { errorRate: 5 } }, /Too big.*\n.*criteria\.errorRate/],
    ['too many requests', { rate: 20_000, duration: 100 }, /makes 2000000 requests; it has to be 1 to 1000000/],
    [
      'too long',
      { profile: { kind: 'spike', base: 1, peak: 2, before: 300, during: 300, after: 300 } },
      /lasts 900 s; 600 s are the most/,
    ],
    ['no user', { model: 'closed', profile: { kind: 'ramp', from: 0, to: 0.5, seconds: 5 } }, /has 0.5 users at most/],
  ])('%s', (_, options, message) => {
    expect(() => readOptions(options)).toThrow(message)
  })
})
