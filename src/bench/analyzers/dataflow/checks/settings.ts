import { definitionOf, type Engine, type Frame, placeOf } from '../analysis/engine.ts'
import type { Observer, Weakness } from '../analysis/observer.ts'
import { settle } from '../analysis/pending.ts'
import { inDevelopment } from '../analysis/switches.ts'
import { allConstants, type Place, type Value } from '../analysis/value.ts'
import type { ModuleIr, Slot, Temp } from '../ir/ir.ts'
import type { CallSite } from '../models/model.ts'
import { onWithoutEnvironment } from './environment.ts'
import { isSurely, namesOf, objectsOf } from './values.ts'

type Judged = Pick<Weakness, 'rule' | 'message' | 'confidence'>

const off = (rule: Weakness['rule'], what: string, confidence?: 'medium' | 'low') => (name: string, value: Value) =>
  isSurely(value, [false])
    ? { rule, message: `\`${name}\` is off: ${what}`, ...(confidence && { confidence }) }
    : undefined

const sameSite = (name: string, value: Value): Judged | undefined =>
  isSurely(value, ['None', 'none'])
    ? { rule: 'insecure-cookie', message: `\`${name}\` lets other sites send the cookie along.`, confidence: 'medium' }
    : isSurely(value, [false, null])
      ? { rule: 'insecure-cookie', message: `\`${name}\` is not set.`, confidence: 'low' }
      : undefined

/** Settings of Flask with its extensions and of Django that are wrong by their value. */
const settings: readonly (readonly [RegExp, (name: string, value: Value) => Judged | undefined])[] = [
  [
    /^(?:SESSION|REMEMBER|JWT|JWT_ACCESS|JWT_REFRESH|SECURITY_SESSION)_COOKIE_SECURE$|^AUTH_COOKIE_SECURE$/,
    off('insecure-cookie', 'the cookie may travel over plain HTTP.'),
  ],
  [
    /^(?:CSRF|LANGUAGE|JWT_CSRF)_COOKIE_SECURE$/,
    off('insecure-cookie', 'the cookie may travel over plain HTTP.', 'medium'),
  ],
  [/^(?:SESSION|REMEMBER|JWT)_COOKIE_HTTPONLY$/, off('insecure-cookie', 'any script may read the cookie.')],
  [/^(?:SESSION|REMEMBER|JWT)_COOKIE_SAMESITE$/, sameSite],
  [/^WTF_CSRF_ENABLED$/, off('csrf-disabled', 'forms are accepted from any site.')],
  [/^WTF_CSRF_CHECK_DEFAULT$/, off('csrf-disabled', 'only views that ask for it check the token.', 'low')],
  [/^JWT_COOKIE_CSRF_PROTECT$/, off('csrf-disabled', 'requests with the cookie are accepted from any site.', 'medium')],
]

/** What is wrong with a setting of this name, undefined when nothing is. */
export function judgeSetting(name: string, value: Value, temp: Temp | undefined, frame: Frame): Judged | undefined {
  // `not DEBUG` follows another setting, which says it all.
  if (definitionOf(temp, frame)?.op === 'unary') return undefined
  if (name === 'DEBUG' || name === 'FLASK_DEBUG') return judgeDebug(name, value, temp, frame)
  return settings.find(([pattern]) => pattern.test(name))?.[1](name, value)
}

function judgeDebug(name: string, value: Value, temp: Temp | undefined, frame: Frame): Judged | undefined {
  const rule = 'debug-enabled' as const
  if (isSurely(value, [true, 1])) return { rule, message: `\`${name}\` is on.` }
  if (temp === undefined || allConstants(value) !== undefined || onWithoutEnvironment(temp, frame) !== true)
    return undefined
  return { rule, message: `\`${name}\` is on unless the environment says otherwise.`, confidence: 'medium' }
}

function isWatched(name: string): boolean {
  return name === 'DEBUG' || name === 'FLASK_DEBUG' || settings.some(([pattern]) => pattern.test(name))
}

/** Notes what a setting is from here on: the last value counts. */
function noteSetting(
  topic: string,
  name: string,
  value: Value,
  temp: Temp | undefined,
  place: Place,
  frame: Frame,
  engine: Engine,
): void {
  if (!isWatched(name) || inDevelopment(frame, engine) || isForTests(frame)) return
  const judged = judgeSetting(name, value, temp, frame)
  settle(`setting ${topic} ${name}`, judged === undefined ? undefined : { ...judged, place }, frame, engine)
}

