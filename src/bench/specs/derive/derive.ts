import type { AppSnapshot } from '#bench/apps'
import { interfacesOf } from '#bench/interfaces'
import { type CheckResult, runChecks, type Scene } from '../check.ts'
import type { Visitor } from '../visitor.ts'
import { accountCheck } from './accounts.ts'
import { badInputChecks } from './bad-input.ts'
import { formChecks } from './forms.ts'
import { findOpenApi, openApiChecks } from './openapi.ts'
import type { Ground } from './plan.ts'
import { resourceChecks } from './resources.ts'
import { routeChecks } from './routes.ts'
import { unknownPathCheck } from './unknown-path.ts'

/**
 * Runs what has to hold of an app whatever it was asked to be: checks derived from its routes, its OpenAPI document and its
 * forms. An answer that may be due to what Assay made up makes a check not applicable, never failed.
 * @throws the signal's reason when aborted
 */
export async function runDerivedChecks(
  app: AppSnapshot,
  scene: Omit<Scene, 'record'>,
  done?: (result: CheckResult) => Promise<void> | void,
): Promise<readonly CheckResult[]> {
  const ground = await groundOf(app, scene.signal)
  const run = (checks: Parameters<typeof runChecks>[0]) => runChecks(checks, scene, done)
  const account = accountCheck(ground)
  const results = account ? [...(await run([account]))] : []
  const declared = await findOpenApi(app, scene)
  results.push(
    ...(await run([unknownPathCheck, ...routeChecks(ground)])),
    ...(await run(declared ? openApiChecks(declared, ground) : [])),
    ...(await run(resourceChecks(ground))),
    ...(await run(await formChecks(ground, scene))),
    // What breaks an app comes last.
    ...(await run(badInputChecks(ground))),
  )
  return results
}

/** Somebody who has signed up and in, where the app has routes for that and takes what Assay makes up. */
export async function signedInVisitor(app: AppSnapshot, scene: Omit<Scene, 'record'>): Promise<Visitor | undefined> {
  const ground = await groundOf(app, scene.signal)
  const check = accountCheck(ground)
  if (check) await runChecks([check], scene)
  return ground.account.visitor
}

async function groundOf(app: AppSnapshot, signal: AbortSignal): Promise<Ground> {
  const { routes, calls } = await interfacesOf(app, signal)
  return { routes: distinct(routes), calls, account: {} }
}

/** The first of several routes with one method and path answers. */
function distinct<T extends { readonly method: string; readonly path: string }>(routes: readonly T[]): readonly T[] {
  const seen = new Set<string>()
  return routes.filter(({ method, path }) => {
    const key = `${method} ${path}`
    return !seen.has(key) && seen.add(key)
  })
}
