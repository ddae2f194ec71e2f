import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Media types of what a web build contains. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}
const compressible = /^(text\/|application\/(json|manifest|wasm)|image\/svg)/
/** Vite puts a hash of the content into the names below `assets/`. */
const hashed = /^\/assets\/.+-[\w-]{8}\.\w+$/
/** Smaller bodies do not gain. */
const smallest = 1024

export interface Asset {
  readonly path: string
  readonly type: string
  readonly body: Buffer
  readonly etag: string
  /** Made when first asked for. */
  readonly encoded: Map<Encoding, Promise<Buffer>>
}

const encodings = {
  br: (body: Buffer) => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (body: Buffer) => zip(body, { level: 9 }),
}
type Encoding = keyof typeof encodings
const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Reads every file of a folder into memory; paths begin with `/`. No folder, no assets. */
export async function loadAssets(root: string): Promise<ReadonlyMap<string, Asset>> {
  if (!existsSync(root)) return new Map()
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
  const assets = await Promise.all(files.map((entry) => loadAsset(root, join(entry.parentPath, entry.name))))
  return new Map(assets.map((asset) => [asset.path, asset]))
}

async function loadAsset(root: string, file: string): Promise<Asset> {
  const body = await readFile(file)
  return {
    path: `/${relative(root, file).split(sep).join('/')}`,
    type: types[extname(file)] ?? 'application/octet-stream',
    body,
    etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    encoded: new Map(),
  }
}

/** Answers with the asset, compressed where that gains, or with 304. */
export async function sendAsset(asset: Asset, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header('etag', asset.etag)
  reply.header('cache-control', hashed.test(asset.path) ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (request.headers['if-none-match']?.includes(asset.etag) === true) return reply.code(304).send()
  reply.type(asset.type)
  if (!compressible.test(asset.type) || asset.body.length < smallest) return reply.send(asset.body)
  reply.header('vary', 'accept-encoding')
  const encoding = preferred(request.headers['accept-encoding'])
  if (encoding === undefined) return reply.send(asset.body)
  const encoded = asset.encoded.get(encoding) ?? encodings[encoding](asset.body)
  asset.encoded.set(encoding, encoded)
  return reply.header('content-encoding', encoding).send(await encoded)
}

function preferred(accepted: string | string[] | undefined): Encoding | undefined {
  const offers = String(accepted ?? '')
    .split(',')
    .map((offer) => offer.trim())
  if (offers.some((offer) => /^br(?!.*;\s*q=0(\.0*)?$)/.test(offer))) return 'br'
  if (offers.some((offer) => /^gzip(?!.*;\s*q=0(\.0*)?$)/.test(offer))) return 'gzip'
  return undefined
}
