import type { FastifyRequest } from 'fastify'
import type { Actor } from '#platform/http'
import type { Identity } from '#platform/identity'
import type { Guard } from './guard.ts'

/** Who sends a request; undefined for a stranger. Throws `Unauthenticated` for a key that is not valid. */
export type Authenticate = (request: FastifyRequest) => Promise<Actor | undefined>

export function authenticateWith(identity: Identity, guard: Guard): Authenticate {
  return (request) =>
    identity.resolve({
      authorization: request.headers.authorization,
      cookie: request.headers.cookie,
      loopback: guard.isLoopback(request),
    })
}
