import { nameOf } from '../analysis/call-arguments.ts'
import { definitionOf, type Frame } from '../analysis/engine.ts'
import type { Verdict } from '../analysis/observer.ts'
import { allConstants, type Value } from '../analysis/value.ts'
import type { CallSite } from '../models/model.ts'
import { onWithoutEnvironment } from './environment.ts'
import { inProduction, isSurely, namesOf } from './values.ts'

/** Apps of frameworks whose `run` starts a debugger. */
const applications =
  /^(?:flask\.Flask|quart\.Quart|dash\.Dash|sanic\.Sanic|bottle\.Bottle|flask_socketio\.SocketIO|connexion\.\w+|flask_openapi3\.OpenAPI|apiflask\.APIFlask)\(\)|^bottle$/

/** `app.run(debug=True)`. */
export const debugRun = inProduction((site: CallSite): Verdict | undefined => {
  const { name, call, frame } = site
  const receiver = name.slice(0, name.lastIndexOf('.'))
  const isApplication = applications.test(receiver)
  if (!isApplication && !/^(?:app|application|server|api|socketio|sio|\w+_app)$/.test(nameOf(call.receiver, frame)))
    return undefined
  if (!isApplication && receiver !== '?' && !/\(\)$/.test(receiver)) return undefined
  return debugGiven(
    site,
    isApplication ? undefined : 'medium',
    applications.test(receiver) && /Flask/.test(receiver) ? 2 : undefined,
  )
})

/** `FastAPI(debug=True)`, `run_simple(use_debugger=True)`, `DebuggedApplication(app)`. */
export const debugArgument = inProduction((site: CallSite): Verdict | undefined => {
  if (site.name.endsWith('DebuggedApplication')) {
    return isSurely(site.args.named.get('evalex') ?? site.args.positional[1], [true]) ? {} : { confidence: 'medium' }
  }
  if (site.name === 'bottle.debug') {
    const [mode] = site.args.positional
    return mode === undefined || isSurely(mode, [true]) ? {} : undefined
  }
  // The error pages of Starlette show code but run none.
  const isPage = /FastAPI$|Starlette$|Litestar$/.test(site.name)
  return debugGiven(site, isPage ? 'medium' : undefined, undefined)
})

function debugGiven(
  site: CallSite,
  confidence: 'medium' | undefined,
  position: number | undefined,
): Verdict | undefined {
  const { args, call, frame } = site
  for (const key of ['debug', 'use_debugger']) {
    const argument = call.arguments.find(({ name }) => name === key)
    const value =
      args.named.get(key) ?? (key === 'debug' && position !== undefined ? args.positional[position] : undefined)
    if (value === undefined) continue
    if (isOn(value)) return confidence === undefined ? {} : { confidence }
    if (argument !== undefined && isOnByDefault(argument.value, value, frame))
      return { message: 'The debugger is on unless the environment says otherwise.', confidence: 'medium' }
  }
  return undefined
}

function isOn(value: Value): boolean {
  return isSurely(value, [true, 1])
}

function isOnByDefault(temp: number, value: Value, frame: Frame): boolean {
  return (
    allConstants(value) === undefined &&
    definitionOf(temp, frame) !== undefined &&
    onWithoutEnvironment(temp, frame) === true
  )
}

/** `app.use(errorhandler())`. */
export const errorPages = inProduction(({ args }: CallSite): Verdict | undefined =>
  args.positional.some((value) =>
    namesOf(value).some((name) =>
      /^(?:errorhandler|koa-error|youch|express-error-handler|pretty-error)\(\)$/.test(name),
    ),
  )
    ? {}
    : undefined,
)
