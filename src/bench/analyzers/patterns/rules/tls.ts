import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Source } from '../source.ts'
import { keyword, literalOf, scopesAround, stringOf } from '../values.ts'

const fix = 'Leave verification on; for a private authority pass its certificate (verify="ca.pem", the `ca` option).'

/** Rules about transport security. */
export const tlsRules: readonly PatternRule[] = [
  {
    id: 'tls-verification-disabled',
    title: 'TLS certificate not verified',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [295],
    defect: 'tls-verification-disabled',
    why: 'Anyone on the way can pose as the other side, read what is sent and change the answers.',
    fix,
    python: [
      { on: 'binding', name: /^(?:verify|verify_ssl|ssl)$/, match: verifyArgument },
      {
        on: 'binding',
        name: /^(?:verify|verify_mode|check_hostname|_create_default_https_context)$/,
        match: verifyAttribute,
      },
      { on: 'call', names: ['ssl._create_unverified_context'], match: unverifiedContext },
    ],
    javascript: [
      { on: 'binding', name: /^(?:rejectUnauthorized|strictSSL)$/, match: rejectUnauthorized },
      { on: 'binding', name: /^NODE_TLS_REJECT_UNAUTHORIZED$/, match: nodeSwitch },
    ],
  },
  {
    id: 'weak-tls-version',
    title: 'Outdated TLS version allowed',
    category: 'security',
    severity: 'medium',
    confidence: 'high',
    cwe: [326, 327],
    defect: 'weak-tls-version',
    why: 'SSL 3, TLS 1.0 and TLS 1.1 have known attacks (POODLE, BEAST) and are withdrawn by RFC 8996.',
    fix: 'Allow TLS 1.2 and later only; ssl.create_default_context() and Node’s defaults do.',
    python: [
      { on: 'call', names: ['ssl.SSLContext', 'ssl.wrap_socket'], match: oldProtocol },
      { on: 'binding', name: /^minimum_version$/, match: oldMinimum },
    ],
    javascript: [{ on: 'binding', name: /^(?:minVersion|secureProtocol)$/, match: oldMinimum }],
  },
]

const clients =
  /(?:^|\.)(?:requests|httpx|session|client|http|aiohttp|sess|s|Client|AsyncClient|Session|TCPConnector)\b|(?:get|post|put|patch|delete|request|head|options|Client|TCPConnector|connect)$/

function verifyArgument(binding: Binding, source: Source): Hit | undefined {
  if (binding.kind !== 'keyword' || literalOf(binding.value, source)?.value !== false) return undefined
  const callee = binding.node.parent?.parent?.childForFieldName('function')?.text ?? ''
  if (!clients.test(callee) || /jwt|jose|bcrypt/.test(callee)) return undefined
  if (binding.name === 'ssl' && !/aiohttp|session|TCPConnector|client/i.test(callee)) return undefined
  return { node: binding.node, message: `\`${callee}\` accepts any certificate.` }
}

function verifyAttribute(binding: Binding, source: Source): Hit | undefined {
  if (binding.kind !== 'assignment' || !binding.target.includes('.') || binding.target.startsWith('self.'))
    return undefined
  const value = binding.value.text
  const off = literalOf(binding.value, source)?.value === false
  const hit = {
    node: binding.node,
    message: `\`${binding.target} = ${value.slice(0, 60)}\` switches verification off.`,
  }
  switch (binding.name) {
    case 'verify':
      return off && /sess|client|http|requests/i.test(binding.target) ? hit : undefined
    case 'check_hostname':
      return off && !decidesElsewhere(binding, source) ? weighed({ ...hit, severity: 'medium' }, source) : undefined
    case 'verify_mode':
      return /(?:^|\.)CERT_NONE$/.test(value) ? weighed(hit, source) : undefined
    default:
      return /_create_unverified_context$/.test(value) ? hit : undefined
  }
}

/** `verify_mode` must follow `check_hostname = False` in any case, and says more. */
function decidesElsewhere(binding: Binding, source: Source): boolean {
  const owner = binding.target.slice(0, binding.target.lastIndexOf('.'))
  const scope = scopesAround(binding.node, source)[0]
  return source.bindings.some(
    ({ target, node }) =>
      target === `${owner}.verify_mode` &&
      (scope === undefined || (node.startIndex >= scope.start && node.startIndex < scope.end)),
  )
}

/** Words of a setting by which whoever runs the program asks for it: `if (options.insecure)`. */
const askedFor = /insecure|verif|valid|skip|ignore|trust|self_?signed|check|strict|allow|unsafe/i

/** A switch that is off unless asked for is a choice of the operator, not a hole in the program. */
function weighed(hit: Hit, source: Source): Hit {
  for (let node = hit.node.parent; node !== null; node = node.parent) {
    if (/function|lambda|method|class/.test(node.type)) break
    const condition = /^(?:if_statement|elif_clause|ternary_expression|conditional_expression)$/.test(node.type)
      ? (node.childForFieldName('condition') ?? node.namedChild(1))
      : null
    if (condition !== null && askedFor.test(source.text.slice(condition.startIndex, condition.startIndex + 300)))
      return { ...hit, severity: 'low', confidence: 'medium' }
  }
  return hit
}

function unverifiedContext(call: Call): Hit | undefined {
  return { node: call.node, message: 'The TLS context verifies nothing.' }
}

function rejectUnauthorized(binding: Binding, source: Source): Hit | undefined {
  if (literalOf(binding.value, source)?.value !== false) return undefined
  return weighed({ node: binding.node, message: `\`${binding.name}: false\` accepts any certificate.` }, source)
}

function nodeSwitch(binding: Binding, source: Source): Hit | undefined {
  const value = literalOf(binding.value, source)?.value
  if (value !== '0' && value !== 0) return undefined
  return { node: binding.node, message: 'Certificate checks are switched off for the whole process.' }
}

function oldProtocol(call: Call): Hit | undefined {
  const old = /\bPROTOCOL_(?:SSLv2|SSLv3|TLSv1|TLSv1_1)\b/.exec(
    `${call.arguments.text} ${keyword(call, 'ssl_version')?.text ?? ''}`,
  )
  return old === null ? undefined : { node: call.node, message: `\`${old[0]}\` is used.` }
}

function oldMinimum(binding: Binding, source: Source): Hit | undefined {
  const text = stringOf(binding.value, source) ?? binding.value.text
  if (!/^(?:ssl\.)?(?:TLSVersion\.)?(?:SSLv[23]|TLSv1(?:[._][01])?)(?:_method)?$/.test(text)) return undefined
  return { node: binding.node, message: `\`${text}\` is still allowed.` }
}
