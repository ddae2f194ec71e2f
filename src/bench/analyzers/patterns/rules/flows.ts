import type { SyntaxNode } from '#bench/syntax'
import { isConstant } from '../constants.ts'
import { carriesAddress, carriesRequest, isValidated } from '../request-data.ts'
import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Comparison, Source } from '../source.ts'
import { keyword, literalOf, positional, scopesAround, stringOf } from '../values.ts'

/** Rules about request data in expressions, logs and objects, and about what leaves or stays unprotected. */
export const flowRules: readonly PatternRule[] = [
  {
    id: 'client-redirect',
    title: 'Page sends the visitor to an address from its own link',
    category: 'security',
    severity: 'medium',
    confidence: 'high',
    cwe: [601, 79],
    defect: 'open-redirect',
    why: 'A link to your page leads to an attacker’s, or runs a script by a `javascript:` address.',
    fix: 'Go only to paths of your own: check that the target starts with a single `/`.',
    javascript: [
      { on: 'binding', name: /^(?:href|location)$/, match: locationAssigned },
      {
        on: 'call',
        names: [
          'location.assign',
          'location.replace',
          'window.location.assign',
          'window.location.replace',
          'window.open',
        ],
        match: locationCalled,
      },
    ],
  },
  {
    id: 'prototype-pollution',
    title: 'Objects merged with any key',
    category: 'security',
    severity: 'medium',
    confidence: 'medium',
    cwe: [1321],
    defect: 'prototype-pollution',
    why: 'A key named `__proto__` in the data changes every object of the program: checks are skipped, code may run.',
    fix: 'Skip the keys `__proto__`, `constructor` and `prototype`, or use structuredClone, Map or Object.create(null).',
    javascript: [{ on: 'binding', name: /^$/, match: mergedKey }],
  },
  {
    id: 'regex-from-request',
    title: 'Regular expression taken from the request',
    category: 'security',
    severity: 'medium',
    confidence: 'high',
    cwe: [1333],
    defect: 'redos',
    why: 'A pattern such as `(a+)+$` keeps the server busy for minutes.',
    fix: 'Search for the text itself (includes), or escape it before making an expression.',
    python: [
      {
        on: 'call',
        names: ['re.compile', 're.search', 're.match', 're.findall', 're.sub', 're.fullmatch'],
        match: requestedRegex,
      },
    ],
    javascript: [{ on: 'call', names: ['RegExp'], match: requestedRegex }],
  },
  {
    id: 'world-writable-file',
    title: 'File made writable by everyone',
    category: 'security',
    severity: 'low',
    confidence: 'high',
    cwe: [732],
    defect: 'insecure-file-permissions',
    why: 'Any user or process of the machine can change the file.',
    fix: 'Use 0o644 for files and 0o755 for folders, or less.',
    python: [{ on: 'call', names: ['os.chmod', '*.chmod'], match: writableByAll }],
    javascript: [
      {
        on: 'call',
        names: ['fs.chmod', 'fs.chmodSync', 'fs/promises.chmod', 'fs.promises.chmod'],
        match: writableByAll,
      },
    ],
  },
  {
    id: 'secret-compared-in-parts',
    title: 'Secret compared in a time that tells it',
    category: 'security',
    severity: 'low',
    confidence: 'medium',
    cwe: [208],
    defect: 'timing-unsafe-comparison',
    why: 'The comparison stops at the first difference, so the time it takes tells how much was right.',
    fix: 'Use crypto.timingSafeEqual (Node) or hmac.compare_digest (Python).',
    python: [{ on: 'comparison', match: comparedSecret }],
    javascript: [{ on: 'comparison', match: comparedSecret }],
  },
  {
    id: 'cleartext-request',
    title: 'Request over plain HTTP',
    category: 'security',
    severity: 'low',
    confidence: 'medium',
    cwe: [319],
    defect: 'cleartext-transmission',
    why: 'Everyone on the way can read and change what is sent.',
    fix: 'Use https.',
    python: [
      {
        on: 'call',
        names: [
          'requests.get',
          'requests.post',
          'requests.put',
          'requests.patch',
          'requests.delete',
          'httpx.get',
          'httpx.post',
          'urllib.request.urlopen',
        ],
        match: cleartext,
      },
    ],
    javascript: [
      {
        on: 'call',
        names: [
          'fetch',
          'axios.get',
          'axios.post',
          'axios.put',
          'axios.delete',
          'axios',
          'http.get',
          'got',
          'node-fetch',
        ],
        match: cleartext,
      },
    ],
  },
  {
    id: 'log-from-request',
    title: 'Request data written into the log as it is',
    category: 'security',
    severity: 'low',
    confidence: 'medium',
    cwe: [117],
    defect: 'log-injection',
    why: 'A line break in the data makes a log line of the attacker’s own.',
    fix: 'Pass the value as a parameter of the logger and let a formatter escape it.',
    python: [{ on: 'call', names: loggers('python'), match: loggedRequest }],
    javascript: [{ on: 'call', names: loggers('javascript'), match: loggedRequest }],
  },
  {
    id: 'xml-entities',
    title: 'XML parser resolves external entities',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [611],
    defect: 'xxe',
    why: 'A document can name files of the server or internal addresses, and their content becomes part of it.',
    fix: 'Leave entities off (defusedxml, resolve_entities=False, noent: false).',
    python: [{ on: 'binding', name: /^(?:resolve_entities|load_dtd|feature_external_ges)$/, match: entitiesOn }],
    javascript: [{ on: 'binding', name: /^noent$/, match: entitiesOn }],
  },
]

