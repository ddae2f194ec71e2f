import type { SyntaxNode } from '#bench/syntax'
import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Source } from '../source.ts'
import { hasSpread, keyword, literalOf, objectOf, positional, property, resolve, stringOf } from '../values.ts'

const why = 'Any web site a user visits can read this API’s answers'
const fix = 'List the origins of your own front ends instead of `*`, from configuration.'

/** Rules about cross-origin resource sharing. */
export const corsRules: readonly PatternRule[] = [
  {
    id: 'cors-any-origin-with-credentials',
    title: 'CORS lets every origin in, with credentials',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [942],
    defect: 'permissive-cors',
    why: `${why} and act with that user’s cookies: the same-origin policy is off.`,
    fix,
    python: [
      {
        on: 'call',
        names: ['flask_cors.CORS', 'flask_cors.cross_origin'],
        match: (call, source) => only(flaskCors(call, source), true),
      },
      { on: 'call', names: ['*.add_middleware'], match: (call, source) => only(asgiCors(call, source), true) },
      {
        on: 'binding',
        name: /^CORS_(?:ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)$/,
        match: (b, source) => only(djangoCors(b, source), true),
      },
    ],
    javascript: [
      {
        on: 'call',
        names: ['cors', '@koa/cors', '@fastify/cors', 'hono/cors.cors'],
        match: (call, source) => only(scriptCors(call, source), true),
      },
      { on: 'call', names: ['*.register'], match: (call, source) => only(fastifyCors(call, source), true) },
      { on: 'call', names: headerCalls(), match: (call, source) => only(corsHeader(call, source), true) },
    ],
  },
  {
    id: 'cors-any-origin',
    title: 'CORS lets every origin in',
    category: 'security',
    severity: 'low',
    confidence: 'high',
    cwe: [942],
    defect: 'permissive-cors',
    why: `${why}; inside a company network that is everything the user’s browser can reach.`,
    fix,
    python: [
      {
        on: 'call',
        names: ['flask_cors.CORS', 'flask_cors.cross_origin'],
        match: (call, source) => only(flaskCors(call, source), false),
      },
      { on: 'call', names: ['*.add_middleware'], match: (call, source) => only(asgiCors(call, source), false) },
      {
        on: 'call',
        names: ['flask_socketio.SocketIO', 'socketio.Server', 'socketio.AsyncServer'],
        match: socketCorsPython,
      },
      {
        on: 'binding',
        name: /^CORS_(?:ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)$/,
        match: (b, source) => only(djangoCors(b, source), false),
      },
      { on: 'binding', name: /^Access-Control-Allow-Origin$/i, match: headerBinding },
    ],
    javascript: [
      {
        on: 'call',
        names: ['cors', '@koa/cors', '@fastify/cors', 'hono/cors.cors'],
        match: (call, source) => only(scriptCors(call, source), false),
      },
      { on: 'call', names: ['*.register'], match: (call, source) => only(fastifyCors(call, source), false) },
      { on: 'call', names: headerCalls(), match: (call, source) => only(corsHeader(call, source), false) },
      { on: 'call', names: ['socket.io.Server', 'socket.io'], match: socketCors },
      { on: 'binding', name: /^Access-Control-Allow-Origin$/i, match: headerBinding },
    ],
  },
]

function headerCalls(): string[] {
  return ['*.header', '*.setHeader', '*.set', '*.append']
}

interface CorsHit extends Hit {
  readonly credentials: boolean
}

function only(hit: CorsHit | undefined, credentials: boolean): Hit | undefined {
  return hit?.credentials === credentials ? hit : undefined
}

function isAny(node: SyntaxNode | undefined, source: Source): boolean {
  if (node === undefined) return false
  if (stringOf(node, source) === '*') return true
  if (node.type === 'list' || node.type === 'array' || node.type === 'tuple') {
    return node.namedChildren.some((child) => stringOf(child, source) === '*')
  }
  if (node.type !== 'identifier') return false
  const { bindings } = resolve(node.text, node, source)
  const value = bindings.length === 1 ? bindings[0]?.value : undefined
  return value !== undefined && value.type !== 'identifier' && isAny(value, source)
}

function isTrue(node: SyntaxNode | undefined, source: Source): boolean {
  return literalOf(node, source)?.value === true
}

function flaskCors(call: Call, source: Source): CorsHit | undefined {
  if (hasSpread(call)) return undefined
  const origins = keyword(call, 'origins')
  const resources = keyword(call, 'resources')
  const credentials = isTrue(keyword(call, 'supports_credentials'), source)
  if (origins !== undefined && !isAny(origins, source)) return undefined
  if (origins === undefined && resources !== undefined) {
    const text = objectOf(resources, source)?.text
    if (text === undefined || (/['"]origins['"]/.test(text) && !/['"]origins['"]\s*:\s*\[?\s*['"]\*['"]/.test(text)))
      return undefined
  }
  const how =
    origins === undefined && resources === undefined ? 'without `origins`, which means every origin' : 'with origin `*`'
  return {
    node: call.node,
    message: `\`${call.callee.text}\` is called ${how}${credentials ? ', and with credentials' : ''}.`,
    credentials,
  }
}

