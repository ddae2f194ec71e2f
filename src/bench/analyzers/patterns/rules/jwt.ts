import type { SyntaxNode } from '#bench/syntax'
import type { Hit, PatternRule } from '../rule.ts'
import type { Call, Source } from '../source.ts'
import { keyword, literalOf, objectOf, positional, property, scopesAround, stringOf } from '../values.ts'

/** Rules about JSON Web Tokens. */
export const jwtRules: readonly PatternRule[] = [
  {
    id: 'jwt-unverified',
    title: 'JWT accepted without verifying its signature',
    category: 'security',
    severity: 'critical',
    confidence: 'high',
    cwe: [347],
    defect: 'jwt-unverified',
    why: 'Anyone can write a token naming any user and role, and the server believes it.',
    fix: 'Verify the signature with the expected algorithm (jwt.verify in Node, jwt.decode with key and algorithms=["HS256"] in PyJWT).',
    python: [
      { on: 'call', names: ['jwt.decode', 'jose.jwt.decode', 'jose.jwt.get_unverified_claims'], match: pythonDecode },
    ],
    javascript: [
      { on: 'call', names: ['jsonwebtoken.decode', 'jwt.decode', 'jose.decodeJwt'], match: scriptDecode },
      { on: 'call', names: ['jsonwebtoken.verify', 'jwt.verify'], match: scriptVerify },
    ],
  },
  {
    id: 'jwt-unsigned',
    title: 'JWT issued without a signature',
    category: 'security',
    severity: 'critical',
    confidence: 'high',
    cwe: [347],
    defect: 'jwt-unverified',
    why: 'A token with algorithm `none` can be changed by whoever holds it.',
    fix: 'Sign with HS256 and a secret from the environment, or with an asymmetric key.',
    python: [{ on: 'call', names: ['jwt.encode', 'jose.jwt.encode'], match: pythonEncode }],
    javascript: [{ on: 'call', names: ['jsonwebtoken.sign', 'jwt.sign'], match: scriptSign }],
  },
]

function pythonDecode(call: Call, source: Source): Hit | undefined {
  if (call.method === 'get_unverified_claims')
    return { node: call.node, message: 'The claims are read without looking at the signature.' }
  const algorithms = keyword(call, 'algorithms') ?? positional(call)[2]
  if (namesNone(algorithms))
    return { node: call.node, message: 'The algorithm `none` is accepted, so a token needs no signature.' }
  if (literalOf(keyword(call, 'verify'), source)?.value === false)
    return { node: call.node, message: 'Verification is switched off by `verify=False`.' }
  const options = objectOf(keyword(call, 'options'), source)
  const verify = options === undefined ? undefined : property(options, 'verify_signature').value
  if (verify === undefined || literalOf(verify, source)?.value !== false) return undefined
  if (verifiesElsewhere(call, source, /\bjwt\.decode\([^)]*algorithms/) || isNamedUnverified(call)) return undefined
  return { node: call.node, message: 'Verification is switched off by `verify_signature: False`.' }
}

/** `unverified_claims = jwt.decode(…)`: the name says it, usually to choose the key for the real check. */
function isNamedUnverified(call: Call): boolean {
  const bound = call.node.parent?.childForFieldName('left') ?? call.node.parent?.childForFieldName('name')
  return /unverified|untrusted|unsafe|header/i.test(bound?.text ?? '')
}

function namesNone(node: SyntaxNode | undefined): boolean {
  return node !== undefined && /^\[?[^\]]*["']none["']/i.test(node.text.slice(0, 200))
}

function verifiesElsewhere(call: Call, source: Source, how: RegExp): boolean {
  const scope = scopesAround(call.node, source)[0]
  const code = scope === undefined ? source.text : source.text.slice(scope.start, scope.end)
  return how.test(code.replace(call.node.text, ''))
}

function scriptDecode(call: Call, source: Source): Hit | undefined {
  const library = source.imports.get(call.callee.text.split('.')[0] ?? '')
  if (library === undefined || !/^(?:jsonwebtoken|jose|jwt-simple)(?:\.|$)/.test(library)) return undefined
  if (library.startsWith('jwt-simple') && literalOf(positional(call)[2], source)?.value !== true) return undefined
  if (verifiesElsewhere(call, source, /\bverify\w*\(/)) return undefined
  if (
    /^(?:iat|exp)$|expir|debug|log/i.test(
      scopesAround(call.node, source)[0]?.node.childForFieldName('name')?.text ?? '',
    )
  )
    return undefined
  if (isNamedUnverified(call)) return undefined
  // An ID token straight from the provider's token endpoint need not be verified (OpenID Connect Core 1.0, 3.1.3.7).
  const fromProvider = /\bid_?token\b/i.test(call.arguments.text)
  return {
    node: call.node,
    message: `\`${call.callee.text}\` reads the token without verifying it.`,
    severity: fromProvider ? 'low' : 'high',
    confidence: fromProvider ? 'low' : 'medium',
  }
}

function scriptVerify(call: Call, source: Source): Hit | undefined {
  const [, key, given] = positional(call)
  const options = objectOf(given, source)
  if (options !== undefined && namesNone(property(options, 'algorithms').value)) {
    return { node: call.node, message: 'The algorithm `none` is accepted, so a token needs no signature.' }
  }
  if (key === undefined) return undefined
  const literal = literalOf(key, source)
  if (literal !== undefined && (literal.value === null || literal.value === '' || literal.value === false)) {
    return { node: call.node, message: 'The token is verified with an empty key.' }
  }
  return undefined
}

function pythonEncode(call: Call, source: Source): Hit | undefined {
  const algorithm = keyword(call, 'algorithm') ?? positional(call)[2]
  if (algorithm === undefined) return undefined
  const literal = literalOf(algorithm, source)
  if (literal === undefined || (literal.value !== null && String(literal.value).toLowerCase() !== 'none'))
    return undefined
  return { node: call.node, message: 'The token is issued with algorithm `none`.' }
}

function scriptSign(call: Call, source: Source): Hit | undefined {
  const options = objectOf(positional(call)[2], source)
  const algorithm = options === undefined ? undefined : stringOf(property(options, 'algorithm').value, source)
  return algorithm?.toLowerCase() === 'none'
    ? { node: call.node, message: 'The token is issued with algorithm `none`.' }
    : undefined
}
