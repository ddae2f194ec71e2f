import type { SyntaxNode } from '#bench/syntax'
import { carriesRequest, isValidated } from '../request-data.ts'
import type { Hit, PatternRule } from '../rule.ts'
import type { Call, Source } from '../source.ts'
import { keyword, objectOf, partsOf, positional, property, resolve, scopesAround } from '../values.ts'

/** Rules about request data that goes straight into a path, an address, a redirect or a page. */
export const requestRules: readonly PatternRule[] = [
  {
    id: 'open-redirect',
    title: 'Redirect to an address taken from the request',
    category: 'security',
    severity: 'medium',
    confidence: 'high',
    cwe: [601],
    defect: 'open-redirect',
    why: 'A link to your site sends its visitors on to an attacker’s page, which looks trustworthy because the link was yours.',
    fix: 'Redirect only to paths of your own: check that the target starts with a single `/`, or look it up in a fixed list.',
    python: [
      {
        on: 'call',
        names: [
          'flask.redirect',
          'redirect',
          'django.shortcuts.redirect',
          '*.RedirectResponse',
          '*.HttpResponseRedirect',
        ],
        match: redirected,
      },
    ],
    javascript: [{ on: 'call', names: ['*.redirect'], match: redirected }],
  },
  {
    id: 'path-from-request',
    title: 'File path taken from the request',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [22],
    defect: 'path-traversal',
    why: 'A name such as `../../etc/passwd` reads or overwrites files outside the folder that was meant.',
    fix: 'Use send_from_directory or secure_filename (Flask), path.basename or the `root` option of sendFile (Express), and check that the resolved path stays inside the folder.',
    python: [
      {
        on: 'call',
        names: [
          'open',
          'flask.send_file',
          'send_file',
          '*.FileResponse',
          '*.save',
          'os.remove',
          'os.unlink',
          'shutil.rmtree',
          'os.listdir',
          '*.read_text',
          '*.read_bytes',
        ],
        match: pathFromRequest,
      },
    ],
    javascript: [
      {
        on: 'call',
        names: [
          '*.sendFile',
          '*.sendfile',
          '*.download',
          'fs.readFile',
          'fs.readFileSync',
          'fs.createReadStream',
          'fs.writeFile',
          'fs.writeFileSync',
          'fs.unlink',
          'fs.unlinkSync',
          'fs.promises.readFile',
          'fs/promises.readFile',
          'fs/promises.unlink',
          'fs/promises.writeFile',
          'fs.readdir',
          'fs.rm',
          'fs.rmSync',
        ],
        match: pathFromRequest,
      },
    ],
  },
  {
    id: 'address-from-request',
    title: 'Server fetches an address taken from the request',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [918],
    defect: 'ssrf',
    why: 'A client makes the server call addresses only it can reach: internal services, cloud metadata with credentials.',
    fix: 'Allow only listed hosts over https, and refuse private addresses after resolving the name.',
    python: [
      {
        on: 'call',
        names: [
          'requests.get',
          'requests.post',
          'requests.put',
          'requests.delete',
          'requests.head',
          'requests.request',
          'httpx.get',
          'httpx.post',
          'httpx.stream',
          'urllib.request.urlopen',
          'urllib.request.urlretrieve',
          'urlopen',
        ],
        match: fetched,
      },
    ],
    javascript: [
      {
        on: 'call',
        names: [
          'fetch',
          'axios',
          'axios.get',
          'axios.post',
          'axios.request',
          'node-fetch',
          'got',
          'got.get',
          'http.get',
          'https.get',
          'request.get',
          'request',
          'request.post',
          'needle',
          'needle.get',
          'superagent.get',
          'undici.request',
          'undici.fetch',
        ],
        match: fetched,
      },
    ],
  },
  {
    id: 'html-from-request',
    title: 'Request data written into an HTML answer',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [79],
    defect: 'xss',
    why: 'A link with a script in it runs that script in the visitor’s session.',
    fix: 'Render a template that escapes (render_template, a view engine), or escape the value (markupsafe.escape).',
    python: [
      { on: 'return', match: htmlReturned },
      {
        on: 'call',
        names: ['flask.make_response', 'make_response', '*.HttpResponse', '*.HTMLResponse'],
        match: htmlAnswered,
      },
    ],
    javascript: [{ on: 'call', names: ['*.send', '*.end', '*.write'], match: htmlAnswered }],
  },
]

function shown(node: SyntaxNode): string {
  return `\`${node.text.slice(0, 80).replace(/\s+/g, ' ')}\``
}

/** Whether the beginning of the text, the part that decides the host or folder, is not fixed. */
function startsFree(node: SyntaxNode): boolean {
  if (node.type === 'binary_operator' || node.type === 'binary_expression') {
    const left = node.namedChild(0)
    return left === null || (left.type !== 'string' && startsFree(left))
  }
  if (node.type !== 'string' && node.type !== 'template_string') return true
  const first = partsOf(node)[0]
  if (first === undefined) return false
  const before = node.text.slice(0, first.startIndex - node.startIndex)
  return (
    !/[a-z0-9.-]+\/|^[fF]?["'`]\/(?!\/)/i.test(before.replace(/^[^"'`]*["'`]+(?:https?:\/\/)?/i, '')) &&
    !/^[fF]?["'`]\/[^/]/.test(before)
  )
}

