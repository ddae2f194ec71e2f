import type { Exchange } from '#bench/findings'
import { bodyOf, isPage, statusOf, succeeded } from '../http/answer.ts'
import type { Client } from '../http/client.ts'
import { draftOf, parameterKey } from '../http/request.ts'
import type { Endpoint, Parameter } from '../inventory/endpoint.ts'
import { isToken, readPage } from '../inventory/from-page.ts'
import { type Person, valueFor } from '../values.ts'
import { fieldsNamed } from './missing.ts'
import type { AccountRoutes } from './routes.ts'
import { isPassword } from './routes.ts'
import { Visitor } from './visitor.ts'

/** An endpoint of signing up or in with the fields that turned out to be right. */
export interface Door {
  readonly endpoint: Endpoint
  /** The answer that let somebody in. */
  readonly exchange: Exchange
}

/** How often a refused sign-up is tried again with the fields the app asks for. */
const rounds = 4

/** Signs a new person up and in; undefined when the app has no way to, or did not let them in. */
export async function signUpAndIn(
  client: Client,
  routes: AccountRoutes,
  title: string,
  person: Person,
): Promise<Visitor | undefined> {
  const visitor = new Visitor(title, person)
  for (const endpoint of routes.register.slice(0, 3)) {
    const door = await enter(client, endpoint, visitor, 'signs up', registerFields)
    if (door === undefined) continue
    visitor.history.push(door.exchange)
    break
  }
  return (await signIn(client, routes, visitor)) ?? (visitor.signedIn ? visitor : undefined)
}

/** Signs somebody in who is known to the app; undefined when no route does it. */
export async function signIn(client: Client, routes: AccountRoutes, visitor: Visitor): Promise<Visitor | undefined> {
  for (const endpoint of routes.login.slice(0, 3)) {
    const before = visitor.jar.header()
    const door = await enter(client, endpoint, visitor, 'signs in', loginFields)
    if (door === undefined) continue
    visitor.takeBearer(door.exchange)
    visitor.signedIn = visitor.bearer !== undefined || visitor.jar.header() !== undefined
    if (!visitor.signedIn && before === undefined) continue
    visitor.history.push(door.exchange)
    return visitor
  }
  const registered = visitor.history.at(-1)
  if (registered !== undefined) {
    visitor.takeBearer(registered)
    visitor.signedIn = visitor.bearer !== undefined || visitor.jar.header() !== undefined
  }
  return visitor.signedIn ? visitor : undefined
}

const registerFields: readonly string[] = ['username', 'email', 'password', 'name']
const loginFields: readonly string[] = ['username', 'email', 'password']

/** Tries an endpoint with what is known of its fields, then with those its answers ask for, as JSON and as a form. */
async function enter(
  client: Client,
  endpoint: Endpoint,
  visitor: Visitor,
  purpose: string,
  usual: readonly string[],
): Promise<Door | undefined> {
  const known = bodyFields(endpoint)
  const named = known.length > 0 && known.some(isPassword)
  const first = named
    ? known
    : usual.map((name): Parameter => ({ name, place: known[0]?.place ?? 'json', required: true }))
  const tokens = await tokensFor(client, endpoint, visitor)
  const kinds: readonly Parameter['place'][] = first[0]?.place === 'form' ? ['form', 'json'] : ['json', 'form']
  for (const place of kinds) {
    let fields = first.map((parameter) => ({ ...parameter, place }))
    for (let round = 0; round < rounds; round += 1) {
      const attempted: Endpoint = {
        ...endpoint,
        parameters: [
          ...endpoint.parameters.filter((parameter) => !isBody(parameter)),
          ...fields,
          ...tokens.map(({ parameter }) => ({ ...parameter, place })),
        ],
      }
      const values = new Map(
        fields.map((parameter) => [parameterKey(parameter), valueFor(parameter, visitor.person, visitor.person.name)]),
      )
      for (const { parameter, value } of tokens) values.set(parameterKey({ ...parameter, place }), value)
      const exchange = await client.send(draftOf(attempted, { fields: values }), {
        purpose: `${visitor.title} ${purpose}`,
        visitor,
      })
      if (succeeded(exchange) && !sameFormAgain(exchange)) return { endpoint: attempted, exchange }
      const missing = fieldsNamed(bodyOf(exchange)).filter(
        (name) => !fields.some((parameter) => parameter.name === name),
      )
      if (missing.length === 0 || statusOf(exchange) === 404) break
      fields = [
        ...fields,
        ...missing.slice(0, 8).map((name): Parameter & { place: typeof place } => ({ name, place, required: true })),
      ]
    }
  }
  return undefined
}

/** A page with a password field after sending it is the form once more, with what was wrong. */
function sameFormAgain(exchange: Exchange): boolean {
  return statusOf(exchange) === 200 && isPage(exchange) && /type=["']?password/i.test(bodyOf(exchange))
}

async function tokensFor(client: Client, endpoint: Endpoint, visitor: Visitor) {
  const wanted = endpoint.parameters.filter(isToken)
  if (endpoint.page === undefined || wanted.length === 0) return []
  const answer = await client.send(
    { method: 'GET', path: endpoint.page, headers: [] },
    { purpose: 'fetches the form', visitor },
  )
  const { tokens } = readPage(bodyOf(answer), answer.request.url)
  return wanted.map((parameter) => ({ parameter, value: tokens.get(parameter.name) ?? '' }))
}

function bodyFields(endpoint: Endpoint): Parameter[] {
  return endpoint.parameters.filter((parameter) => isBody(parameter) && !isToken(parameter))
}

function isBody({ place }: Parameter): boolean {
  return place === 'form' || place === 'json'
}
