import { expect, test } from 'vitest'
import { problemFrom } from './problem.ts'

test('a problem of the server', () => {
  const problem = problemFrom(
    {
      title: 'App not found',
      status: 404,
      code: 'app-not-found',
      detail: 'No app has the id 7.',
      next: 'assay apps list',
      requestId: 'r1',
      errors: [{ path: 'id', message: 'unknown' }],
    },
    { status: 404, statusText: 'Not Found' },
  )
  expect(problem).toMatchObject({
    message: 'App not found',
    status: 404,
    code: 'app-not-found',
    detail: 'No app has the id 7.',
    next: 'assay apps list',
    requestId: 'r1',
    fields: [{ path: 'id', message: 'unknown' }],
  })
})

test('a page of a proxy in its place', () => {
  expect(problemFrom('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' })).toMatchObject({
    message: 'The server answered 502',
    code: 'http-502',
    detail: '<h1>Bad gateway</h1>',
  })
})

test('an empty body', () => {
  expect(problemFrom(undefined, { status: 500, statusText: 'Internal Server Error' }).detail).toBe(
    'Internal Server Error',
  )
})