function asgiCors(call: Call, source: Source): CorsHit | undefined {
  if (!/CORSMiddleware$/.test(positional(call)[0]?.text ?? '')) return undefined
  const origins = keyword(call, 'allow_origins')
  const pattern = keyword(call, 'allow_origin_regex')
  const anyPattern = pattern !== undefined && /^(?:https\?:\/\/)?\.[*+]$/.test(stringOf(pattern, source) ?? '')
  if (!isAny(origins, source) && !anyPattern) return undefined
  const credentials = isTrue(keyword(call, 'allow_credentials'), source)
  return {
    node: origins ?? pattern ?? call.node,
    message: `CORSMiddleware allows every origin${credentials ? ' with credentials: the origin of each request is reflected' : ''}.`,
    credentials,
  }
}

function djangoCors(binding: Binding, source: Source): CorsHit | undefined {
  if (binding.kind !== 'assignment' || !isTrue(binding.value, source)) return undefined
  const credentials = source.bindings.some(
    (other) => other.name === 'CORS_ALLOW_CREDENTIALS' && isTrue(other.value, source),
  )
  return {
    node: binding.node,
    message: `\`${binding.target}\` lets every origin in${credentials ? ', with credentials' : ''}.`,
    credentials,
  }
}

function scriptCors(call: Call, source: Source): CorsHit | undefined {
  if (!source.imports.has(call.callee.text)) return undefined
  const given = positional(call)[0]
  if (given === undefined)
    return { node: call.node, message: '`cors()` without options lets every origin in.', credentials: false }
  const options = objectOf(given, source)
  return options === undefined ? undefined : corsOptions(options, source)
}

function fastifyCors(call: Call, source: Source): CorsHit | undefined {
  const [plugin, given] = positional(call)
  if (plugin === undefined || !/^(?:@fastify\/cors|fastify-cors)/.test(source.imports.get(plugin.text) ?? ''))
    return undefined
  if (given === undefined)
    return { node: call.node, message: '`@fastify/cors` without options lets every origin in.', credentials: false }
  const options = objectOf(given, source)
  return options === undefined ? undefined : corsOptions(options, source)
}

function corsOptions(options: SyntaxNode, source: Source): CorsHit | undefined {
  const { value: origin, open } = property(options, 'origin')
  if (origin === undefined && open) return undefined
  const credentials = isTrue(property(options, 'credentials').value, source)
  const node = origin ?? options
  if (origin === undefined) return { node, message: 'CORS options without `origin` let every origin in.', credentials }
  if (isAny(origin, source))
    return { node, message: `CORS origin is \`*\`${credentials ? ', with credentials' : ''}.`, credentials }
  if (isTrue(origin, source)) {
    return {
      node,
      message: `CORS reflects the origin of every request${credentials ? ', with credentials' : ''}.`,
      credentials,
    }
  }
  if (/function|arrow/.test(origin.type) && acceptsEveryone(origin.text)) {
    return {
      node,
      message: `The CORS origin function accepts every origin${credentials ? ', with credentials' : ''}.`,
      credentials,
    }
  }
  return undefined
}

function acceptsEveryone(code: string): boolean {
  return (
    code.length < 400 &&
    !/\bif\b|\?|includes|indexOf|test\(/.test(code) &&
    /\(\s*null\s*,\s*(?:true|origin)\s*\)|=>\s*origin\s*$/.test(code)
  )
}

/** `res.setHeader('Access-Control-Allow-Origin', '*')`, or the request's own origin reflected. */
function corsHeader(call: Call, source: Source): CorsHit | undefined {
  const [name, value] = positional(call)
  if (name === undefined || value === undefined || name.type !== 'string') return undefined
  if (name.text.slice(1, -1).toLowerCase() !== 'access-control-allow-origin') return undefined
  const reflected =
    /^req(?:uest)?\.(?:headers\.origin|headers\[['"]origin['"]\]|get\(['"]origin['"]\)|header\(['"]origin['"]\))(?:\s*\|\|.*)?$/i.test(
      value.text,
    )
  if (stringOf(value, source) !== '*' && !reflected) return undefined
  const credentials = reflected && /Access-Control-Allow-Credentials['"]\s*,\s*['"]?true/i.test(source.text)
  return {
    node: call.node,
    message: reflected ? 'The origin of every request is reflected.' : 'The header allows every origin.',
    credentials,
  }
}

function headerBinding(binding: Binding, source: Source): Hit | undefined {
  if (stringOf(binding.value, source) !== '*') return undefined
  return { node: binding.node, message: 'The header allows every origin.' }
}

function socketCors(call: Call, source: Source): Hit | undefined {
  for (const argument of positional(call)) {
    const object = objectOf(argument, source)
    const cors = object === undefined ? undefined : objectOf(property(object, 'cors').value, source)
    const origin = cors === undefined ? undefined : property(cors, 'origin').value
    if (origin !== undefined && (isAny(origin, source) || isTrue(origin, source))) {
      return { node: origin, message: 'The socket server accepts connections from every origin.' }
    }
  }
  return undefined
}

function socketCorsPython(call: Call, source: Source): Hit | undefined {
  const origins = keyword(call, 'cors_allowed_origins')
  return isAny(origins, source) && origins !== undefined
    ? { node: origins, message: 'The socket server accepts connections from every origin.' }
    : undefined
}
