import type { Endpoint, Parameter, Place } from './endpoint.ts'
import { codeAt, handlerPlace, withCalled } from './handler.ts'

/** A file of the app as text. */
export interface SourceText {
  readonly path: string
  readonly text: string
}

/**
 * The endpoints of servers without a framework, which compare the address themselves: `url.pathname === '/notes'`,
 * `startsWith('/notes/')`, `case '/login':`, `'GET /notes'`, `/^\/notes\/(\d+)$/`. What is read between one comparison
 * and the next are its parameters.
 */
export function endpointsInSource({ path, text }: SourceText): Endpoint[] {
  if (!/\bcreateServer\b|http\.server|BaseHTTPRequestHandler/.test(text)) return []
  const lines = text.split('\n')
  const found = lines.flatMap((line, at) => addressesIn(line).map((address) => ({ ...address, line: at + 1 })))
  return found.flatMap(({ address, line }, at): Endpoint[] => {
    const handler = handlerPlace(path, text, line)
    const next = found.slice(at + 1).find((other) => other.line > line)?.line ?? lines.length + 1
    // Where everything else is turned away first, what follows answers.
    const end = /!==?\s*['"`]\//.test(lines[line - 1] ?? '') ? next - 1 : Math.min(handler.endLine, next - 1)
    const place = { ...handler, endLine: Math.max(line, end) }
    const code = withCalled(codeAt(text, place), path, text)
    return methodsIn(lines[line - 1] ?? '', code).map((method) => ({
      method,
      path: address,
      parameters: [...pathParameters(address), ...parametersIn(code, method)],
      origins: ['source'],
      handler: place,
      code,
      open: true,
    }))
  })
}

/** The parameters a handler reads, as its text shows them: query, body, headers, cookies and files of the common frameworks. */
export function parametersIn(code: string, method: string): Parameter[] {
  const body: Place = readsForm(code) ? 'form' : 'json'
  const found = new Map<string, Parameter>()
  for (const [pattern, place] of readings) {
    for (const match of code.matchAll(pattern)) {
      for (const name of namesIn(match[1] ?? '')) {
        const where = place === 'body' ? body : place
        if (method === 'GET' && (where === 'form' || where === 'json' || where === 'file')) continue
        if (ignored.test(name) && (where === 'header' || where === 'cookie')) continue
        found.set(`${where} ${name}`, { name, place: where, required: true })
      }
    }
  }
  if (readsXml.test(code) && method !== 'GET') found.set('xml', { name: 'body', place: 'xml', required: true })
  if (readsRaw.test(code) && method !== 'GET') found.set('raw', { name: 'body', place: 'raw', required: true })
  return [...found.values()]
}

/** Named parameters of a path. */
export function pathParameters(path: string): Parameter[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({ name, place: 'path', required: true }))
}

