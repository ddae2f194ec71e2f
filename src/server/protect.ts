import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AssayError, InvalidInput } from '#platform/errors'

/** JSON is parsed here, without `__proto__` and without NUL, which PostgreSQL cannot store; archives pass as streams. */
export function acceptBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString()
    if (text === '') return done(null, undefined)
    if (/\\u0000/.test(text)) return done(new InvalidInput('The body contains a NUL character.'))
    return parse(request, text, done)
  })
  server.addContentTypeParser(['application/zip', 'application/gzip', 'application/x-tar'], (_request, payload, done) =>
    done(null, payload),
  )
}

export interface ProtectOptions {
  /** Browsers reach the server over https. */
  readonly https: boolean
  readonly requestsPerMinute: number
  /** Requests that are not counted. */
  uncounted(request: FastifyRequest): boolean
}

/** Response headers that browsers obey, and a bound on what one address may ask per minute. */
export async function protect(
  server: FastifyInstance,
  { https, requestsPerMinute, uncounted }: ProtectOptions,
): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // Components position themselves with style elements and attributes; styles run nothing.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'worker-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: https,
    referrerPolicy: { policy: 'no-referrer' },
  })
  await server.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    allowList: uncounted,
    errorResponseBuilder: (_request, { ttl }) => new TooManyRequests(Math.ceil(ttl / 1000)),
  })
}

class TooManyRequests extends AssayError {
  readonly code = 'too-many-requests'
  readonly status = 429

  constructor(retryAfterSeconds: number) {
    super('Too many requests from this address.', {
      next: `Wait ${retryAfterSeconds} seconds.`,
      facts: { retryAfterSeconds },
    })
  }
}
