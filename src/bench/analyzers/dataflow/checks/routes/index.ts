import type { Engine, Hit } from '../../analysis/engine.ts'
import { type Code, codeOf } from './code.ts'
import { viewRoutes } from './django-routes.ts'
import { Guards } from './guards.ts'
import { Identity } from './identity.ts'
import { nextRoutes } from './next-routes.ts'
import { othersRecords } from './owners.ts'
import { pythonRoutes } from './python-routes.ts'
import { scriptRoutes } from './script-routes.ts'
import { judged, missingChecks } from './siblings.ts'

/**
 * Compares the routes of an app: those that change data and ask for less than the routes beside them (CWE-306, CWE-862),
 * and those that find somebody's data by a number of the request alone (CWE-639). Runs after the analysis, on what it noted.
 */
export function checkRoutes(engine: Engine): Hit[] {
  const registrations = [...engine.inventory.registrations.values()].sort((a, b) => a.order - b.order)
  const code = codeOf(engine)
  const isScript = ({ owner }: { owner: number }): boolean => code.facts(owner).module.language === 'javascript'
  const routes = [
    ...scriptRoutes(registrations.filter(isScript), code),
    ...nextRoutes(code),
    ...pythonRoutes(
      registrations.filter((each) => !isScript(each)),
      code,
    ),
    ...viewRoutes(
      registrations.filter((each) => !isScript(each)),
      code,
    ),
  ]
  if (routes.length === 0) return []
  const [strict, lenient] = [viewOf(code, false), viewOf(code, true)]
  const all = judged(routes, code, strict, lenient)
  return [...missingChecks(all), ...othersRecords(all, code, lenient)]
}

function viewOf(code: Code, isLenient: boolean): { readonly identity: Identity; readonly guards: Guards } {
  const identity = new Identity(code, isLenient)
  return { identity, guards: new Guards(code, identity) }
}
