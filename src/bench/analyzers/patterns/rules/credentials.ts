import type { SyntaxNode } from '#bench/syntax'
import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Comparison, Source } from '../source.ts'
import { keyword, positional, stringOf } from '../values.ts'
import { isCredential, isSigningKeyName, maskedName, secretName } from './credential-values.ts'

/** Rules about passwords, keys and tokens written into the code. */
export const credentialRules: readonly PatternRule[] = [
  {
    id: 'hard-coded-credential',
    title: 'Credential written into the code',
    category: 'security',
    severity: 'high',
    confidence: 'medium',
    cwe: [798],
    defect: 'hard-coded-credential',
    masks: true,
    why: 'Everyone who can read the code, its history or a built image has this credential, and it cannot be changed without a release.',
    fix: 'Read it from the environment or a secret store, refuse to start without it, and replace the one that was published.',
    python: [
      { on: 'binding', name: secretName, match: assignedCredential },
      { on: 'comparison', match: comparedCredential },
    ],
    javascript: [
      { on: 'binding', name: secretName, match: assignedCredential },
      { on: 'comparison', match: comparedCredential },
    ],
  },
  {
    id: 'hard-coded-signing-key',
    title: 'Signing key written into the code',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [798, 321],
    defect: 'hard-coded-credential',
    masks: true,
    why: 'Whoever knows the key can sign sessions and tokens for any user; a placeholder in the code is the key until somebody changes it.',
    fix: 'Read the key from the environment and refuse to start without it.',
    python: [
      {
        on: 'binding',
        name: /^(?:secret_key|SECRET_KEY|JWT_SECRET(?:_KEY)?|jwt_secret(?:_key)?|SECURITY_PASSWORD_SALT)$/,
        match: assignedSigningKey,
      },
      { on: 'call', names: ['jwt.encode', 'jwt.decode', 'jose.jwt.encode', 'jose.jwt.decode'], match: keyArgument },
    ],
    javascript: [
      {
        on: 'binding',
        name: /^(?:secret|SECRET|SECRET_KEY|secretKey|JWT_SECRET(?:_KEY)?|jwtSecret|sessionSecret|SESSION_SECRET|secretOrKey)$/,
        match: assignedSigningKey,
      },
      { on: 'call', names: ['*.sign', '*.verify', 'jsonwebtoken.sign', 'jsonwebtoken.verify'], match: keyArgument },
      { on: 'call', names: ['cookie-parser'], match: cookieSecret },
    ],
  },
  {
    id: 'fallback-signing-key',
    title: 'Secret with a fallback written into the code',
    category: 'security',
    severity: 'medium',
    confidence: 'high',
    cwe: [798, 1188],
    defect: 'hard-coded-credential',
    masks: true,
    why: 'When the environment variable is missing the server starts without a word, using a secret everyone can read in the code.',
    fix: 'Read the variable without a default and refuse to start when it is missing.',
    python: [
      {
        on: 'call',
        names: ['os.environ.get', 'os.getenv', 'environ.get', 'config', 'decouple.config', 'env'],
        match: fallbackArgument,
      },
      { on: 'binding', name: /./, match: fallbackOr },
    ],
    javascript: [{ on: 'binding', name: /./, match: fallbackOperator }],
  },
]

function assignedCredential(binding: Binding, source: Source): Hit | undefined {
  if (binding.kind === 'loop' || binding.kind === 'augmented' || isSigningKeyName(binding.name)) return undefined
  const literal = plainString(binding.value)
  if (literal === undefined || !isCredential(binding.name, literal)) return undefined
  if (isDescription(binding, source)) return undefined
  return {
    node: binding.value,
    message: `\`${binding.name}\` is given a value written into the code (${maskedName(literal)}).`,
    subject: binding.name,
  }
}

/** Labels, messages and types: `errors.password = …`, `placeholders: { password: … }`, schema entries. */
function isDescription(binding: Binding, source: Source): boolean {
  if (
    /(?:error|message|label|placeholder|hint|help|title|text|type|field|column|route|path|url|icon|i18n|class|style)s?\b/i.test(
      binding.target.slice(0, -binding.name.length),
    )
  ) {
    return true
  }
  if (binding.kind !== 'entry') return false
  const owner = binding.node.parent?.parent
  const held =
    owner?.childForFieldName('name')?.text ??
    owner?.childForFieldName('left')?.text ??
    owner?.childForFieldName('key')?.text ??
    ''
  return (
    /error|message|label|placeholder|hint|title|text|type|field|column|route|path|url|icon|class|style|trans|schema|locale|lang|keys?$/i.test(
      held,
    ) || /(?:^|\/)(?:locales?|i18n|lang|translations?)\//.test(source.path)
  )
}

