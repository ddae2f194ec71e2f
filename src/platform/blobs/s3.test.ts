import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openS3Blobs } from './index.ts'

const secretKey = 'sec/ret+key'
const objects = new Map<string, Buffer>()
let server: Server
let port: number

/** A bucket that checks signatures as AWS documents them (Signature Version 4), on its own. */
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    if (!signedRight(request, body)) return void response.writeHead(403).end()
    const key = request.url ?? ''
    const known = objects.get(key)
    if (request.method === 'PUT') {
      objects.set(key, body)
      response.writeHead(200).end()
    } else if (known === undefined) response.writeHead(404).end()
    else response.writeHead(200).end(request.method === 'HEAD' ? undefined : known)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterAll(() => {
  server.close()
})

function signedRight(request: IncomingMessage, body: Buffer): boolean {
  const authorization = request.headers.authorization ?? ''
  const [, date = '', region = '', signedHeaders = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=key-id\/(\d{8})\/([\w-]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? []
  const payload = String(request.headers['x-amz-content-sha256'])
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body)) return false
  const canonical = [
    request.method,
    request.url,
    '',
    ...signedHeaders.split(';').map((name) => `${name}:${request.headers[name]}`),
    '',
    signedHeaders,
    payload,
  ].join('\n')
  const scope = `${date}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = [date, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (from, part) => createHmac('sha256', from).update(part).digest(),
    `AWS4${secretKey}`,
  )
  return createHmac('sha256', key).update(text).digest('hex') === signature && region === 'eu-north-1'
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function address(password = secretKey): string {
  return `s3+http://key-id:${encodeURIComponent(password)}@127.0.0.1:${port}/bucket/assay?region=eu-north-1`
}

test('stores a blob once, under its digest, and reads it back', async () => {
  const blobs = openS3Blobs(address())
  const key = await blobs.put(Buffer.from('content'))
  expect(key).toBe('sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73')
  expect(await blobs.put(Buffer.from('content'))).toBe(key)
  expect([...objects.keys()]).toEqual([
    '/bucket/assay/ed/7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73',
  ])
  expect(await blobs.has(key)).toBe(true)
  expect((await blobs.get(key)).toString()).toBe('content')
})

test('says what is missing, damaged or refused', async () => {
  const blobs = openS3Blobs(address())
  const missing = `sha256:${'0'.repeat(64)}`
  expect(await blobs.has(missing)).toBe(false)
  await expect(blobs.get(missing)).rejects.toThrow(`There is no blob ${missing}.`)
  const key = await blobs.put(Buffer.from('fragile'))
  for (const name of objects.keys()) objects.set(name, Buffer.from('changed'))
  await expect(blobs.get(key)).rejects.toThrow(`The stored blob ${key} is damaged.`)
  await expect(openS3Blobs(address('wrong')).put(Buffer.from('x'))).rejects.toThrow('The blob store answered 403')
})

test('refuses an address that is not a bucket without repeating it', () => {
  for (const wrong of ['https://host/bucket', 's3+https://host/bucket', 's3+https://k:s3cret@host/', 's3+nonsense']) {
    expect(() => openS3Blobs(wrong)).toThrow('BLOBS_URL is not the address of a bucket.')
  }
})
