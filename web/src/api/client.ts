import createClient from 'openapi-fetch'
import type { paths } from './client.gen.ts'
import { Problem, problemFrom, unreachable } from './problem.ts'

/** The generated client; every call goes through {@link answer}, which turns refusals into {@link Problem}. */
export const client = createClient<paths>({ credentials: 'same-origin', fetch: (request) => send(request) })

/** The data of an answer. Throws {@link Problem} for a refusal and for silence; an abort stays an abort. */
export const answer = async <T>(
  call: Promise<{ readonly data?: T; readonly error?: unknown; readonly response: Response }>,
): Promise<T> => {
  const { data, error, response } = await call
  if (!response.ok) throw problemFrom(error, response)
  // Only 204 has no data, and the types of those routes say so.
  return data as T
}

const send = async (request: Request): Promise<Response> => {
  try {
    return await fetch(request)
  } catch (error) {
    if (request.signal.aborted || error instanceof Problem) throw error
    throw unreachable(error)
  }
}
