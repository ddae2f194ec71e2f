import { expect, test } from 'vitest'
import { launchFailureKinds } from '#bench/launch'
import { processRunner } from '#bench/sandbox'
import { analyzeFiles } from '../testing.ts'
import { launch } from './index.ts'

const { available } = await processRunner.examine(new AbortController().signal)

test('every kind of failure has its rule', () => {
  expect(launchFailureKinds.filter((kind) => launch.rule(kind) === undefined)).toEqual([])
})

test.runIf(available)('the canary is found, with the line that shows it', async () => {
  const { findings, metrics, checks } = await analyzeFiles(launch, launch.canary.files)
  expect(findings).toEqual([
    {
      rule: 'missing-package',
      message: 'The package assay-example-nonexistent-package is imported but not installed.',
      location: { kind: 'file', path: 'server.js', region: { startLine: 1 } },
      evidence: {
        snippet: "require('assay-example-nonexistent-package')",
        observed: ["node server.js: Error: Cannot find module 'assay-example-nonexistent-package'"],
        artifacts: ['launch.log'],
        facts: { command: 'node server.js', hint: 'convention' },
      },
      subject: 'missing-package',
    },
  ])
  expect(metrics['starts']).toBe(0)
  expect(checks).toMatchObject([{ id: 'backend-app', outcome: 'fail' }])
})

test.runIf(available)('an app that starts gives figures, and no finding', async () => {
  const server = "require('node:http').createServer((_, response) => response.end('hello')).listen(3000)\n"
  const { findings, metrics, checks } = await analyzeFiles(launch, { 'server.js': server })
  expect(findings).toEqual([])
  expect(metrics).toEqual({
    starts: 1,
    'start-milliseconds': expect.any(Number),
    'launch-milliseconds': expect.any(Number),
    'memory.idle-mib': expect.any(Number),
    processes: expect.any(Number),
  })
  expect(metrics['memory.idle-mib']).toBeGreaterThan(5)
  expect(checks).toEqual([{ id: 'backend-app', title: 'The server (node): node server.js', outcome: 'pass' }])
})

test.runIf(available)('a start page that breaks is a finding, with the answer', async () => {
  const server = `require('node:http').createServer((_, response) => {
    response.statusCode = 500
    response.end('broken')
  }).listen(3000)\n`
  const { findings } = await analyzeFiles(launch, { 'server.js': server })
  expect(findings).toMatchObject([
    {
      rule: 'server-error-on-start-page',
      message: 'GET / answers with 500.',
      evidence: { exchanges: [{ response: { status: 500, body: 'broken' } }] },
    },
  ])
})