function loggers(family: 'python' | 'javascript'): string[] {
  const receivers =
    family === 'python'
      ? ['logging', 'logger', 'log', 'app.logger', 'current_app.logger']
      : ['logger', 'log', 'req.log']
  return receivers.flatMap((receiver) =>
    ['debug', 'info', 'warning', 'warn', 'error', 'critical'].map((level) => `${receiver}.${level}`),
  )
}

function shown(node: SyntaxNode): string {
  return `\`${node.text.slice(0, 80).replace(/\s+/g, ' ')}\``
}

function locationAssigned(binding: Binding, source: Source): Hit | undefined {
  if (!/^(?:window\.|document\.|self\.|top\.)?location(?:\.href)?$/.test(binding.target)) return undefined
  if (!carriesAddress(binding.value, source) || isValidated(binding.value, source)) return undefined
  return { node: binding.node, message: `The link to this page decides where ${shown(binding.value)} leads.` }
}

function locationCalled(call: Call, source: Source): Hit | undefined {
  const target = positional(call)[0]
  if (target === undefined || !carriesAddress(target, source) || isValidated(target, source)) return undefined
  return { node: call.node, message: `The link to this page decides where ${shown(target)} leads.` }
}

/** `target[key] = merge(target[key], source[key])` in a function `merge` that looks at no key. */
function mergedKey(binding: Binding, source: Source): Hit | undefined {
  if (binding.kind !== 'assignment' || binding.value.type !== 'call_expression') return undefined
  const target = /^\w+\[(\w+)\]$/.exec(binding.target)
  if (target === null) return undefined
  const scope = scopesAround(binding.node, source).find(
    (each) => each.node.type !== 'arrow_function' || each.node.parent?.type === 'variable_declarator',
  )
  const name = scope?.node.childForFieldName('name')?.text ?? scope?.node.parent?.childForFieldName('name')?.text
  if (!binding.value.childForFieldName('arguments')?.text.includes(binding.target)) return undefined
  if (scope === undefined || name === undefined || binding.value.childForFieldName('function')?.text !== name)
    return undefined
  if (/__proto__|hasOwn|Object\.create\(null\)|constructor|new Map/.test(source.text.slice(scope.start, scope.end)))
    return undefined
  return { node: binding.node, message: `\`${name}\` copies any key, also \`__proto__\`.`, subject: name }
}

