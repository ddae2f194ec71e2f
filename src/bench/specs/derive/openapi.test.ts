import { expect, test } from 'vitest'
import { appOf } from '../../analyzers/testing.ts'
import { runChecks } from '../check.ts'
import { serve } from '../testing.ts'
import { findOpenApi, openApiChecks } from './openapi.ts'

const document = {
  openapi: '3.1.0',
  paths: {
    '/items': {
      get: {
        responses: {
          200: {
            content: {
              'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Item' } } },
            },
          },
        },
      },
    },
    '/count': { get: { responses: { '2XX': { content: { 'application/json': { schema: { type: 'integer' } } } } } } },
    '/one/{id}': { get: { responses: {} } },
  },
  components: { schemas: { Item: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } } } },
}

test('answers are held to the document the app serves, references and classes of statuses included', async () => {
  const app = await appOf({ 'app.py': '' })
  await using running = await serve((request, response) => {
    const bodies: Readonly<Record<string, unknown>> = {
      '/openapi.json': document,
      '/items': [{ id: 'one' }],
      '/count': 2,
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(bodies[request.url ?? '']))
  })
  const scene = { app: running, backend: running, seed: '1', signal: new AbortController().signal }
  const declared = await findOpenApi(app, scene)
  const checks = declared ? openApiChecks(declared, { routes: [], calls: [], account: {} }) : []
  const results = await runChecks(checks, scene)
  expect(
    results.map(({ check: { id }, verdict }) => [id, verdict.outcome, 'reason' in verdict ? verdict.reason : '']),
  ).toEqual([
    ['declared-answer:GET /items', 'fail', 'The answer to GET /items does not match: 0.id must be integer.'],
    ['declared-answer:GET /count', 'pass', ''],
  ])
})
