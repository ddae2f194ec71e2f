import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createLogger, withLogContext } from './logger.ts'
import { openMetrics } from './metrics.ts'

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const destination = new PassThrough()
  write(createLogger({ level: 'debug', destination }))
  const text: Buffer | null = destination.read()
  return (text?.toString() ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

test('lines carry the ids of the work they belong to, also after waiting', async () => {
  const destination = new PassThrough()
  const log = createLogger({ level: 'info', destination })
  await withLogContext({ requestId: 'r1' }, async () => {
    await Promise.resolve()
    withLogContext({ jobId: 'j1' }, () => log.info('inner'))
    log.info('outer')
  })
  log.info('outside')
  const lines = String(destination.read())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { requestId: 'r1', jobId: 'j1', msg: 'inner' },
    { requestId: 'r1', msg: 'outer' },
    { msg: 'outside' },
  ])
  expect(lines[1]).not.toHaveProperty('jobId')
  expect(lines[2]).not.toHaveProperty('requestId')
})

test('secrets are hidden at every depth a log line has', () => {
  const headers = { authorization: 'Bearer assay_x', cookie: 'a=b', 'set-cookie': 'c=d', accept: '*/*' }
  const [line] = logged((log) => log.info({ password: 'hunter2', user: { token: 't' }, req: { headers } }))
  expect(line).toMatchObject({
    password: '[hidden]',
    user: { token: '[hidden]' },
    req: { headers: { authorization: '[hidden]', cookie: '[hidden]', 'set-cookie': '[hidden]', accept: '*/*' } },
  })
})

test('metrics are told in the format of Prometheus', async () => {
  const metrics = await openMetrics()
  metrics.analysis({ analyzer: 'secrets', outcome: 'completed', seconds: 0.2 })
  metrics.observe('assay_queue_waiting', 'Jobs waiting.', async () => 3)
  const { type, text } = await metrics.page()
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(text).toContain('assay_analyses_total{analyzer="secrets",outcome="completed"} 1')
  expect(text).toContain('assay_queue_waiting 3')
})
