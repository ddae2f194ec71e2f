import type { RunningApp } from '#bench/launch'
import type { SandboxProcess } from '#bench/sandbox'

/** What is laid out in the sandbox for attacks to reach: a file nobody should read and a place nobody should write to. */
export interface Canary {
  /** Outside the app's folder, absolute. */
  readonly folder: string
  /** The file to be read. */
  readonly file: string
  /** A text found nowhere else. */
  readonly content: string
}

/** Lays out the canary. Its folder is where the app may write, so that an app with the flaw can show it. */
export async function plantCanary({ sandbox }: RunningApp, word: string): Promise<Canary> {
  const folder = `/tmp/assay-${word}`
  const canary = { folder, file: `${folder}/canary.txt`, content: `canary-${word}-content` }
  await sandbox.write(canary.file, `${canary.content}\n`)
  return canary
}

/** A server on the sandbox's loopback that remembers who came: `/hit/WORD`, and `/redirect/WORD`, which leads there. */
export interface Listener {
  readonly origin: string
  /** Whether somebody asked for something with the word in its address. */
  reached(word: string): boolean
  stop(): void
}

const port = 47_913
const script = `
const http = require('node:http')
http.createServer((request, response) => {
  process.stdout.write('ASKED ' + request.method + ' ' + request.url + '\\n')
  const redirect = /^\\/redirect\\/(\\w+)/.exec(request.url)
  if (redirect) response.writeHead(302, { location: 'http://127.0.0.1:${port}/hit/' + redirect[1] }).end()
  else response.writeHead(200, { 'content-type': 'text/plain' }).end('listener-answer')
}).listen(${port}, '127.0.0.1', () => process.stdout.write('READY\\n'))
`

/** What the listener answers with: a proof that the answer came back as well. */
export const listenerAnswer = 'listener-answer'

/** Starts the listener in the app's sandbox. @throws SandboxEnded when the sandbox is no more */
export async function startListener({ sandbox }: RunningApp, node: string): Promise<Listener> {
  const asked: string[] = []
  const listening: SandboxProcess = await sandbox.start({ argv: [node, '-e', script] })
  await new Promise<void>((resolve) => {
    listening.onOutput(({ text }) => {
      asked.push(...text.split('\n').filter((line) => line !== ''))
      if (asked.includes('READY')) resolve()
    })
    void listening.exited.then(() => resolve())
  })
  return {
    origin: `http://127.0.0.1:${port}`,
    reached: (word) => asked.some((line) => line.startsWith('ASKED') && line.includes(word)),
    stop: () => listening.kill(),
  }
}
