import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { snapshotDirectory } from '#bench/apps'
import { findChromium } from '#bench/browser'
import { processRunner } from '#bench/sandbox'
import { messageOf } from '#platform/errors'
import type { AnalysisContext } from '../contract.ts'
import { appOf, testContext } from '../testing.ts'
import { conformance } from './index.ts'

const examined = await processRunner.examine(AbortSignal.timeout(30_000))
const noSandbox = examined.available ? undefined : examined.reason
const noBrowser = noSandbox ?? missingBrowser()
const noFlask =
  noBrowser ?? (existsSync('/usr/lib/python3/dist-packages/flask') ? undefined : 'python3-flask is not installed')

function missingBrowser(): string | undefined {
  try {
    findChromium()
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

const home = mkdtempSync(join(tmpdir(), 'assay-conformance-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A context whose artifacts are in `kept`. */
function context(options: Readonly<Record<string, unknown>> = {}): {
  context: AnalysisContext
  kept: Map<string, string>
} {
  const kept = new Map<string, string>()
  const keep: AnalysisContext['keep'] = async ({ name }, content) => void kept.set(name, String(content))
  return { context: testContext({ options, keep, cache: home, scratch: home }), kept }
}

/** A guest book without dependencies; `forgets` loses what is entered. */
function guestBook({ forgets }: { readonly forgets: boolean }): Record<string, string> {
  return {
    'package.json': '{"name":"guests","private":true,"scripts":{"start":"node server.js"}}',
    'server.js': `const http = require('node:http')
const names = []
const page = () => '<!doctype html><html lang="en"><title>Guests</title><form method="post" action="/guests"><label>Name <input name="name"></label><button>Sign</button></form><ul>' + names.map((name) => '<li>' + name.replace(/</g, '') + '</li>').join('') + '</ul></html>'
http
  .createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    if (request.url === '/guests' && request.method === 'POST') {
      ${forgets ? '' : "names.push(new URLSearchParams(text).get('name') || '')"}
      response.writeHead(303, { location: '/' }).end()
    } else if (request.url === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(page())
    else response.writeHead(404).end()
  })
  .listen(Number(process.env.PORT || 3000), '127.0.0.1')
`,
    'assay.spec.yaml': `name: guests
requirements: [{ id: R1, text: Whoever signs is on the list. }]
variables: { name: { random: text } }
flows:
  - id: sign
    title: A name is entered
    requirement: R1
    steps:
      - { name: signs, request: { method: POST, path: /guests, form: { name: '{{name}}' } }, expect: { status: 303, headers: { location: / } } }
      - { name: looks, request: { method: GET, path: / }, expect: { contains: '{{name}}' } }
browser:
  - id: sign-in-browser
    title: A name is entered in the browser
    requirement: R1
    steps:
      - open: /
      - { fill: { label: Name }, with: 'Browser {{name}}' }
      - click: { role: button, name: Sign }
      - expect: { role: listitem }
      - expect: { text: 'Browser {{name}}' }
`,
  }
}

describe.skipIf(noBrowser !== undefined)(`with sandbox and browser${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  test('an app that does what its spec says passes, and every check is kept with its exchanges', async () => {
    const { context: given, kept } = context()
    const result = await conformance.analyze(await appOf(guestBook({ forgets: false })), given)
    expect(result.findings).toEqual([])
    expect(result.checks?.map(({ id, outcome }) => `${id}: ${outcome}`)).toEqual([
      'flow:sign: pass',
      'browser:sign-in-browser: pass',
      'unknown-path: pass',
      'form:POST /guests name: pass',
    ])
    expect(result.metrics).toMatchObject({
      checks: 4,
      'checks.passed': 4,
      'checks.from-spec': 2,
      'checks.passed.share': 1,
    })
    expect(result.coverage).toEqual({ analysed: 4, total: 4, gaps: [] })
    const [first] = JSON.parse(kept.get('checks.json') ?? '[]')
    expect(first.exchanges.map(({ purpose }: { purpose: string }) => purpose)).toEqual(['signs', 'looks'])
  })

  test('an app that does not fails, with the exchanges, a picture and the log', async () => {
    const { context: given, kept } = context({ derived: false })
    const { findings } = await conformance.analyze(await appOf(guestBook({ forgets: true })), given)
    expect(findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      expect.stringMatching(/^acceptance: Looks: The answer to GET \/ does not contain "\w+ \w+ \w+ \w+"\.$/),
      'browser-flow: Step 4 of 5: The listitem does not appear.',
    ])
    expect(
      findings[0]?.evidence?.exchanges?.map(({ request, response }) => [request.method, response?.status]),
    ).toEqual([
      ['POST', 303],
      ['GET', 200],
    ])
    expect(findings[1]?.evidence?.artifacts).toEqual(['flow-sign-in-browser.png'])
    expect([...kept.keys()]).toEqual(['flow-sign-in-browser.png', 'checks.json', 'app.log'])
  })
})

describe.skipIf(noSandbox !== undefined)(`with a sandbox${noSandbox ? ` (${noSandbox})` : ''}`, () => {
  test('an app that does not start cannot be judged, and a wrong spec is refused before it is started', async () => {
    const crash = await appOf({
      'package.json': '{"name":"crash","private":true,"scripts":{"start":"node server.js"}}',
      'server.js': "require('node:http').createServer()\nthrow new Error('no settings')\n",
    })
    await expect(conformance.analyze(crash, context().context)).rejects.toThrow(/^The app does not start: /)
    await expect(conformance.analyze(crash, context({ spec: 'name: x\nflow: []' }).context)).rejects.toThrow(
      'the spec of the options:2: "flow" is not known here; did you mean "flows"?',
    )
  })
})

describe.skipIf(noFlask !== undefined)(`Flask apps${noFlask ? ` (${noFlask})` : ''}`, () => {
  const examples = join(import.meta.dirname, '..', '..', '..', '..', 'examples')
  const spec = readFileSync(join(examples, 'specs', 'poll.yaml'), 'utf8')

  test('a route that breaks is named with the line of its handler', async () => {
    const app = await appOf({
      'app.py': `from flask import Flask
app = Flask(__name__)

@app.get('/')
def start():
    return 'hello'

@app.get('/api/users')
def users():
    return undefined_name
`,
    })
    const { findings } = await conformance.analyze(app, context().context)
    expect(findings.map(({ rule, message, location }) => [rule, message, location])).toEqual([
      [
        'server-error',
        'GET /api/users was answered with 500.',
        { kind: 'endpoint', method: 'GET', url: expect.stringMatching(/^http:\/\/localhost:\d+\/api\/users$/) },
      ],
    ])
    expect(findings[0]?.evidence?.related).toEqual([
      {
        location: { kind: 'file', path: 'app.py', region: { startLine: 8 } },
        message: 'The check is derived from the route GET /api/users.',
      },
    ])
  })

  test.each([
    ['careful/app3', []],
    [
      'hasty/app3',
      [
        'acceptance: Asks for its result: GET /polls/999999/results.csv was answered with 500 instead of 404.',
        'browser-flow: Step 2 of 9: The field "Question" cannot be filled in.',
        'browser-flow: Step 2 of 6: The field "Question" cannot be filled in.',
        'bad-input: For an empty object, POST /polls/1/close was answered with 500.',
      ],
    ],
  ])('%s is held to its spec', async (name, expected) => {
    const app = await snapshotDirectory(join(examples, name), { store: join(home, 'snapshots') })
    const { findings } = await conformance.analyze(app, context({ spec }).context)
    expect(findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual(expected)
  })
})