function redirected(call: Call, source: Source): Hit | undefined {
  if (source.family === 'javascript' && !/^(?:res|response|reply|ctx|c|NextResponse)\b/.test(call.callee.text))
    return undefined
  const target = positional(call).at(-1) ?? keyword(call, 'url') ?? keyword(call, 'location')
  if (target === undefined || /^(?:flask\.)?(?:url_for|reverse)\(/.test(target.text)) return undefined
  if (!startsFree(target) || !isFree(target, source) || asksValidator(call, source)) return undefined
  return { node: call.node, message: `The client decides where ${shown(target)} leads.` }
}

/** Functions whose name says that they judge addresses, Django's among them, asked before in the function. */
const addressValidator =
  /\b(?:url_has_allowed_host_and_scheme|is_?safe_?(?:url|redirect)\w*|is_?allowed_?(?:url|redirect)\w*)\(/i

function asksValidator(call: Call, source: Source): boolean {
  const scope = scopesAround(call.node, source)[0]
  return addressValidator.test(
    source.text.slice(Math.max(scope?.start ?? 0, call.node.startIndex - 20_000), call.node.startIndex),
  )
}

function isFree(node: SyntaxNode, source: Source): boolean {
  return carriesRequest(node, source) && !isValidated(node, source)
}

function pathFromRequest(call: Call, source: Source): Hit | undefined {
  const given =
    call.method === 'read_text' || call.method === 'read_bytes'
      ? call.callee.childForFieldName('object')
      : positional(call)[0]
  const path = given ?? keyword(call, 'path')
  if (!path || (call.method === 'save' && !isUpload(call, source))) return undefined
  if (call.method === 'sendFile' || call.method === 'download') {
    if (!/^(?:res|response|reply)\b/.test(call.callee.text)) return undefined
    const options = objectOf(positional(call)[1], source)
    if (options !== undefined && property(options, 'root').value !== undefined) return undefined
  }
  if (!isFree(path, source) && !(call.method === 'save' && namesUpload(path, source))) return undefined
  if (/secure_filename|basename|safe_join|\)\.name\b|sanitize/.test(path.text)) return undefined
  return { node: builtPath(path, source), message: `The client decides which file ${shown(path)} is.` }
}

/** Where a path is put together: the value of the one variable that holds it, or the path itself. */
function builtPath(path: SyntaxNode, source: Source): SyntaxNode {
  if (path.type !== 'identifier') return path
  const { bindings } = resolve(path.text, path, source)
  const only = bindings.length === 1 ? bindings[0] : undefined
  return only !== undefined && only.target === path.text && /call|binary|string/.test(only.value.type)
    ? only.value
    : path
}

function isUpload(call: Call, source: Source): boolean {
  return /^\w*(?:file|upload|image|photo|avatar|f)\.save$/i.test(call.callee.text) && /request\.files/.test(source.text)
}

/** `os.path.join(folder, file.filename)`, directly or through one name. */
function namesUpload(path: SyntaxNode, source: Source): boolean {
  const own = path.type === 'identifier' ? (source.variables.get(path.text)?.[0]?.value.text ?? '') : path.text
  return /\.filename\b/.test(own) && !/secure_filename|basename|uuid|splitext|rsplit/.test(own)
}

function fetched(call: Call, source: Source): Hit | undefined {
  if (source.family === 'javascript' && !isServer(source)) return undefined
  const arguments_ = positional(call)
  const address =
    (call.method === 'request' && source.family === 'python' ? arguments_[1] : arguments_[0]) ?? keyword(call, 'url')
  if (address === undefined) return undefined
  const object = objectOf(address, source)
  const url = object === undefined ? address : property(object, 'url').value
  if (url === undefined || !startsFree(url) || !isFree(url, source)) return undefined
  return { node: call.node, message: `The client decides which address ${shown(url)} is.` }
}

function isServer(source: Source): boolean {
  return (
    /\b(?:express|fastify|koa|hapi|next|http|hono|@nestjs)\b/.test([...source.imports.values()].join(' ')) ||
    /\/api\//.test(source.path) ||
    /\breq\b.{0,40}\bres\b/.test(source.text)
  )
}

const markup = /<[a-z!/][^>]*>|<[a-z][a-z0-9]*\b/i

function htmlReturned(value: SyntaxNode, source: Source): Hit | undefined {
  if (
    value.type === 'call' ||
    !/^(?:string|binary_operator|concatenated_string|call|tuple|expression_list|parenthesized_expression)$/.test(
      value.type,
    )
  )
    return undefined
  return htmlFrom(
    value.type === 'expression_list' || value.type === 'tuple' ? (value.namedChild(0) ?? value) : value,
    source,
  )
}

function htmlAnswered(call: Call, source: Source): Hit | undefined {
  if (source.family === 'javascript' && !/^(?:res|response|reply)\b/.test(call.callee.text)) return undefined
  const body = positional(call)[0]
  return body === undefined ? undefined : htmlFrom(body, source)
}

function htmlFrom(node: SyntaxNode, source: Source): Hit | undefined {
  if (node.endIndex - node.startIndex > 5000 || !/string|binary|concatenated|parenthesized/.test(node.type))
    return undefined
  if (!markup.test(node.text) || /\bescape\w*\(|sanitize|encodeURIComponent|\bxss\(|html\.escape/.test(node.text))
    return undefined
  return isFree(node, source) ? { node, message: `Request data is put into HTML by ${shown(node)}.` } : undefined
}
