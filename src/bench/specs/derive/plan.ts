import type { Exchange } from '#bench/findings'
import { type Call, type Field, type Route, servesPath } from '#bench/interfaces'
import type { CheckOrigin, PlannedCheck, Scene } from '../check.ts'
import type { SpecRequest } from '../format.ts'
import { copyOf, newVisitor, sendAs, type Visitor } from '../visitor.ts'

/** What checks are derived from. */
export interface Ground {
  readonly routes: readonly Route[]
  readonly calls: readonly Call[]
  /** Somebody signed in, once the check of accounts has managed that. */
  readonly account: { visitor?: Visitor }
}

/** A planned check of a route, which its finding then names. */
export function checkOfRoute(route: Route, check: Pick<PlannedCheck, 'title' | 'kind' | 'run'>): PlannedCheck {
  const { method, path } = route
  return { id: `${check.kind}:${method} ${path}`, origin: originOf(route), endpoint: { method, path }, ...check }
}

/** Where the route a check is derived from stands. */
export function originOf({ method, path, file, line }: Route): CheckOrigin {
  return { kind: 'derived', from: `the route ${method} ${path}`, path: file, line }
}

/** Why a route cannot be asked, whatever it does; undefined when it can. */
export function unreachable(route: Route): string | undefined {
  if (!route.mounted) return 'Its router is never mounted.'
  if (route.prefixUnknown) return 'Where its router hangs is not known, so its path is not either.'
  return undefined
}

export function hasParameters(path: string): boolean {
  return /[:*]/.test(path)
}

/** Sends a request to the server, records it, and returns it. Nothing it does to the session lasts beyond the visitor given. */
export async function ask(scene: Scene, visitor: Visitor, purpose: string, request: SpecRequest): Promise<Exchange> {
  const { signal, app, backend } = scene
  const exchange = await sendAs(visitor, backend, request, { purpose, values: new Map(), signal, origin: app.origin })
  scene.record(exchange)
  return exchange
}

/** Whoever is signed in, as a copy of their own, or a stranger. */
export function anybody({ account }: Ground): Visitor {
  return account.visitor ? copyOf(account.visitor) : newVisitor()
}

/** Whether a page of the app sends its form here. */
export function sentByForm({ calls }: Ground, route: Route): boolean {
  return calls.some(({ via, path, method }) => via === 'form' && path === route.path && method === route.method)
}

/** What a route reads of a body, and what the app's own pages send there. */
export function fieldsOf({ calls }: Ground, route: Route): readonly Field[] {
  const own = route.request.body
  const sent = calls
    .filter((call) => call.method === route.method && !call.server && servesPath(route, call))
    .flatMap((call) => call.sent?.names ?? [])
  const further = [...new Set(sent)].filter((name) => own.every((field) => field.name !== name))
  const known = [...own, ...further.map((name) => ({ name, required: false }))]
  return known.length > 0 ? known : usualFields
}

/** What things mostly have; sent where nothing is known, and overlooked where it is not read. */
const usualFields: readonly Field[] = [
  'title',
  'name',
  'text',
  'content',
  'body',
  'description',
  'username',
  'email',
  'password',
].map((name) => ({ name, required: false }))

/** Why an exchange shows a broken server; undefined when it does not. Whatever is refused with a reason is no break. */
export function broken(exchange: Exchange): string | undefined {
  const { request, response, failure } = exchange
  const what = `${request.method} ${new URL(request.url).pathname}`
  if (response === undefined) return `${what} was not answered: ${failure ?? 'no reason is known'}.`
  return response.status >= 500 ? `${what} was answered with ${response.status}.` : undefined
}

/** Fits into the methods a spec may use. */
export function methodOf(method: string): SpecRequest['method'] | undefined {
  const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
  return known.find((each) => each === method)
}
