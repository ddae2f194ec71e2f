import { definitionOf, type Engine, type Frame, placeOf, reportWeakness } from '../analysis/engine.ts'
import { kindsOf } from '../analysis/kinds.ts'
import type { Observer, Verdict, Weakness } from '../analysis/observer.ts'
import { isSettled, settle, settledAs } from '../analysis/pending.ts'
import { variable } from '../analysis/state.ts'
import { inDevelopment } from '../analysis/switches.ts'
import { onlyText, type Place, type Value } from '../analysis/value.ts'
import type { CallSite } from '../models/model.ts'
import { corsVerdict, type Openness, opennessOf, type Reading } from './cors-origins.ts'
import { isDjangoSettings, storeOf } from './settings.ts'
import { heldIn, inProduction, isNamed, isSurely, namesOf, objectsOf } from './values.ts'

const rule = 'permissive-cors' as const

/** `CORS(app, origins=…, supports_credentials=True)`, `@cross_origin(…)`. */
export const flaskCors = inProduction((site: CallSite): Verdict | undefined => {
  const { args, frame, engine } = site
  if (args.more !== undefined) return undefined
  const resources = args.named.get('resources')
  const own = args.named.get('origins') ?? args.named.get('origin')
  const credentials = isSurely(args.named.get('supports_credentials'), [true])
  const perResource = objectsOf(resources, frame).flatMap(({ kind, fields }) =>
    kind === 'list' ? [] : [...fields.values()].filter((value) => objectsOf(value, frame).length > 0),
  )
  let worst: Verdict | undefined
  for (const options of perResource.length > 0 ? perResource : [undefined]) {
    const given = heldIn(options, 'origins', frame)
    if (given.isOpen && given.value === undefined && options !== undefined) continue
    const origins = given.value ?? own
    const openness = origins === undefined ? 'star' : opennessOf(origins, 'start', frame, engine)
    const withCredentials = credentials || isSurely(heldIn(options, 'supports_credentials', frame).value, [true])
    const verdict = openness === undefined ? undefined : corsVerdict(openness, withCredentials, true)
    if (verdict !== undefined && (worst === undefined || worst.confidence === 'low')) worst = verdict
  }
  return worst
})

/** `app.add_middleware(CORSMiddleware, allow_origins=…)`. */
export const asgiCors = inProduction((site: CallSite): Verdict | undefined => {
  const { args, name, frame, engine } = site
  const isCors = /CORSMiddleware$/.test(name) || args.positional.some((value) => isNamed(value, /\bCORSMiddleware$/))
  if (!isCors || args.more !== undefined) return undefined
  const pattern = args.named.get('allow_origin_regex')
  const origins = args.named.get('allow_origins')
  const openness =
    (origins === undefined ? undefined : opennessOf(origins, 'never', frame, engine)) ??
    (pattern === undefined ? undefined : opennessOf(pattern, 'whole', frame, engine))
  if (openness === undefined) return undefined
  return corsVerdict(openness, isSurely(args.named.get('allow_credentials'), [true]), true)
})

/** Options of the `cors` package and its relatives, of plugins that are registered, and of socket servers. */
export const scriptCors = inProduction((site: CallSite): Verdict | undefined => {
  const { args, name, frame, engine } = site
  if (args.more !== undefined) return undefined
  const isRegister = name.endsWith('.register')
  if (isRegister && !namesOf(args.positional[0]).some((plugin) => /^(?:@fastify\/cors|fastify-cors)$/.test(plugin)))
    return undefined
  const isSocket = /socket\.io/.test(name)
  const given = isSocket ? heldIn(args.positional.at(-1), 'cors', frame).value : args.positional[isRegister ? 1 : 0]
  if (isSocket && given === undefined) return undefined
  if (given !== undefined && isSurely(given, [true])) return corsVerdict('star', false, false)
  if (given !== undefined && objectsOf(given, frame).length === 0) return undefined
  const origins = heldIn(given, 'origin', frame)
  if (origins.value === undefined && origins.isOpen) return undefined
  const openness = origins.value === undefined ? 'star' : opennessOf(origins.value, 'never', frame, engine)
  if (openness === undefined) return undefined
  return corsVerdict(openness, isSurely(heldIn(given, 'credentials', frame).value, [true]), false)
})

/** `SocketIO(app, cors_allowed_origins='*')`: the origin is answered as it came, with credentials unless those are off. */
export const socketCors = inProduction((site: CallSite): Verdict | undefined => {
  const { args, frame, engine } = site
  const origins = args.named.get('cors_allowed_origins')
  const openness = origins === undefined ? undefined : opennessOf(origins, 'never', frame, engine)
  if (openness === undefined) return undefined
  const isPlain = isSurely(args.named.get('cors_credentials'), [false])
  const verdict = corsVerdict(openness, !isPlain, true)
  return verdict === undefined ? undefined : { ...verdict, confidence: isPlain ? 'low' : 'medium' }
})

