import type { SyntaxNode } from '#bench/syntax'
import { carriesRequest } from '../request-data.ts'
import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Comparison, Source } from '../source.ts'
import { positional } from '../values.ts'

/** Rules about how passwords and session tokens are kept. */
export const passwordRules: readonly PatternRule[] = [
  {
    id: 'plain-text-password',
    title: 'Password stored or compared in plain text',
    category: 'security',
    severity: 'high',
    confidence: 'medium',
    cwe: [256, 522],
    defect: 'weak-password-storage',
    why: 'Whoever gets to see the database has every user’s password, here and wherever else it is used.',
    fix: 'Store a hash made by Argon2, scrypt or bcrypt, and compare with that library’s verify function.',
    python: [
      { on: 'comparison', match: comparedPasswords },
      { on: 'binding', name: /^(?:password|passwd|pwd)$/i, match: storedPassword },
    ],
    javascript: [
      { on: 'comparison', match: comparedPasswords },
      { on: 'binding', name: /^(?:password|passwd|pwd)$/i, match: storedPassword },
    ],
  },
  {
    id: 'token-in-web-storage',
    title: 'Session token kept in web storage',
    category: 'security',
    severity: 'low',
    confidence: 'medium',
    cwe: [922],
    why: 'Any script that runs on the page, including an injected one, can read the token and send it away.',
    fix: 'Keep the session in a cookie with HttpOnly, Secure and SameSite set by the server.',
    javascript: [{ on: 'call', names: ['*.setItem'], match: storedToken }],
  },
]

const confirmation =
  /confirm|repeat|again|retype|verify|match|new_?password|old_?password|current_?password|2$|strength|error|type|show|visible|length|hash|digest/i

/** `user.password == password`: a stored password against a given one, without a hash between. */
function comparedPasswords(comparison: Comparison): Hit | undefined {
  const { left, right, node } = comparison
  if (node.endIndex - node.startIndex > 240) return undefined
  if (node.type === 'comparison_operator' && !/==|!=/.test(node.text)) return undefined
  const sides = [left.text, right.text]
  if (!sides.every((side) => /^[\w$.[\]'"()?!]+$/.test(side) && !/^['"]/.test(side))) return undefined
  if (sides.some((side) => confirmation.test(side))) return undefined
  const names = sides.map((side) => /([\w$]+)['"\])]*$/.exec(side)?.[1] ?? '')
  if (
    !names.every((name) => /^(?:user_?|input_?|stored_?|db_?|provided_?|plain_?)?(?:password|passwd|pwd)$/i.test(name))
  )
    return undefined
  const stored = sides.find(
    (side) =>
      /[.[]/.test(side) &&
      !/^(?:this\.|self\.)?(?:req|request|form|data|body|values|state|props|credentials|formData|ctx)\b/.test(side),
  )
  if (stored === undefined) return undefined
  return { node, message: `\`${stored}\` is compared as it is, so passwords are stored in plain text.` }
}

/** `user.password = request.form['password']`, `User(password=request.json['password'])`. */
function storedPassword(binding: Binding, source: Source): Hit | undefined {
  if (
    binding.kind === 'assignment'
      ? !/^\w+\.(?:password|passwd|pwd)$/i.test(binding.target)
      : binding.kind !== 'keyword' && binding.kind !== 'entry'
  ) {
    return undefined
  }
  if (/^(?:self|this|state|form|data)\./.test(binding.target)) return undefined
  if (binding.kind !== 'assignment' && !createsRecord(binding.node)) return undefined
  if (!isRequestPassword(binding.value, source)) return undefined
  if (
    /set_?password|pre\(['"]save|hash_?password|@property|password\.setter/i.test(source.text) &&
    binding.kind !== 'assignment'
  )
    return undefined
  return { node: binding.node, message: 'The password is stored as the client sent it.', subject: binding.target }
}

function createsRecord(node: SyntaxNode): boolean {
  let call: SyntaxNode | null = node.parent
  if (call?.type === 'object' || call?.type === 'dictionary') call = call.parent
  call = call?.parent ?? null
  const callee = call?.childForFieldName('function') ?? call?.childForFieldName('constructor')
  return /^(?:models?\.)?(?:User|Account|Member|Customer|Admin)\w*$|(?:users?|accounts?|User|Account)(?:\.objects)?\.(?:create|insert_one|insertOne|insert)$|^users?\.(?:push|append)$/.test(
    callee?.text ?? '',
  )
}

function isRequestPassword(value: SyntaxNode, source: Source): boolean {
  if (value.type === 'call' && !/\.get\(/.test(value.text)) return false
  return carriesRequest(value, source)
}

/** `localStorage.setItem('token', …)`. */
function storedToken(call: Call): Hit | undefined {
  if (!/^(?:window\.)?(?:localStorage|sessionStorage)\.setItem$/.test(call.name)) return undefined
  const [key, value] = positional(call)
  if (key === undefined || value === undefined) return undefined
  const named = `${key.text} ${value.text.slice(0, 80)}`
  if (
    !/(?:^|[^a-z])(?:jwt|(?:access|auth|refresh|id|bearer)?_?token)\b|Token\b|\bjwt/i.test(named) ||
    /csrf|expiry|expires|count|theme/i.test(named)
  )
    return undefined
  return {
    node: call.node,
    message: `A token is written to \`${call.name.replace('window.', '').split('.')[0]}\`.`,
    subject: key.text,
  }
}
