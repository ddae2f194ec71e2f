import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { Unauthenticated } from '#platform/errors'
import { parsePart } from '#platform/http'
import type { Identity } from '#platform/identity'

const credentialsSchema = z.object({ email: z.email().max(254), password: z.string().min(1).max(128) })

/**
 * The three requests of better-auth that exist here: sign in, sign out, and ask for the session. Everything else of
 * it (sign-up, changing users, organizations) is not reachable.
 */
export function serveSignIn(server: FastifyInstance, identity: Identity): void {
  // Each costs a password hash: far fewer than other requests.
  const config = { rateLimit: { max: 30, timeWindow: '1 minute' } }

  server.post('/api/auth/sign-in/email', { config }, async (request, reply) => {
    const credentials = parsePart('body', credentialsSchema, request.body)
    const answer = await identity.signIn(credentials, request.ip)
    passCookies(answer, reply)
    return { status: 'signed-in' }
  })

  server.post('/api/auth/sign-out', { config }, async (request, reply) => {
    passCookies(await identity.signOut(request.headers.cookie), reply)
    return { status: 'signed-out' }
  })

  server.get('/api/auth/get-session', async (request) => {
    const actor = await identity.resolve({ cookie: request.headers.cookie, loopback: false })
    if (actor === undefined) throw new Unauthenticated('Nobody is signed in.', { next: 'Sign in.' })
    return { user: actor.user }
  })
}

/** The cookies of better-auth's answer; its body, which repeats the session's token, stays behind. */
function passCookies(answer: Response, reply: FastifyReply): void {
  reply.header('cache-control', 'no-store')
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie)
}
