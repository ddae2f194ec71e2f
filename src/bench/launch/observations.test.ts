import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { processRunner } from '#bench/sandbox'
import { appOf } from '../analyzers/testing.ts'
import { launch } from './launch.ts'
import { send } from './send.ts'

const signal = new AbortController().signal
const { available } = await processRunner.examine(signal)
const cache = mkdtempSync(join(tmpdir(), 'assay-observe-test-'))
afterAll(() => rmSync(cache, { recursive: true, force: true }))

/** What an app is seen to do when it is asked for each of the paths. */
async function seen(files: Readonly<Record<string, string>>, paths: readonly string[]): Promise<string[]> {
  const options = { runner: processRunner, signal, log: () => undefined, cache, network: false, now: 0, observe: true }
  const result = await launch(await appOf(files), options)
  if (result.outcome !== 'running') throw new Error(`It does not run: ${JSON.stringify(result)}`)
  onTestFinished(() => result.app.stop())
  for (const path of paths) {
    const { response, failure } = await send(result.app, { purpose: 'asks', method: 'GET', path, signal })
    if (response?.status !== 200) throw new Error(`${path}: ${response?.body ?? failure}`)
  }
  return (await result.app.observations()).map(({ kind, detail }) => `${kind} ${detail}`)
}

test.runIf(available)('Python tells what it opens, starts, asks, connects to, evaluates and unpickles', async () => {
  const server = `
import os, pickle, socket, sqlite3, subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer

database = sqlite3.connect("notes.db", check_same_thread=False)
database.execute("CREATE TABLE notes (body)")

def act(path):
    if path == "/read": open("/etc/passwd").read()
    if path == "/write": open("made.txt", "w").close()
    if path == "/shell": os.system("echo shell")
    if path == "/start": subprocess.run(["echo", "a b"])
    if path == "/query": database.execute("SELECT * FROM notes WHERE body = ?", ("it's",))
    if path == "/connect": socket.socket().connect_ex(("127.0.0.1", 9))
    if path == "/evaluate": eval("1 + 41")
    if path == "/unpickle": pickle.loads(b"cos\\ngetcwd\\n(tR.")

class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            act(self.path)
        except ConnectionError:
            pass
        self.send_response(200)
        self.end_headers()

HTTPServer(("", 8123), Page).serve_forever()
`
  const paths = ['/read', '/write', '/shell', '/start', '/query', '/connect', '/evaluate', '/unpickle']
  const told = await seen({ 'server.py': server }, paths)
  expect(told).toEqual(
    expect.arrayContaining([
      'file-read /etc/passwd',
      'file-write /app/made.txt',
      'process echo shell',
      'process echo a b',
      "query SELECT * FROM notes WHERE body = 'it''s'",
      'connect 127.0.0.1:9',
      'evaluate 1 + 41',
      'deserialize pickle os.getcwd',
    ]),
  )
})

test.runIf(available)('Node tells what it opens, starts, asks, connects to and evaluates', async () => {
  const server = `
    import { exec, execSync } from 'node:child_process'
    import { readFileSync, writeFileSync } from 'node:fs'
    import { readFile } from 'node:fs/promises'
    import { createServer } from 'node:http'
    import { connect } from 'node:net'
    import { DatabaseSync } from 'node:sqlite'
    import vm from 'node:vm'
    const database = new DatabaseSync(':memory:')
    database.exec('CREATE TABLE notes (body)')
    const find = database.prepare('SELECT * FROM notes WHERE body = ?')
    const acts = {
      '/read': () => readFileSync('/etc/passwd'),
      '/later': () => readFile('/etc/group'),
      '/write': () => writeFileSync('made.txt', ''),
      '/shell': () => execSync('echo shell'),
      '/start': () => new Promise((resolve) => exec('echo later', resolve)),
      '/query': () => find.all("it's"),
      '/connect': () => new Promise((resolve) => connect(9, '127.0.0.1').on('error', resolve)),
      '/evaluate': () => vm.runInNewContext('1 + 41'),
      '/function': () => new Function('a', 'return a + 1')(1),
    }
    createServer(async (request, response) => {
      await acts[request.url]?.()
      response.end()
    }).listen(3000)`
  const paths = ['/read', '/later', '/write', '/shell', '/start', '/query', '/connect', '/evaluate', '/function']
  const told = await seen({ 'server.mjs': server }, paths)
  expect(told).toEqual(
    expect.arrayContaining([
      'file-read /etc/passwd',
      'file-read /etc/group',
      'file-write /app/made.txt',
      'process echo shell',
      'process /bin/sh -c echo later',
      'query CREATE TABLE notes (body)',
      'query SELECT * FROM notes WHERE body = ? -- ["it\'s"]',
      'connect 127.0.0.1:9',
      'evaluate 1 + 41',
      'evaluate a, return a + 1',
    ]),
  )
})