function plainString(node: SyntaxNode): string | undefined {
  if (node.type !== 'string' && node.type !== 'template_string') return undefined
  const text = node.text
  if (text.length > 200 || /[{$]/.test(text.slice(0, 2)) || /^[fF]/.test(text) || text.includes('${')) return undefined
  return text.replace(/^[bBrRuU]{0,2}(["'`])([\s\S]*)\1$/, '$2')
}

/** A default is recognised to warn of it or to refuse it: `password === 'pass'` before a warning, `secret !== DEFAULT ? secret : …`. */
function warnsOf(comparison: Comparison, side: SyntaxNode): boolean {
  for (let node = comparison.node.parent, steps = 0; node !== null && steps < 6; node = node.parent, steps += 1) {
    if (node.type === 'ternary_expression') return node.childForFieldName('consequence')?.text === side.text
    if (node.type !== 'if_statement') continue
    const body = node.childForFieldName('consequence')?.text.slice(0, 400) ?? ''
    return /^[:{\s]*(?:console\.(?:warn|error|log)|log(?:ger|ging)?\.\w+|warnings?\.warn|throw|raise|process\.exit|sys\.exit|print)\b/.test(
      body,
    )
  }
  return false
}

function comparedCredential(comparison: Comparison): Hit | undefined {
  for (const [side, other] of [
    [comparison.left, comparison.right],
    [comparison.right, comparison.left],
  ]) {
    if (side === undefined || other === undefined || side.endIndex - side.startIndex > 120) continue
    if (!/^[\w$.[\]'"()?]+$/.test(side.text) || side.type === 'string') continue
    const name = /([\w$]+)['"\])]*$/.exec(side.text)?.[1] ?? ''
    const literal = plainString(other)
    if (
      literal === undefined ||
      !/(?:password|passwd|pwd|api_?key|secret)$/i.test(name) ||
      !isCredential(name, literal) ||
      warnsOf(comparison, side)
    )
      continue
    return {
      node: comparison.node,
      message: `\`${name}\` is compared with a value written into the code (${maskedName(literal)}).`,
      subject: name,
    }
  }
  return undefined
}

function assignedSigningKey(binding: Binding, source: Source): Hit | undefined {
  if (binding.kind === 'loop' || binding.kind === 'default') return undefined
  const literal = plainString(binding.value)
  if (literal === undefined || literal.length === 0 || /\s/.test(literal.trim()) || isDescription(binding, source))
    return undefined
  if (/^(?:process\.env|[A-Z][A-Z0-9]*_[A-Z0-9_]+$)/.test(literal)) return undefined
  if (/^secret$/i.test(binding.name) && binding.kind === 'entry' && !insideSessionCall(binding.node)) {
    if (!isCredential('secret', literal)) return undefined
  }
  return {
    node: binding.value,
    message: `\`${binding.target.slice(0, 60)}\` is a key written into the code (${maskedName(literal)}).`,
    subject: binding.name,
  }
}

function insideSessionCall(node: SyntaxNode): boolean {
  const call = node.parent?.parent?.parent
  return /session|passport|jwt|cookie/i.test(call?.childForFieldName('function')?.text ?? '')
}

/** `jwt.sign(payload, 'literal')`; a key behind a name is reported where the name is bound. */
function keyArgument(call: Call): Hit | undefined {
  if (!/^(?:jsonwebtoken|jwt|jose\.jwt)\./i.test(call.name)) return undefined
  const key = positional(call)[1] ?? keyword(call, 'key')
  const literal = key === undefined ? undefined : plainString(key)
  if (key === undefined || literal === undefined || literal.length === 0 || /BEGIN (?:RSA )?PUBLIC/.test(literal))
    return undefined
  return {
    node: key,
    message: `\`${call.callee.text}\` uses a key written into the code (${maskedName(literal)}).`,
    subject: call.method,
  }
}

function cookieSecret(call: Call): Hit | undefined {
  const key = positional(call)[0]
  const literal = key === undefined ? undefined : plainString(key)
  if (key === undefined || literal === undefined || literal.length === 0) return undefined
  return { node: key, message: `Cookies are signed with a key written into the code (${maskedName(literal)}).` }
}

const secretVariable =
  /(?:SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|TOKEN|SALT|ENCRYPTION_?KEY|SIGNING_?KEY)(?:_KEY)?$/i
const notSecret = /(?:EXPIR|TTL|URL|PATH|NAME|LENGTH|ALGORITHM|FILE|HEADER)/i

function fallbackArgument(call: Call, source: Source): Hit | undefined {
  const [named, second] = positional(call)
  const variable = stringOf(named, source)
  const fallback = second ?? keyword(call, 'default')
  const literal = fallback === undefined ? undefined : plainString(fallback)
  if (variable === undefined || literal === undefined || literal.trim() === '') return undefined
  if (!secretVariable.test(variable) || notSecret.test(variable)) return undefined
  return { node: call.node, message: `\`${variable}\` falls back to ${maskedName(literal)}.`, subject: variable }
}

/** `process.env.JWT_SECRET || 'secret'`, `?? 'secret'`. */
function fallbackOperator(binding: Binding): Hit | undefined {
  const { value } = binding
  if (value.type !== 'binary_expression' || value.endIndex - value.startIndex > 300) return undefined
  const text = value.text
  const match =
    /^(?:process\.env|import\.meta\.env)(?:\.|\[['"])(\w+)(?:['"]\])?\s*(?:\|\||\?\?)\s*(['"`])([^'"`]+)\2$/.exec(text)
  const variable = match?.[1]
  if (variable === undefined || !secretVariable.test(variable) || notSecret.test(variable)) return undefined
  return { node: value, message: `\`${variable}\` falls back to ${maskedName(match?.[3] ?? '')}.`, subject: variable }
}

/** `os.environ.get('SECRET_KEY') or 'dev'`. */
function fallbackOr(binding: Binding): Hit | undefined {
  const { value } = binding
  if (value.type !== 'boolean_operator' || value.endIndex - value.startIndex > 300) return undefined
  const match = /^(?:os\.)?(?:environ\.get|getenv)\(\s*['"](\w+)['"]\s*\)\s*or\s*(['"])([^'"]+)\2$/.exec(value.text)
  const variable = match?.[1]
  if (variable === undefined || !secretVariable.test(variable) || notSecret.test(variable)) return undefined
  return { node: value, message: `\`${variable}\` falls back to ${maskedName(match?.[3] ?? '')}.`, subject: variable }
}
