import type { Exchange } from '#bench/findings'
import type { Route } from '#bench/interfaces'
import type { PlannedCheck, Scene } from '../check.ts'
import { valueAt } from '../flow.ts'
import { newVisitor, type Visitor } from '../visitor.ts'
import { filledIn, formsIn } from './forms-in.ts'
import { madeUpBody } from './made-up.ts'
import { ask, broken, fieldsOf, type Ground, hasParameters, originOf, unreachable } from './plan.ts'

const signUpPath = /(?:^|[/_-])(?:register|registration|sign-?_?up|create-?_?account)\/?$/i
const signInPath = /(?:^|[/_-])(?:log-?_?in|sign-?_?in|sessions?|authenticate|token|auth)\/?$/i
const peoplePath = /\/(?:users|customers|accounts|members)\/?$/i
const asksPassword = /pass(?:word|wd|phrase)|^pwd$/i

/** The routes by which people get an account and come in. */
export interface AccountRoutes {
  readonly signUp?: Route
  readonly signIn?: Route
}

/** Recognised by their paths and by asking for a password. */
export function accountRoutes(routes: readonly Route[]): AccountRoutes {
  const posts = routes.filter((route) => route.method === 'POST' && !hasParameters(route.path) && !unreachable(route))
  const withPassword = (route: Route): boolean => route.request.body.some(({ name }) => asksPassword.test(name))
  const known = (route: Route): boolean => withPassword(route) || route.request.open || route.request.body.length === 0
  const signIn =
    posts.find((route) => signInPath.test(route.path) && withPassword(route)) ??
    posts.find((route) => signInPath.test(route.path) && known(route))
  const signUp =
    posts.find((route) => signUpPath.test(route.path) && known(route)) ??
    posts.find(
      (route) => peoplePath.test(route.path) && (withPassword(route) || (signIn !== undefined && known(route))),
    )
  return { ...(signUp && { signUp }), ...(signIn && { signIn }) }
}

/** Somebody signs up and in; whoever that is then goes on to the other checks. None where the app has no accounts. */
export function accountCheck(ground: Ground): PlannedCheck | undefined {
  const { signUp, signIn } = accountRoutes(ground.routes)
  const first = signUp ?? signIn
  if (first === undefined) return undefined
  return {
    id: 'account',
    title: 'Somebody signs up and signs in',
    kind: 'resource',
    origin: originOf(first),
    endpoint: { method: first.method, path: first.path },
    async run(scene) {
      if (signUp === undefined)
        return { outcome: 'not_applicable', reason: 'There is a way in, but none to get an account.' }
      const visitor = newVisitor()
      for (const [route, purpose] of [
        [signUp, 'signs up'] as const,
        ...(signIn ? [[signIn, 'signs in'] as const] : []),
      ]) {
        const exchange = await submit(ground, scene, visitor, route, purpose)
        const wrong = broken(exchange)
        if (wrong !== undefined) return { outcome: 'fail', reason: wrong, at: exchange }
        const token = tokenIn(exchange, visitor)
        if (token !== undefined) visitor.bearer = token
        const status = exchange.response?.status ?? 0
        if (status >= 400) {
          return {
            outcome: 'not_applicable',
            reason: `What Assay made up was refused with ${status} when it ${purpose}.`,
          }
        }
      }
      if (visitor.bearer === undefined && visitor.cookies.size === 0) {
        return { outcome: 'not_applicable', reason: 'Neither a cookie nor a token was given out.' }
      }
      ground.account.visitor = visitor
      return { outcome: 'pass' }
    },
  }
}

/** As JSON; where that is refused and there is a page with a form, as the form, with what the page hides in it. */
async function submit(
  ground: Ground,
  scene: Scene,
  visitor: Visitor,
  route: Route,
  purpose: string,
): Promise<Exchange> {
  const { path } = route
  const body = madeUpBody(fieldsOf(ground, route), `${scene.seed} account`)
  const asJson = await ask(scene, visitor, `${purpose} with JSON`, {
    method: 'POST',
    path,
    json: JSON.parse(JSON.stringify(body)),
  })
  if ((asJson.response?.status ?? 500) < 400) return asJson
  const page = await ask(scene, visitor, 'looks for a form', { method: 'GET', path })
  const form = formsIn(page.response?.body ?? '', path).find(({ method }) => method === 'POST')
  const texts = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
  const values = form ? filledIn(form, `${scene.seed} account`) : texts
  const asForm = await ask(scene, visitor, `${purpose} with a form`, {
    method: 'POST',
    path: form?.action ?? path,
    form: values,
  })
  // Without a form of its own the route may never have been meant for one: then only an answer counts, not a break.
  return form !== undefined || (asForm.response?.status ?? 500) < 500 ? asForm : asJson
}

function tokenIn(exchange: Exchange, visitor: Visitor): string | undefined {
  return ['$..access_token', '$..accessToken', '$..token', '$..jwt', '$..id_token']
    .map((path) => valueAt(path, exchange.response, visitor))
    .find((token) => token !== undefined && token.length > 8)
}
