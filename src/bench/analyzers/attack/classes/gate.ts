import { refused, succeeded } from '../http/answer.ts'
import type { Endpoint } from '../inventory/endpoint.ts'
import type { Lab } from '../lab.ts'
import { isAccountRoute } from '../session/routes.ts'

/** An endpoint that tells the signed-in from others: it answers the first user and refuses nobody. Undefined when there is none. */
export async function gateOf(lab: Lab): Promise<Endpoint | undefined> {
  const { first, nobody } = lab.visitors
  if (first === undefined) return undefined
  const candidates = [
    ...lab.accounts.profile,
    ...lab.endpoints.filter(({ method, path }) => method === 'GET' && !path.includes(':')),
  ]
  for (const endpoint of new Set(candidates)) {
    if (isAccountRoute(endpoint, lab.accounts)) continue
    if (!refused(await lab.submit(endpoint, 'asks without signing in', { keep: false }, nobody))) continue
    if (succeeded(await lab.submit(endpoint, 'asks as the first user', { keep: false }, first))) return endpoint
  }
  return undefined
}
