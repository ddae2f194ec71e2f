import { definitionOf, type Frame } from '../analysis/engine.ts'
import type { Verdict } from '../analysis/observer.ts'
import { isSettled, settle } from '../analysis/pending.ts'
import type { Value } from '../analysis/value.ts'
import type { CallSite } from '../models/model.ts'
import { flagsIn } from './cookie-flags.ts'
import { allArguments, functionTexts, heldIn, inProduction, isSurely, namesOf, objectsOf } from './values.ts'

const changing = /^(?:POST|PUT|PATCH|DELETE)$/
/** Protection by name or by what it looks at. */
const protecting = /csrf|xsrf|csurf|lusca|same-?origin|sec-fetch-site|verifyOrigin|checkOrigin/i
/** Routes where nobody is signed in yet, and such as machines call. */
const noVictim = /log-?_?in|sign-?_?in|sign-?_?up|register|web-?_?hook|callback|oauth|token|forgot|reset/i
const usesCookie = /\breq(?:uest)?\.(?:session|user|isAuthenticated|signedCookies|cookies)\b/
const otherProof = /authorization|bearer|x-api-key|api_?key/i

/** `csurf({ ignoreMethods: ['POST'] })`, `lusca({ csrf: false })`. */
export const weakProtection = inProduction(({ args, name, frame }: CallSite): Verdict | undefined => {
  const [options] = args.positional
  if (name === 'lusca') return isSurely(heldIn(options, 'csrf', frame).value, [false]) ? {} : undefined
  for (const key of ['ignoreMethods', 'ignoredMethods']) {
    const methods = objectsOf(heldIn(options, key, frame).value, frame).flatMap(({ fields }) => [...fields.values()])
    if (methods.some(({ known }) => known.some((method) => changing.test(String(method).toUpperCase())))) {
      return { message: 'Methods that change something are not checked.' }
    }
  }
  return undefined
})

/** Notes what kind of session cookie the app has. */
export function sessionMade({ args, name, frame, engine }: CallSite): undefined {
  const [options] = args.positional
  const cookie = name === 'express-session' ? heldIn(options, 'cookie', frame).value : options
  const { sameSite } = flagsIn(cookie, frame)
  if (sameSite === 'off') settle('session sent along', undefined, frame, engine)
  else if (sameSite === 'missing' && objectsOf(options, frame).length > 0)
    settle('session by default', undefined, frame, engine)
}

/** Routes that change something, in an app whose session cookie comes along from other sites, above all protection. */
export const unprotectedRoute = inProduction((site: CallSite): Verdict | undefined => {
  const { args, name, call, frame, engine } = site
  const values = allArguments(args)
  const written = call.arguments.map(({ value }) => shortText(value, frame)).join(' ')
  const isProtecting = protecting.test(written) || values.some((value) => isProtection(value, site))
  if (name.endsWith('.use')) {
    if (isProtecting) settle('protected against forgery', undefined, frame, engine)
    return undefined
  }
  const isOpen = isSettled('session sent along', frame, engine)
  if (isProtecting || isSettled('protected against forgery', frame, engine)) return undefined
  if (!isOpen && !isSettled('session by default', frame, engine)) return undefined
  const text = values.flatMap((value) => functionTexts(value, engine)).join('\n')
  if (!usesCookie.test(text) || otherProof.test(text) || noVictim.test(shortText(call.arguments[0]?.value, frame)))
    return undefined
  // Without a parser for forms the body must be JSON, which no form can send.
  const takesForms = [...engine.program.modules.values()].some((module) =>
    /urlencoded|multer|formidable|fileupload|busboy/.test(module.text),
  )
  return isOpen && takesForms ? {} : { confidence: 'low' }
})

function isProtection(value: Value, { engine }: CallSite): boolean {
  return (
    namesOf(value).some((name) => protecting.test(name)) ||
    functionTexts(value, engine).some((text) => protecting.test(text))
  )
}

/** The source of an argument, when it is not a function written out. */
function shortText(temp: number | undefined, frame: Frame): string {
  const definition = definitionOf(temp, frame)
  return definition === undefined || definition.op === 'function'
    ? ''
    : frame.facts.module.text.slice(definition.start, Math.min(definition.end, definition.start + 200))
}
