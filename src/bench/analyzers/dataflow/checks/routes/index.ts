import type { Engine, Hit } from '../../analysis/engine.ts'
import { type Code, codeOf } from './code.ts'
import { viewRoutes } from './django-routes.ts'
import { Guards } from './guards.ts'
import { Identity } from './identity.ts'
import { nextRoutes } from './next-routes.ts'
import { othersRecords } from './owners.ts'
import { pythonRoutes } from './python-routes.ts'
import { scriptRoutes } from './script-routes.ts'
import { type Judged, judged, missingChecks } from './siblings.ts'

/**
 * Compares the routes of an app: those that change data and ask for less than the routes beside them (CWE-306, CWE-862),
 * and those that find somebody's data by a number of the request alone (CWE-639). Runs after the analysis, on what it noted.
 */
export function checkRoutes(engine: Engine): Hit[] {
  const code = codeOf(engine)
  const all = routesOf(code)
  return [...missingChecks(all), ...othersRecords(all, code, viewOf(code, true))]
}

/** The routes of an app with what each asks for: what tests and inventories look at. */
export function routesJudged(engine: Engine): readonly Judged[] {
  return routesOf(codeOf(engine))
}

function routesOf(code: Code): Judged[] {
  const registrations = [...code.engine.inventory.registrations.values()].sort((a, b) => a.order - b.order)
  const isScript = ({ owner }: { owner: number }): boolean => code.facts(owner).module.language === 'javascript'
  const script = registrations.filter(isScript)
  const python = registrations.filter((each) => !isScript(each))
  const routes = [
    ...scriptRoutes(script, code),
    ...nextRoutes(code),
    ...pythonRoutes(python, code),
    ...viewRoutes(python, code),
  ]
  return judged(routes, code, viewOf(code, false), viewOf(code, true))
}

function viewOf(code: Code, isLenient: boolean): { readonly identity: Identity; readonly guards: Guards } {
  const identity = new Identity(code, isLenient)
  return { identity, guards: new Guards(code, identity) }
}
