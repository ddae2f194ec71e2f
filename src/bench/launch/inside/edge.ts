/**
 * Runs inside the sandbox beside the app: serves the built pages of a front end and passes everything else on to the server,
 * so that both are behind one origin, as a developer or a reverse proxy would put them. Uses nothing but Node.
 *
 * Its only argument is an {@link EdgeSettings} as JSON.
 */
import { readFile, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { extname, join, posix } from 'node:path'
import type { Duplex } from 'node:stream'

export interface EdgeSettings {
  readonly port: number
  /** The folder with `index.html`. */
  readonly pages: string
  /** Where what has no page goes; absent when there are only pages. */
  readonly server?: number
  readonly passedOn: readonly { readonly prefix: string; readonly rewritten: string; readonly port: number }[]
  /** Sources of regular expressions of paths that are the server's even without a rule. */
  readonly routes: readonly string[]
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}

const settings: EdgeSettings = JSON.parse(process.argv[2] ?? '{}')
const routes = settings.routes.map((source) => new RegExp(source))

const server = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch((error: unknown) => {
    outgoing.writeHead(500, { 'content-type': 'text/plain' })
    outgoing.end(String(error))
  })
})

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const path = pathOf(incoming)
  const target = targetOf(incoming.url ?? '/', path)
  if (target !== undefined) return passOn(incoming, outgoing, target)
  const isRead = incoming.method === 'GET' || incoming.method === 'HEAD'
  const file = isRead ? await fileAt(path) : undefined
  if (file !== undefined) return serveFile(incoming, outgoing, file)
  const wantsPage = isRead && /text\/html|^\*\/\*$|^$/.test(incoming.headers.accept ?? '') && extname(path) === ''
  const index = wantsPage ? await fileAt('/index.html') : undefined
  if (index !== undefined) return serveFile(incoming, outgoing, index)
  if (settings.server !== undefined)
    return passOn(incoming, outgoing, { port: settings.server, url: incoming.url ?? '/' })
  outgoing.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
  outgoing.end('Not found\n')
}

interface Target {
  readonly port: number
  readonly url: string
}

/** Where a rule or a known route of the server sends a request. */
function targetOf(url: string, path: string): Target | undefined {
  const rule = settings.passedOn.find(({ prefix }) => url.startsWith(prefix))
  if (rule !== undefined) {
    const rewritten = rule.rewritten + url.slice(rule.prefix.length)
    return { port: rule.port, url: rewritten.startsWith('/') ? rewritten : `/${rewritten}` }
  }
  const isRoute = settings.server !== undefined && routes.some((route) => route.test(path))
  return isRoute && settings.server !== undefined ? { port: settings.server, url } : undefined
}

function passOn(incoming: IncomingMessage, outgoing: ServerResponse, { port, url }: Target): void {
  const onward = request(
    { host: '127.0.0.1', port, method: incoming.method, path: url, headers: incoming.rawHeaders, setHost: false },
    (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.statusMessage, response.rawHeaders)
      response.pipe(outgoing)
      response.on('error', () => outgoing.destroy())
    },
  )
  onward.on('error', () => {
    if (outgoing.headersSent) return outgoing.destroy()
    outgoing.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' })
    outgoing.end('The server does not answer.\n')
  })
  outgoing.on('close', () => onward.destroy())
  incoming.pipe(onward)
}

/** Connections that change their protocol (WebSocket) go on byte for byte. */
server.on('upgrade', (incoming: IncomingMessage, outer: Duplex, head: Buffer) => {
  const url = incoming.url ?? '/'
  const fallback = settings.server === undefined ? undefined : { port: settings.server, url }
  const target = targetOf(url, pathOf(incoming)) ?? fallback
  if (target === undefined) return outer.destroy()
  const inner = connect(target.port, '127.0.0.1')
  inner.on('error', () => outer.destroy())
  outer.on('error', () => inner.destroy())
  inner.on('connect', () => {
    const headers: string[] = []
    for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2)
      headers.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`)
    inner.write(`${incoming.method} ${target.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
    inner.write(head)
    inner.pipe(outer)
    outer.pipe(inner)
  })
})

function pathOf({ url }: IncomingMessage): string {
  return (url ?? '/').split(/[?#]/)[0] ?? '/'
}

/** A file of the pages; never one outside them. */
async function fileAt(path: string): Promise<string | undefined> {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    // Not an address of a file.
    return undefined
  }
  if (decoded.includes('\0')) return undefined
  const inside = posix.normalize(`/${decoded}`)
  for (const candidate of [inside, posix.join(inside, 'index.html')]) {
    const file = join(settings.pages, candidate)
    const found = await stat(file).catch(() => undefined)
    if (found?.isFile()) return file
  }
  return undefined
}

async function serveFile(incoming: IncomingMessage, outgoing: ServerResponse, file: string): Promise<void> {
  const content = await readFile(file)
  outgoing.writeHead(200, {
    'content-type': types[extname(file).toLowerCase()] ?? 'application/octet-stream',
    'content-length': content.length,
    'cache-control': 'no-cache',
  })
  outgoing.end(incoming.method === 'HEAD' ? undefined : content)
}

server.listen(settings.port, '127.0.0.1')
