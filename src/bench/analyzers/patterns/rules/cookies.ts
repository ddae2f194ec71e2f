import type { SyntaxNode } from '#bench/syntax'
import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Source } from '../source.ts'
import { hasSpread, keyword, literalOf, objectOf, positional, property, stringOf } from '../values.ts'

/** Preferences: nothing is lost when others read or change them. */
const preference =
  /theme|lang|locale|consent|banner|dark|mode|sidebar|layout|currency|time_?zone|tz$|color|colour|seen|dismissed|visits/i
const sensitiveName = /sess|sid|token|auth|jwt|remember|login|user|refresh|access|credential|csrf_secret/i

/** Rules about cookies and request forgery. */
export const cookieRules: readonly PatternRule[] = [
  {
    id: 'insecure-cookie',
    title: 'Session cookie without Secure, HttpOnly or SameSite',
    category: 'security',
    severity: 'medium',
    confidence: 'high',
    cwe: [614, 1004, 1275],
    defect: 'insecure-cookie',
    why: 'Without these flags the cookie travels over plain HTTP, can be read by injected scripts, or is sent along with requests from other sites.',
    fix: 'Set Secure, HttpOnly and SameSite=Lax (or Strict) on the cookie.',
    python: [
      { on: 'call', names: ['*.set_cookie'], match: pythonCookie },
      {
        on: 'binding',
        name: /^(?:SESSION|REMEMBER|CSRF|JWT|REMEMBER_ME)_(?:COOKIE_)?(?:SECURE|HTTPONLY)$/,
        match: cookieSetting,
      },
    ],
    javascript: [
      { on: 'call', names: ['*.cookie', '*.setCookie'], match: scriptCookie },
      { on: 'call', names: ['express-session', 'cookie-session', '@fastify/session'], match: sessionOptions },
      { on: 'binding', name: /^cookie$/, match: documentCookie },
    ],
  },
  {
    id: 'csrf-disabled',
    title: 'Protection against cross-site request forgery switched off',
    category: 'security',
    severity: 'medium',
    confidence: 'medium',
    cwe: [352],
    defect: 'csrf-disabled',
    why: 'Another web site can make a signed-in user’s browser submit this form or call without the user knowing.',
    fix: 'Keep the framework’s CSRF protection on; exempt only endpoints that authenticate by a token in a header.',
    python: [
      { on: 'decorator', names: ['csrf_exempt', 'csrf.exempt', 'csrf_protect.exempt'], match: exempted },
      { on: 'binding', name: /^WTF_CSRF_ENABLED$|^WTF_CSRF_CHECK_DEFAULT$/, match: csrfSetting },
      { on: 'binding', name: /^MIDDLEWARE$/, match: middlewareWithoutCsrf },
    ],
  },
]

function pythonCookie(call: Call, source: Source): Hit | undefined {
  if (hasSpread(call)) return undefined
  const named = keyword(call, 'key') ?? positional(call)[0]
  if (call.arguments.namedChildCount < 2) return undefined
  const cookie = stringOf(named, source)
  if (cookie !== undefined && !sensitiveName.test(cookie) && preference.test(cookie)) return undefined
  const expiry = keyword(call, 'max_age') ?? keyword(call, 'expires')
  if (expiry !== undefined && literalOf(expiry, source)?.value === 0) return undefined
  const missing = ['secure', 'httponly', 'samesite'].filter((flag) => {
    const value = keyword(call, flag)
    return value === undefined || isOff(value, source)
  })
  return missing.length === 0 ? undefined : cookieHit(call.node, cookie, missing)
}

function scriptCookie(call: Call, source: Source): Hit | undefined {
  const [named, , given] = positional(call)
  if (named === undefined || positional(call).length < 2) return undefined
  if (!/^(?:res|response|reply|ctx|c)\b/.test(call.callee.text)) return undefined
  const cookie = stringOf(named, source)
  if (cookie !== undefined && !sensitiveName.test(cookie) && preference.test(cookie)) return undefined
  if (given === undefined) return cookieHit(call.node, cookie, ['secure', 'httpOnly', 'sameSite'])
  const options = objectOf(given, source)
  if (options === undefined) return undefined
  const missing = missingIn(options, source)
  return missing.length === 0 ? undefined : cookieHit(call.node, cookie, missing)
}