const name = '([\\w.-]{1,60})'
const readings: readonly (readonly [RegExp, Place | 'body'])[] = [
  [new RegExp(`searchParams\\.(?:get|getAll|has)\\(\\s*['"\`]${name}['"\`]`, 'g'), 'query'],
  [new RegExp(`request\\.args(?:\\.get(?:list)?\\(|\\[)\\s*['"]${name}['"]`, 'g'), 'query'],
  [new RegExp(`(?:req|request|ctx)\\.query(?:\\[['"]|\\.)${name}`, 'g'), 'query'],
  [/\{([^{}]{1,200})\}\s*=\s*(?:req|request|ctx)\.query\b/g, 'query'],
  [/\{([^{}]{1,200})\}\s*=\s*Object\.fromEntries\(\s*\w+\.searchParams/g, 'query'],
  [new RegExp(`request\\.form(?:\\.get(?:list)?\\(|\\[)\\s*['"]${name}['"]`, 'g'), 'form'],
  [new RegExp(`request\\.values(?:\\.get\\(|\\[)\\s*['"]${name}['"]`, 'g'), 'query'],
  [new RegExp(`request\\.files(?:\\.get(?:list)?\\(|\\[)\\s*['"]${name}['"]`, 'g'), 'file'],
  [new RegExp(`\\.(?:single|array)\\(\\s*['"\`]${name}['"\`]`, 'g'), 'file'],
  [new RegExp(`request\\.headers(?:\\.get\\(|\\[)\\s*['"]${name}['"]`, 'g'), 'header'],
  [new RegExp(`(?:req|request)\\.headers\\[\\s*['"\`]${name}['"\`]`, 'g'), 'header'],
  [new RegExp(`(?:req|request)\\.(?:get|header)\\(\\s*['"\`]${name}['"\`]`, 'g'), 'header'],
  [new RegExp(`request\\.cookies(?:\\.get\\(|\\[)\\s*['"]${name}['"]`, 'g'), 'cookie'],
  [new RegExp(`(?:req\\.)?cookies\\.${name}\\b`, 'g'), 'cookie'],
  [
    new RegExp(
      `(?:req\\.body|ctx\\.request\\.body|\\bbody|\\bdata|\\bpayload|\\bform|\\bfields|\\binput|\\bparams)\\??\\.${name}\\b(?!\\()`,
      'g',
    ),
    'body',
  ],
  [
    new RegExp(`\\b(?:body|data|payload|form|fields|input|params)(?:\\.get\\(|\\[)\\s*['"\`]${name}['"\`]`, 'g'),
    'body',
  ],
  [new RegExp(`(?:get_json\\([^)]{0,40}\\)|request\\.json)(?:\\.get\\(|\\[)\\s*['"]${name}['"]`, 'g'), 'body'],
  [
    /\{([^{}]{1,200})\}\s*=\s*(?:await\s+)?(?:req\.body|request\.body|body|data|payload|JSON\.parse\(|read\w*\(|parse\w*\(|json\w*\(|form\w*\(|Object\.fromEntries\()/g,
    'body',
  ],
]
const readsXml =
  /\betree\b|\bminidom\b|\bxml\.sax\b|\bmake_parser\b|\blxml\b|parseXml|parseXML|DOMParser|libxml|<!ENTITY|SYSTEM/
const readsRaw = /request\.(?:get_data\(|data\b|stream\b)|pickle\.loads?\(|yaml\.(?:load|unsafe_load|full_load)\(/
const notFields =
  /^(?:length|toString|get|on|once|pipe|then|catch|map|filter|forEach|push|join|split|trim|slice|concat|append|items|keys|values|end|write|id_token_hint|getAll|has|replace|includes|startsWith)$/
const ignored =
  /^(?:content-type|content-length|host|user-agent|origin|referer|cookie|authorization|accept|connection|session|sid|if-none-match)$/i

/** Names of a destructuring pattern, or the one name itself. */
function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((piece) =>
      piece
        .trim()
        .replace(/\s*[:=].*$/s, '')
        .replace(/^\.\.\..*$/, ''),
    )
    .filter((piece) => /^[\w.-]{1,60}$/.test(piece) && !notFields.test(piece))
}

function readsForm(code: string): boolean {
  return (
    /URLSearchParams\(|querystring|parse_qs|urlencoded|request\.form|parseForm|formBody|readForm/.test(code) &&
    !/JSON\.parse\(|get_json|request\.json|readJson/.test(code)
  )
}

function addressesIn(line: string): { readonly address: string }[] {
  if (!/path|url|case|route|GET|POST|PUT|PATCH|DELETE|=>|handle/i.test(line)) return []
  const addresses: string[] = []
  for (const [, address = ''] of line.matchAll(
    /(?:[!=]==?\s*|case\s+|\bGET |\bPOST |\bPUT |\bDELETE |\bPATCH )['"`]?(?:(?:GET|POST|PUT|PATCH|DELETE) )?(\/[\w./-]{0,80})['"`]/g,
  ))
    addresses.push(address)
  for (const [, prefix = ''] of line.matchAll(/(?:startsWith|startswith)\(\s*['"`](\/[\w./-]{1,80}\/)['"`]/g))
    addresses.push(`${prefix}:rest`)
  for (const [, pattern = ''] of line.matchAll(/\/\^((?:\\\/|\([^()]{1,40}\)|[\w.-])+)\$?\//g)) {
    const address = patternPath(pattern)
    if (address !== undefined) addresses.push(address)
  }
  return [...new Set(addresses)].map((address) => ({
    address: address.length > 1 ? address.replace(/\/$/, '') : address,
  }))
}

/** The path of a regular expression over paths: `\/notes\/(\d+)` → `/notes/:id`. */
function patternPath(pattern: string): string | undefined {
  let number = 0
  const path = pattern.replace(/\\\//g, '/').replace(/\(\??<?(\w*)>?[^()]*\)/g, (_, named: string) => {
    number += 1
    return `:${/^[a-z]\w*$/i.test(named) ? named : number === 1 ? 'id' : `id${number}`}`
  })
  return /^\/[\w./:-]*$/.test(path) ? path : undefined
}

function methodsIn(line: string, code: string): string[] {
  const verbs = /['"`](GET|POST|PUT|PATCH|DELETE)\b|\b(GET|POST|PUT|PATCH|DELETE) \//g
  const all = (text: string) => [...new Set([...text.matchAll(verbs)].map(([, one, two]) => one ?? two ?? 'GET'))]
  const here = all(line)
  if (here.length > 0) return here
  const inside = all(code)
  if (inside.length > 0) return inside
  return /req\.on\(['"]data|readBody|await body|JSON\.parse\(/.test(code) ? ['POST'] : ['GET']
}
