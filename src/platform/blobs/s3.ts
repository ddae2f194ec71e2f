import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import { InvalidInput, messageOf, NotFound, Unavailable } from '#platform/errors'
import { type BlobStore, hexOf } from './blob-store.ts'

/** Milliseconds one request may take. */
const timeout = 60_000

/**
 * A blob store in an S3-compatible bucket, addressed path-style.
 * @param address `s3+https://ACCESS_KEY:SECRET@HOST/BUCKET/PREFIX?region=REGION` (`s3+http://` inside a trusted network)
 * @throws InvalidInput when the address is not of that form; the message never repeats it, since it holds a secret
 */
export function openS3Blobs(address: string): BlobStore {
  const { client, base } = parseAddress(address)
  const request = async (method: string, key: string, body?: Uint8Array<ArrayBuffer>): Promise<Response> => {
    const hex = hexOf(key)
    try {
      return await client.fetch(`${base}/${hex.slice(0, 2)}/${hex.slice(2)}`, {
        method,
        signal: AbortSignal.timeout(timeout),
        ...(body && { body, headers: { 'x-amz-content-sha256': hex } }),
      })
    } catch (error) {
      throw new Unavailable(`The blob store cannot be reached: ${messageOf(error)}.`, {
        next: 'Check BLOBS_URL and the network.',
        cause: error,
      })
    }
  }

  const has = async (key: string): Promise<boolean> => {
    const response = await request('HEAD', key)
    if (response.status === 404) return false
    refuse(response, 'look for')
    return true
  }

  return {
    has,
    async put(bytes) {
      const key = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
      if (!(await has(key))) refuse(await request('PUT', key, Uint8Array.from(bytes)), 'store')
      return key
    },
    async get(key) {
      const response = await request('GET', key)
      if (response.status === 404) throw new NotFound(`There is no blob ${key}.`)
      refuse(response, 'read')
      const bytes = Buffer.from(await response.arrayBuffer())
      if (createHash('sha256').update(bytes).digest('hex') !== hexOf(key)) {
        throw new Unavailable(`The stored blob ${key} is damaged.`, {
          next: 'Import the app again, or restore the bucket.',
        })
      }
      return bytes
    },
  }
}

function refuse(response: Response, what: string): void {
  if (response.ok) return
  throw new Unavailable(`The blob store answered ${response.status} to the request to ${what} a blob.`, {
    next:
      response.status === 403
        ? 'Check the access key, the region and the rights on the bucket in BLOBS_URL.'
        : 'Check BLOBS_URL and the store.',
  })
}

function parseAddress(address: string): { readonly client: AwsClient; readonly base: string } {
  const match = /^s3\+(https?:\/\/.+)$/.exec(address)
  const url = match?.[1] !== undefined && URL.canParse(match[1]) ? new URL(match[1]) : undefined
  const path = url?.pathname.replace(/\/+$/, '') ?? ''
  if (url === undefined || url.username === '' || url.password === '' || path === '') {
    throw new InvalidInput('BLOBS_URL is not the address of a bucket.', {
      next: 'Write it as s3+https://ACCESS_KEY:SECRET@HOST/BUCKET/PREFIX?region=REGION, with the parts percent-encoded.',
    })
  }
  const client = new AwsClient({
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
    service: 's3',
    region: url.searchParams.get('region') ?? 'us-east-1',
    retries: 3,
  })
  return { client, base: `${url.origin}${path}` }
}