function missingIn(options: SyntaxNode, source: Source): string[] {
  return ['secure', 'httpOnly', 'sameSite'].filter((flag) => {
    const { value, open } = property(options, flag)
    return value === undefined ? !open : isOff(value, source)
  })
}

function isOff(value: SyntaxNode, source: Source): boolean {
  const literal = literalOf(value, source)
  return literal !== undefined && (literal.value === false || literal.value === null)
}

function cookieHit(node: SyntaxNode, cookie: string | undefined, missing: readonly string[]): Hit {
  const named = cookie === undefined ? 'A cookie' : `The cookie \`${cookie}\``
  return {
    node,
    message: `${named} is set without ${missing.join(', ')}.`,
    ...(cookie === undefined ? { confidence: 'low' as const } : { subject: cookie }),
    ...(missing.length === 1 || (cookie !== undefined && !sensitiveName.test(cookie))
      ? { severity: 'low' as const }
      : {}),
  }
}

/** `session({ cookie: { secure: false } })`; `secure` is off unless it is given. */
function sessionOptions(call: Call, source: Source): Hit | undefined {
  const options = objectOf(positional(call)[0], source)
  if (options === undefined) return undefined
  const { value, open } = property(options, 'cookie')
  const cookie = objectOf(value, source)
  if (value === undefined && open) return undefined
  if (value !== undefined && cookie === undefined) return undefined
  const where = cookie ?? options
  const secure = property(where, 'secure')
  const httpOnly = property(where, 'httpOnly').value
  const missing: string[] = []
  if (secure.value === undefined ? !secure.open : isOff(secure.value, source)) missing.push('secure')
  if (httpOnly !== undefined && isOff(httpOnly, source)) missing.push('httpOnly')
  if (missing.length === 0) return undefined
  return {
    node: value ?? call.node,
    message: `The session cookie is sent without ${missing.join(', ')}.`,
    subject: 'session',
  }
}

function cookieSetting(binding: Binding, source: Source): Hit | undefined {
  if (binding.kind === 'default' || literalOf(binding.value, source)?.value !== false) return undefined
  if (/dev|test|local/i.test(source.path)) return undefined
  return { node: binding.node, message: `\`${binding.name}\` is switched off.`, subject: binding.name }
}

function documentCookie(binding: Binding): Hit | undefined {
  if (!/^(?:window\.)?document\.cookie$/.test(binding.target)) return undefined
  const text = binding.value.text
  if (!/^["'`]\s*[\w-]*(?:token|jwt|session|auth)/i.test(text) || /expires=Thu, 01 Jan 1970|max-age=0/i.test(text))
    return undefined
  return {
    node: binding.node,
    message: 'A session cookie is written by script, so it cannot be HttpOnly.',
    fix: 'Let the server set the cookie with Secure, HttpOnly and SameSite.',
  }
}

function exempted(node: SyntaxNode): Hit | undefined {
  const decorated = node.parent?.text.slice(0, 400) ?? ''
  if (/def\s+\w*(?:webhook|callback|hook|notify|ipn|health)/i.test(decorated)) return undefined
  return { node, message: 'The view is exempt from CSRF protection.' }
}

function csrfSetting(binding: Binding, source: Source): Hit | undefined {
  if (literalOf(binding.value, source)?.value !== false || /test/i.test(source.path)) return undefined
  for (let parent = binding.node.parent; parent !== null; parent = parent.parent) {
    if (parent.type === 'class_definition' && /test/i.test(parent.childForFieldName('name')?.text ?? ''))
      return undefined
  }
  if (/\bTESTING\b['"\]]*\s*=\s*True/.test(source.text)) return undefined
  return { node: binding.node, message: `\`${binding.name}\` is switched off.`, subject: binding.name }
}

function middlewareWithoutCsrf(binding: Binding): Hit | undefined {
  if (binding.kind !== 'assignment' || binding.value.type !== 'list') return undefined
  const text = binding.value.text
  if (!/SessionMiddleware/.test(text) || /^[^#\n]*CsrfViewMiddleware/m.test(text)) return undefined
  return { node: binding.node, message: '`MIDDLEWARE` uses sessions but not `CsrfViewMiddleware`.' }
}