/** `res.setHeader('Access-Control-Allow-Origin', …)`, `response.headers.add(…)`. */
export const corsHeader = inProduction((site: CallSite): undefined => {
  const { args, call, frame, engine } = site
  const key = onlyText(args.positional[0])
  const [, value] = args.positional
  if (key === undefined || value === undefined) return
  meetHeader(key, value, placeOf(call, frame), frame, engine)
})

/** Headers written as items, spelled out in objects, and the settings of django-cors-headers. */
export const writtenHeaders: Observer = {
  written(_object, key, value, at, frame, engine) {
    if (typeof key === 'string' && !inDevelopment(frame, engine))
      meetHeader(key, value, placeOf(at, frame), frame, engine)
  },
  spelled(fields, at, frame, engine) {
    const [allowed, credentials] = [headerIn(fields, 'origin'), headerIn(fields, 'credentials')]
    if (allowed === undefined || inDevelopment(frame, engine)) return
    const temp = at.entries.find(({ key }) => /^access-control-allow-origin$/i.test(String(key)))?.value
    const place = placeOf(definitionOf(temp, frame) ?? at, frame)
    const openness = headerOpenness(allowed)
    if (openness === undefined) return
    const verdict = corsVerdict(openness, credentials !== undefined && isSurely(credentials, ['true', true]), false)
    if (verdict !== undefined)
      settle(`${rule} ${place.path} ${place.start}`, weaknessOf(verdict, allowed, place), frame, engine)
  },
  finished(frame, engine) {
    const { module, ir } = frame.facts
    if (ir.kind === 'module' && module.language === 'python' && isDjangoSettings(module, engine))
      meetDjango(frame, engine)
  },
}

function headerIn(fields: ReadonlyMap<string | number, Value>, what: 'origin' | 'credentials'): Value | undefined {
  for (const [key, value] of fields) if (String(key).toLowerCase() === `access-control-allow-${what}`) return value
  return undefined
}

/** Both headers together, in whatever order they are written, are what is wrong. */
function meetHeader(key: string, value: Value, place: Place, frame: Frame, engine: Engine): void {
  const topic = `${rule} by hand ${frame.facts.ir.id}`
  if (/^access-control-allow-credentials$/i.test(key)) {
    if (!isSurely(value, ['true', true])) return
    settle(`${topic} credentials`, undefined, frame, engine)
    const before = settledAs(topic, frame, engine)
    if (before === undefined) return
    const verdict = corsVerdict(before.label === undefined ? 'star' : 'reflected', true, false)
    const { confidence: _low, ...rest } = before
    if (verdict !== undefined)
      settle(
        topic,
        { ...rest, ...verdict, place: before.place, message: verdict.message ?? before.message },
        frame,
        engine,
      )
    return
  }
  if (!/^access-control-allow-origin$/i.test(key)) return
  const openness = headerOpenness(value)
  const credentials = isSettled(`${topic} credentials`, frame, engine)
  const verdict = openness === undefined ? undefined : corsVerdict(openness, credentials, false)
  settle(topic, verdict === undefined ? undefined : weaknessOf(verdict, value, place), frame, engine)
}

function weaknessOf(verdict: Verdict, value: Value, place: Place): Weakness {
  const label = value.labels.find(({ kinds }) => (kinds & kindsOf('origin')) !== 0)
  return {
    rule,
    message: 'Scripts of any site may read these answers.',
    ...verdict,
    place,
    ...(label !== undefined && { label }),
  }
}

/** What a header lets in: `*`, `null`, or the origin the request itself named. */
function headerOpenness(value: Value): Openness | undefined {
  const isReflected = value.labels.some(
    ({ kinds, source }) => (kinds & kindsOf('origin')) !== 0 && /header/i.test(source.input),
  )
  if (isReflected) return 'reflected'
  if (isSurely(value, ['*'])) return 'star'
  return isSurely(value, ['null']) ? 'null' : undefined
}

/** `CORS_ALLOW_ALL_ORIGINS = True` of django-cors-headers, with `CORS_ALLOW_CREDENTIALS`. */
function meetDjango(frame: Frame, engine: Engine): void {
  const { module } = frame.facts
  const settingAt = (name: string): Value | undefined => {
    const slot = module.names.get(name)
    return slot === undefined || frame.state === undefined ? undefined : variable(frame.state, slot)
  }
  const credentials = isSurely(settingAt('CORS_ALLOW_CREDENTIALS'), [true])
  for (const name of [
    'CORS_ALLOW_ALL_ORIGINS',
    'CORS_ORIGIN_ALLOW_ALL',
    'CORS_ALLOWED_ORIGIN_REGEXES',
    'CORS_ORIGIN_REGEX_WHITELIST',
    'CORS_ALLOWED_ORIGINS',
  ]) {
    const value = settingAt(name)
    const reading: Reading = /REGEX/.test(name) ? 'start' : 'never'
    const openness = value === undefined ? undefined : opennessOf(value, reading, frame, engine)
    const verdict = openness === undefined ? undefined : corsVerdict(openness, credentials, true)
    const place = storeOf(name, module.names.get(name), module, engine, 0)
    if (verdict === undefined || place === undefined || value === undefined) continue
    reportWeakness(weaknessOf(verdict, value, place), engine)
  }
}
