import type { Route } from '#bench/interfaces'
import type { PlannedCheck } from '../check.ts'
import type { SpecRequest } from '../format.ts'
import { anybody, ask, broken, checkOfRoute, type Ground, methodOf, sentByForm, unreachable } from './plan.ts'

type Bad = { readonly what: string } & Pick<SpecRequest, 'json' | 'text' | 'form' | 'headers'>

const json = { 'content-type': 'application/json' }
const badJson: readonly Bad[] = [
  { what: 'an empty object', json: {} },
  { what: 'JSON that breaks off', text: '{"', headers: json },
  { what: 'a list instead of an object', json: [] },
]
const badForm: readonly Bad[] = [{ what: 'an empty form', form: {} }]

/** Whatever a body looks like, a route that reads one refuses it instead of breaking. */
export function badInputChecks(ground: Ground): readonly PlannedCheck[] {
  return ground.routes.filter(readsBody).map((route) =>
    checkOfRoute(route, {
      title: `${route.method} ${route.path} refuses bad bodies`,
      kind: 'bad-input',
      async run(scene) {
        const reason = unreachable(route)
        const method = methodOf(route.method)
        if (reason !== undefined || method === undefined) {
          return { outcome: 'not_applicable', reason: reason ?? `${route.method} is no method of HTTP.` }
        }
        const path = route.path.replace(/:\w+/g, '1').replaceAll('*', 'x')
        for (const { what, ...body } of sentByForm(ground, route) ? badForm : badJson) {
          const exchange = await ask(scene, anybody(ground), `sends ${what}`, { method, path, ...body })
          const wrong = broken(exchange)
          if (wrong !== undefined) return { outcome: 'fail', reason: `For ${what}, ${wrong}`, at: exchange }
        }
        return { outcome: 'pass' }
      },
    }),
  )
}

function readsBody({ method, request }: Route): boolean {
  return ['POST', 'PUT', 'PATCH'].includes(method) && (request.body.length > 0 || request.open)
}