function requestedRegex(call: Call, source: Source): Hit | undefined {
  const pattern = positional(call)[0]
  if (pattern === undefined || !carriesRequest(pattern, source) || isValidated(pattern, source)) return undefined
  if (/\\\\\$&|\bescape/i.test(pattern.text) || (pattern.type === 'identifier' && /\\\\\$&/.test(source.text)))
    return undefined
  return { node: call.node, message: `The client writes the expression ${shown(pattern)}.` }
}

function writableByAll(call: Call, source: Source): Hit | undefined {
  const mode = keyword(call, 'mode') ?? positional(call).at(-1)
  if (mode === undefined) return undefined
  const text = stringOf(mode, source) ?? mode.text
  const found = /^(?:0o?)?[0-7]?[0-7]{2}[2367]$/.exec(text)
  if (found === null || (!/^0/.test(text) && mode.type === 'integer')) return undefined
  return { node: call.node, message: `\`${call.callee.text}\` gives the mode ${found[0]}.` }
}

const secretSide =
  /(?:^|[._[('"])\w*(?:api_?key|admin_?key|secret|token|signature|hmac|digest|access_?key)\w*['"\])]*$/i

/** A header or field of the request against a secret the server keeps. */
function comparedSecret(comparison: Comparison, source: Source): Hit | undefined {
  const { left, right, node } = comparison
  if (node.endIndex - node.startIndex > 300 || (node.type === 'comparison_operator' && !/[=!]=/.test(node.text)))
    return undefined
  for (const [given, kept] of [
    [left, right],
    [right, left],
  ] as const) {
    const secret = kept.text
    const isKept =
      /^(?:process\.env\.\w+|[A-Z][A-Z0-9_]+|os\.environ\[.*\]|(?:app\.)?config\[.*\])$/.test(secret) ||
      /^(?:expected|computed|calculated)\w*$/i.test(secret)
    if (isKept && (secretSide.test(secret) || /^(?:expected|computed)/i.test(secret)) && isFromRequest(given, source)) {
      return { node, message: `\`${secret}\` is compared with what the client sent, character by character.` }
    }
  }
  return undefined
}

function isFromRequest(node: SyntaxNode, source: Source): boolean {
  return (
    /^(?:req|request)\.(?:headers|query|body|args|json|form|get)\b/.test(node.text) ||
    (node.type === 'identifier' && carriesRequest(node, source))
  )
}

/** Names with a dot that are not this machine or a private network. */
const publicHttp =
  /^http:\/\/(?!localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[)[\w-]+(?:\.[\w-]+)+/i

function cleartext(call: Call, source: Source): Hit | undefined {
  const address = positional(call)[0]
  if (address === undefined) return undefined
  const text =
    stringOf(address, source) ??
    (address.type === 'template_string' || address.type === 'string' ? address.text.replace(/^[fF]?["'`]/, '') : '')
  const host = publicHttp.exec(text)?.[0]
  if (host === undefined || /\.(?:local|test|svc)(?:$|[:/])/.test(host)) return undefined
  return { node: call.node, message: `The request to ${host} is not encrypted.` }
}

function loggedRequest(call: Call, source: Source): Hit | undefined {
  const text = positional(call)[0]
  if (text === undefined || isConstant(text, source) || text.type === 'identifier' || !carriesRequest(text, source))
    return undefined
  if (
    !/string|binary|concatenated|template/.test(text.type) ||
    /\\n|!r\}|repr\(|JSON\.stringify|encodeURI/.test(text.text)
  )
    return undefined
  return { node: call.node, message: `${shown(text)} goes into the log as the client sent it.` }
}

function entitiesOn(binding: Binding, source: Source): Hit | undefined {
  if (literalOf(binding.value, source)?.value !== true || (binding.kind !== 'keyword' && binding.kind !== 'entry'))
    return undefined
  return { node: binding.node, message: `\`${binding.name}\` is on.` }
}
