import { queryOptions } from '@tanstack/react-query'
import { answer, client } from './client.ts'
import { problemFrom, unreachable } from './problem.ts'
import { type Role, roles } from './types.ts'

/** Who is signed in; a 401 stays an error so that the sign-in form can take over. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/session', { signal })),
  staleTime: 60_000,
})

/** Whether a role may do what another role is needed for. */
export const mayAct = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed)

export const signIn = (email: string, password: string): Promise<void> =>
  auth('/api/auth/sign-in/email', { email, password })

export const signOut = (): Promise<void> => auth('/api/auth/sign-out', {})

/** The sign-in routes belong to better-auth and are not part of the API document. */
const auth = async (path: string, body: unknown): Promise<void> => {
  const response = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch((error: unknown) => {
    throw unreachable(error)
  })
  if (response.ok) return
  const isJson = response.headers.get('content-type')?.includes('json')
  throw problemFrom(isJson ? await response.json() : await response.text(), response)
}
