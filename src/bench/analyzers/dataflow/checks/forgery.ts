import { type Engine, type Frame, placeOf, reportWeakness } from '../analysis/engine.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import { contents, heapObject, variable } from '../analysis/state.ts'
import { allConstants, nothing, type Place, type Value } from '../analysis/value.ts'
import type { ModuleIr } from '../ir/ir.ts'
import type { CallSite } from '../models/model.ts'
import { isDjangoSettings, storeOf } from './settings.ts'
import { functionTexts, heldIn, inProduction, isNamed, isSurely, namesOf } from './values.ts'

const rule = 'csrf-disabled' as const

/** Views that answer reading requests only, and what a view does that is worth forging. */
const onlyReads =
  /@(?:require_GET|require_safe)\b|@require_http_methods\(\s*[[(]\s*["'](?:GET|HEAD)["'],?\s*(?:["'](?:GET|HEAD|OPTIONS)["'],?\s*)*[\])]/
const changes =
  /request\.(?:POST|body|FILES|data|form|json|get_json|values|user|session|COOKIES|method)\b|\bsession\[|\bcurrent_user\b|\.(?:save|delete|create|update|add|commit|insert\w*|execute)\(|\bdef (?:post|put|patch|delete)\b/
/** Who calls proves it by something no other site can make a browser send. */
const otherProof =
  /signature|hmac|construct_event|web_?hook|HTTP_AUTHORIZATION|authorization|bearer|api[_-]?key|secret[_-]?token|X-[\w-]*(?:Token|Key|Secret)|token_required|jwt|TokenAuthentication|@api_view|callback|\bipn\b|verify_request|slack|stripe|twilio|paypal/i
const byCookie =
  /request\.(?:user|session|COOKIES)\b|login_required|LoginRequired|permission_required|\bsession\[|\bcurrent_user\b|session\.get\(/

/** What is wrong with taking a view with this text out of the protection. */
function judgeView(text: string): Verdict | undefined {
  if (onlyReads.test(text) || !changes.test(text)) return undefined
  if (/\bclass\s/.test(text) && !/\bdef (?:post|put|patch|delete|dispatch|form_valid)\b/.test(text)) return undefined
  if (otherProof.test(text)) return { confidence: 'low' }
  return byCookie.test(text) ? {} : { confidence: 'medium' }
}

/** `@csrf_exempt`, `csrf_exempt(view)`, `@csrf.exempt`. */
export const exempted = inProduction(({ args, call, name, frame, engine }: CallSite): Verdict | undefined => {
  const isFlask = name.endsWith('.exempt')
  const [target] = args.positional
  const texts = functionTexts(target, engine)
  if (texts.length > 0) return texts.map(judgeView).find((verdict) => verdict !== undefined)
  if (call.decorates === true) return judgeView(textAfter(frame.facts.module.text, call.end))
  // A whole blueprint: usually one that is not for browsers.
  return { confidence: isFlask ? 'low' : 'medium' }
})

/** `@method_decorator(csrf_exempt, name='dispatch')`. */
export const exemptedMethod = inProduction(({ args, call, frame }: CallSite): Verdict | undefined => {
  const exempt = /\bcsrf_exempt$/
  const [first] = args.positional
  const object = first?.refs[0]
  const listed = object?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, object.at) : undefined
  const isExempt =
    isNamed(first, exempt) || (listed !== undefined && namesOf(contents(listed)).some((each) => exempt.test(each)))
  if (!isExempt) return undefined
  const { text } = frame.facts.module
  const isInside = /^[ \t]+$/.test(text.slice(text.lastIndexOf('\n', call.start) + 1, call.start).replace('@', ''))
  const start = isInside ? text.lastIndexOf('\nclass ', call.start) + 1 : call.end
  return judgeView(textAfter(text, start))
})

/** The definition that follows a decorator, to the next line that starts at its margin. */
function textAfter(text: string, start: number): string {
  const rest = text.slice(start, start + 4000)
  const head = /^[\s\S]*?(?:^|\n)([ \t]*)(?:async def|def|class)\s/.exec(rest)
  if (head === null) return ''
  const margin = head[1] ?? ''
  const end = rest.slice(head[0].length).search(new RegExp(`\\n${margin}(?=[^\\s)\\]#])`))
  return end === -1 ? rest : rest.slice(0, head[0].length + end)
}

/** Middleware of Django without the protection, forms and authentication classes that switch it off. */
export const withoutProtection: Observer = {
  called(_name, at, frame, engine) {
    // RenameForm(meta={'csrf': False})
    const classes = (frame.temps[at.callee]?.refs ?? []).flatMap((ref) => (ref.kind === 'class' ? [ref.id] : []))
    if (!classes.some((id) => extendsNamed(id, /flask_wtf.*Form$/, engine, 0))) return
    for (const { name, value } of at.arguments) {
      const given = frame.temps[value]
      const isOff =
        (name === 'csrf_enabled' && isSurely(given, [false])) ||
        (name === 'meta' && isSurely(heldIn(given, 'csrf', frame).value, [false]))
      if (isOff) report('The form asks for no token.', placeOf(at, frame), engine, 'medium')
    }
  },
  finished(frame, engine) {
    const { module, ir } = frame.facts
    if (ir.kind !== 'module' || module.language !== 'python') return
    if (isDjangoSettings(module, engine)) meetMiddleware(frame, engine)
    for (const facts of engine.classes.values()) if (facts.path === module.path) meetClass(facts.id, module, engine)
  },
}

function report(message: string, place: Place, engine: Engine, confidence?: 'medium' | 'low'): void {
  reportWeakness({ rule, place, message, ...(confidence !== undefined && { confidence }) }, engine)
}

function extendsNamed(id: number, name: RegExp, engine: Engine, depth: number): boolean {
  return (engine.classes.get(id)?.bases ?? []).some(({ refs }) =>
    refs.some((ref) =>
      ref.kind === 'external'
        ? name.test(ref.name)
        : ref.kind === 'class' && depth < 5 && extendsNamed(ref.id, name, engine, depth + 1),
    ),
  )
}

function meetMiddleware(frame: Frame, engine: Engine): void {
  const { module } = frame.facts
  const name = ['MIDDLEWARE', 'MIDDLEWARE_CLASSES'].find((each) => module.names.has(each))
  const slot = name === undefined ? undefined : module.names.get(name)
  const value = slot === undefined || frame.state === undefined ? undefined : variable(frame.state, slot)
  const texts = value === undefined ? undefined : allTexts(value, frame)
  if (name === undefined || texts === undefined) return
  if (!texts.some((text) => /Session|Authentication/.test(text)) || texts.some((text) => /csrf/i.test(text))) return
  const place = storeOf(name, slot, module, engine, 0)
  const isApi =
    /TokenAuthentication|JWTAuthentication|JSONWebToken/.test(module.text) && !/SessionAuthentication/.test(module.text)
  const message = `\`${name}\` has sessions but no \`CsrfViewMiddleware\`.`
  if (place !== undefined) report(message, place, engine, isApi ? 'low' : undefined)
}

/** The texts a list surely consists of. */
function allTexts(value: Value, frame: Frame): string[] | undefined {
  const [ref] = value.refs
  const object = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
  if (object === undefined || value.refs.length > 1 || value.open || object.rest !== nothing) return undefined
  const constants = [...object.fields.values()].map((field) => allConstants(field))
  return constants.some((each) => each === undefined)
    ? undefined
    : constants.flatMap((each) => (each ?? []).map(String))
}

function meetClass(id: number, module: ModuleIr, engine: Engine): void {
  const facts = engine.classes.get(id)
  if (facts === undefined || /test/i.test(facts.name)) return
  if (extendsNamed(id, /flask_wtf.*Form$/, engine, 0)) {
    for (const ref of facts.members.get('Meta')?.value.refs ?? []) {
      const inner = ref.kind === 'class' ? engine.classes.get(ref.id) : undefined
      if (inner === undefined || !isSurely(inner.members.get('csrf')?.value, [false])) continue
      const place = storeOf('csrf', undefined, module, engine, inner.span.start)
      if (place !== undefined) report('The form asks for no token.', place, engine)
    }
  }
  // Requests signed in by a cookie are not checked any more.
  for (const ref of extendsNamed(id, /\bSessionAuthentication$/, engine, 0)
    ? (facts.members.get('enforce_csrf')?.value.refs ?? [])
    : []) {
    if (ref.kind !== 'function') continue
    const { start, end } = engine.program.function(ref.id).ir
    if (!/super\(/.test(module.text.slice(start, end)))
      report('The check of the session authentication is overridden.', { path: module.path, start, end }, engine)
  }
}
