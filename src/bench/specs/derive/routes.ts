import type { PlannedCheck } from '../check.ts'
import { newVisitor } from '../visitor.ts'
import { ask, broken, checkOfRoute, type Ground, hasParameters, unreachable } from './plan.ts'

/** Every GET route without parameters answers below 500, to strangers and to whoever is signed in; JSON routes answer JSON. */
export function routeChecks(ground: Ground): readonly PlannedCheck[] {
  const asked = ground.routes.filter(
    ({ method, path }) => (method === 'GET' || method === 'ALL') && !hasParameters(path),
  )
  const alive = asked.map((route) =>
    checkOfRoute(route, {
      title: `GET ${route.path} answers`,
      kind: 'server-error',
      async run(scene) {
        const reason = unreachable(route)
        if (reason !== undefined) return { outcome: 'not_applicable', reason }
        const request = { method: 'GET', path: route.path } as const
        const stranger = await ask(scene, newVisitor(), 'asks as a stranger', request)
        const { visitor } = ground.account
        const exchanges = visitor ? [stranger, await ask(scene, visitor, 'asks when signed in', request)] : [stranger]
        for (const exchange of exchanges) {
          const wrong = broken(exchange)
          if (wrong !== undefined) return { outcome: 'fail', reason: wrong, at: exchange }
        }
        return { outcome: 'pass' }
      },
    }),
  )
  const json = asked
    .filter(({ response, responseOpen }) => response.length > 0 && !responseOpen)
    .map((route) =>
      checkOfRoute(route, {
        title: `GET ${route.path} answers JSON`,
        kind: 'not-json',
        async run(scene) {
          const reason = unreachable(route)
          if (reason !== undefined) return { outcome: 'not_applicable', reason }
          const exchange = await ask(scene, ground.account.visitor ?? newVisitor(), 'asks', {
            method: 'GET',
            path: route.path,
          })
          const { response } = exchange
          if (response === undefined || response.status >= 300) {
            return {
              outcome: 'not_applicable',
              reason: `It was answered with ${response?.status ?? exchange.failure}.`,
            }
          }
          const wrong = notJson(response)
          return wrong === undefined
            ? { outcome: 'pass' }
            : { outcome: 'fail', reason: `The answer to GET ${route.path} ${wrong}.` }
        },
      }),
    )
  return [...alive, ...json]
}

/** Why an answer is not JSON; undefined when it is. */
export function notJson({
  headers,
  body,
}: {
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}): string | undefined {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? 'no content type'
  if (!/\bjson\b/i.test(type)) return `is ${type}, not JSON`
  try {
    JSON.parse(body)
    return undefined
  } catch {
    return 'says that it is JSON and is not'
  }
}