/** Whether what runs prepares the app for tests. */
function isForTests(frame: Frame): boolean {
  const { ir, module } = frame.facts
  const isTest = /(?:^|[/_])(?:tests?|conftest)(?:[/_.]|$)/i.test(module.path)
  const text = ir.kind === 'module' ? '' : module.text.slice(ir.start, ir.end)
  return isTest || /\bTESTING['"\]]*\s*[=:]\s*True/.test(text)
}

/** `app.config['X'] = …`, `app.debug = True`, and the variables of a Django settings file. */
export const pythonSettings: Observer = {
  written(object, key, value, at, frame, engine) {
    if (typeof key !== 'string') return
    const owner = ownerText(at.object, frame)
    const place = placeOf(at, frame)
    if (isConfig(object, owner)) noteSetting('flask', key, value, at.value, place, frame, engine)
    if (key === 'debug' && (isApplication(object) || /^(?:app|application)$/.test(owner)))
      noteSetting('flask', 'DEBUG', value, at.value, place, frame, engine)
    if (key === 'FLASK_DEBUG' && namesOf(object).includes('os.environ') && isSurely(value, ['1', 'true', 'True']))
      noteSetting('environment', key, { ...value, known: [true] }, undefined, place, frame, engine)
  },
  stored(name, value, at, frame, engine) {
    const { module } = frame.facts
    if (frame.facts.ir.kind !== 'module' || !isWatched(name) || module.names.get(name) !== at.slot) return
    if (!isDjangoSettings(module, engine)) return
    noteSetting(module.path, name, value, at.value, placeOf(at, frame), frame, engine)
  },
}

/** `app.config.update(…)`, `from_mapping(…)`, `from_object(…)`. */
export function configured({ name, args, call, frame, engine }: CallSite): undefined {
  const method = name.slice(name.lastIndexOf('.') + 1)
  if (!/\.config\.\w+$/.test(name) && !/\bconfig$/.test(ownerText(call.receiver, frame))) return
  if (method === 'from_object' || method === 'from_pyfile') {
    for (const ref of args.positional[0]?.refs ?? []) if (ref.kind === 'class') noteClass(ref.id, frame, engine, 0)
    const known = args.positional[0] === undefined ? undefined : allConstants(args.positional[0])
    const [only] = known?.length === 1 ? known : []
    if (typeof only === 'string') noteNamed(only.replace(/\.(?:py|cfg)$/, ''), frame, engine)
    return
  }
  const place = placeOf(call, frame)
  for (const argument of call.arguments) {
    if (argument.name === undefined) continue
    const value = args.named.get(argument.name)
    if (value !== undefined) noteSetting('flask', argument.name, value, argument.value, place, frame, engine)
  }
  for (const { fields } of args.positional.flatMap((value) => objectsOf(value, frame))) {
    for (const [key, value] of fields) noteSetting('flask', String(key), value, undefined, place, frame, engine)
  }
}

/** The attributes of a class that is the configuration, also those it inherits. */
function noteClass(id: number, frame: Frame, engine: Engine, depth: number): void {
  const facts = engine.classes.get(id)
  if (facts === undefined || depth > 4 || /dev|test|local|debug/i.test(facts.name)) return
  for (const base of facts.bases) {
    for (const ref of base.refs) if (ref.kind === 'class') noteClass(ref.id, frame, engine, depth + 1)
  }
  const module = engine.program.modules.get(facts.path)
  if (module === undefined) return
  for (const [name, { value }] of facts.members) {
    if (!isWatched(name)) continue
    const place = storeOf(name, undefined, module, engine, facts.span.start)
    if (place !== undefined) noteSetting('flask', name, value, undefined, place, frame, engine)
  }
}

/** `from_object('config')`, `from_object('config.Production')`: a module of the app or a class in one. */
function noteNamed(path: string, frame: Frame, engine: Engine): void {
  const from = frame.facts.module.path
  const whole = engine.program.resolve(path, from)
  if (whole !== undefined) {
    const module = engine.program.modules.get(whole)
    for (const [name, slot] of module?.names ?? []) {
      const place = module === undefined || !isWatched(name) ? undefined : storeOf(name, slot, module, engine, 0)
      if (place !== undefined)
        noteSetting('flask', name, engine.exported(whole, name, frame), undefined, place, frame, engine)
    }
    return
  }
  const dot = path.lastIndexOf('.')
  const holder = dot === -1 ? undefined : engine.program.resolve(path.slice(0, dot), from)
  if (holder === undefined) return
  engine.load(holder, frame)
  for (const ref of engine.exported(holder, path.slice(dot + 1), frame).refs)
    if (ref.kind === 'class') noteClass(ref.id, frame, engine, 0)
}

/** Where a module gives a name its value: the last time, or the first after an offset. */
export function storeOf(
  name: string,
  slot: Slot | undefined,
  module: ModuleIr,
  engine: Engine,
  after: number,
): Place | undefined {
  let found: Place | undefined
  for (const { instructions } of engine.program.function(module.main).ir.blocks) {
    for (const each of instructions) {
      if (each.op !== 'store' || each.start < after || module.slotNames[each.slot] !== name) continue
      if (slot !== undefined && each.slot !== slot) continue
      found = { path: module.path, start: each.start, end: each.end }
      if (slot === undefined) return found
    }
  }
  return found
}

function ownerText(temp: Temp | undefined, frame: Frame): string {
  const definition = definitionOf(temp, frame)
  return definition === undefined
    ? ''
    : frame.facts.module.text.slice(definition.start, Math.min(definition.end, definition.start + 80))
}

function isConfig(object: Value, owner: string): boolean {
  return (
    namesOf(object).some((name) => /(?:^|\.)(?:Flask|Quart)\(\)\.config$|current_app\.config$/.test(name)) ||
    /(?:^|\.)(?:app|application|server)\.config$/.test(owner)
  )
}

function isApplication(object: Value): boolean {
  return namesOf(object).some((name) =>
    /^(?:flask\.Flask|quart\.Quart|fastapi\.FastAPI|starlette\.applications\.Starlette)\(\)$/.test(name),
  )
}

/** Names only a Django settings file defines. */
const ofDjango = [
  ...['INSTALLED_APPS', 'ROOT_URLCONF', 'MIDDLEWARE', 'ALLOWED_HOSTS', 'WSGI_APPLICATION', 'TEMPLATES', 'DATABASES'],
  ...['AUTH_PASSWORD_VALIDATORS', 'DEFAULT_AUTO_FIELD', 'CSRF_TRUSTED_ORIGINS', 'CORS_ALLOW_ALL_ORIGINS'],
  ...['CORS_ORIGIN_ALLOW_ALL', 'CORS_ALLOWED_ORIGIN_REGEXES'],
]
const otherFrameworks =
  /^\s*(?:from|import)\s+(?:flask|fastapi|quart|sanic|bottle|tornado|starlette|aiohttp|litestar)\b/m

/** A settings.py with a key and a switch for debugging, in an app of no other framework. */
function isAlone(module: ModuleIr, engine: Engine): boolean {
  if (!/(?:^|\/)settings\.py$/.test(module.path) || !module.names.has('DEBUG') || !module.names.has('SECRET_KEY'))
    return false
  return ![...engine.program.modules.values()].some(({ text }) => otherFrameworks.test(text))
}

/** Whether a file is the settings of a Django project as it runs in production. */
export function isDjangoSettings(module: ModuleIr, engine: Engine): boolean {
  const hints = ofDjango.filter((name) => module.names.has(name)).length + (isAlone(module, engine) ? 1 : 0)
  const isNamed = /(?:^|\/)settings(?:\.py$|\/)|settings\w*\.py$/.test(module.path)
  if (
    hints < (isNamed ? 1 : 2) ||
    /(?:^|[/_.-])(?:dev|develop|development|local|test|tests|testing|ci)(?:[/_.-]|$)/i.test(module.path)
  )
    return false
  // A base that production overrides is not what runs.
  for (const { path, text } of engine.program.modules.values()) {
    if (path !== module.path && /prod/i.test(path) && /settings/i.test(path) && /^\s*DEBUG\s*=\s*False/m.test(text))
      return /prod/i.test(module.path)
  }
  return true
}
