import type { SyntaxNode } from '#bench/syntax'
import { isCheckedAgainstList } from './constants.ts'
import type { Scope, Source } from './source.ts'
import { operandsOf, parametersOf, partsOf, resolve, scopesAround } from './values.ts'

const requestPython =
  /^(?:flask\.)?(?:self\.)?request\.(?:args|form|values|json|data|cookies|headers|files|view_args|query_params|path_params|GET|POST|COOKIES|META|body|query_string|get_json|get_data|match_info)\b/
const requestScript =
  /^(?:req|request|ctx|context|ctx\.request|c\.req)\.(?:query|body|params|headers|cookies|files?|url|originalUrl|nextUrl)\b/
const routeDecorator = /\.(?:route|get|post|put|patch|delete|api_route)\s*\(|^@(?:Get|Post|Put|Delete|Patch)\b/

/** Calls whose result still carries what went in. */
const transparent = new Set([
  'str',
  'String',
  'join',
  'resolve',
  'strip',
  'trim',
  'lower',
  'upper',
  'toLowerCase',
  'toUpperCase',
  'toString',
  'get',
  'getlist',
  'decode',
  'encode',
  'unquote',
  'decodeURIComponent',
  'decodeURI',
  'format',
  'replace',
  'concat',
  'get_json',
  'urljoin',
  'b64decode',
  'Path',
  'PurePath',
  'json',
  'fromEntries',
  'parse',
  'loads',
  'safe_load',
  'fromstring',
  'findall',
  'split',
  'splitlines',
])

/** How far names are followed to what they are bound to. */
const depthLimit = 12

/**
 * Whether an expression carries data of the HTTP request in the same expression or function: `request.args['u']`,
 * `req.query.u`, a parameter of a route function, names bound to these, joins and formats of them.
 * Anything run through an unknown function does not.
 */
export function carriesRequest(node: SyntaxNode | null | undefined, source: Source): boolean {
  return carries(node, source, 0, new Set())
}

/** `seen` keeps names that are bound to each other from being followed more than once. */
function carries(node: SyntaxNode | null | undefined, source: Source, depth: number, seen: Set<number>): boolean {
  if (node === null || node === undefined || depth > depthLimit || seen.has(node.id)) return false
  seen.add(node.id)
  const next = (child: SyntaxNode | null | undefined): boolean => carries(child, source, depth + 1, seen)
  switch (node.type) {
    case 'string':
    case 'template_string':
      return partsOf(node).some(next)
    case 'attribute':
    case 'member_expression':
    case 'subscript':
    case 'subscript_expression': {
      const text = node.text
      if ((source.family === 'python' ? requestPython : requestScript).test(text)) return true
      if (/\.(?:length|size|id|user|ip)$/.test(text)) return false
      return next(node.childForFieldName('object') ?? node.childForFieldName('value'))
    }
    case 'call':
    case 'call_expression': {
      const callee = node.childForFieldName('function')
      if (callee === null) return false
      if (source.family === 'python' && requestPython.test(callee.text)) return true
      const last = /[\w$]*$/.exec(callee.text)?.[0] ?? ''
      if (!transparent.has(last)) return false
      return next(callee) || (node.childForFieldName('arguments')?.namedChildren.some(next) ?? false)
    }
    case 'identifier':
    case 'shorthand_property_identifier':
      return nameCarries(node, source, next)
    case 'binary_operator':
    case 'binary_expression':
    case 'boolean_operator':
      return operandsOf(node).some(next)
    case 'concatenated_string':
    case 'parenthesized_expression':
    case 'conditional_expression':
    case 'ternary_expression':
    case 'await':
    case 'await_expression':
    case 'as_expression':
    case 'non_null_expression':
    case 'keyword_argument':
    case 'list':
    case 'array':
    case 'tuple':
    case 'spread_element':
    case 'list_splat':
    case 'dictionary_splat':
      return node.namedChildren.some(next)
    default:
      return false
  }
}

const address =
  /(?:URLSearchParams\([^)]{0,80}\)|\b(?:searchParams|urlParams|params|query(?:Params)?))\.get\(|\blocation\.(?:hash|search)\b|\bevent\.data\b|\be\.data\b|\bdocument\.referrer\b/

/** Whether an expression carries what the link to the page, or a message from another page, says. */
export function carriesAddress(node: SyntaxNode, source: Source, depth = 0): boolean {
  if (node.endIndex - node.startIndex < 500 && address.test(node.text))
    return !/\b(?:sanitize|escape|encode)\w*\(/i.test(node.text)
  if (node.type === 'binary_expression' || node.type === 'template_substitution' || node.type === 'template_string') {
    return depth < 6 && node.namedChildren.some((child) => carriesAddress(child, source, depth + 1))
  }
  if (node.type !== 'identifier' || depth > 3) return false
  return resolve(node.text, node, source).bindings.some(
    ({ target, value }) =>
      target === node.text && !/function|arrow/.test(value.type) && carriesAddress(value, source, depth + 1),
  )
}

function nameCarries(node: SyntaxNode, source: Source, next: (value: SyntaxNode) => boolean): boolean {
  const name = node.text
  const { bindings, parameter } = resolve(name, node, source)
  if (parameter && bindings.length === 0) {
    const scope = scopesAround(node, source)[0]
    return scope !== undefined && isRouteParameter(name, scope)
  }
  return bindings.slice(0, 10).some((binding) => next(binding.value))
}

/** A text parameter of a function decorated as a route (Flask path segments, FastAPI query and path parameters). */
function isRouteParameter(name: string, scope: Scope): boolean {
  const parent = scope.node.parent
  if (parent?.type !== 'decorated_definition' || /^(?:self|cls|request|db|session)$/.test(name)) return false
  const decorators = parent.text.slice(0, Math.max(0, scope.start - parent.startIndex))
  if (!routeDecorator.test(decorators)) return false
  if (new RegExp(`<(?:int|float|uuid):${name}>`).test(decorators)) return false
  const declared = new RegExp(`\\b${name}\\s*:\\s*([^,=)]+)`).exec(parametersOf(scope))?.[1]
  return declared === undefined || /^\s*(?:Optional\[)?str\b/.test(declared)
}

/** Names an expression rests on: `url`, and what it is bound to. */
function namesOf(node: SyntaxNode): string[] {
  return [...new Set(node.text.slice(0, 300).match(/(?<![.\w$])[A-Za-z_$][\w$]*/g) ?? [])]
}

/**
 * Whether the function tests the value before using it: a condition that calls something with it, asks how it starts,
 * or looks it up. A mere "is it there" is no test.
 */
export function isValidated(node: SyntaxNode, source: Source): boolean {
  const scope = scopesAround(node, source).at(-1)
  if (scope === undefined) return false
  const before = source.text.slice(Math.max(scope.start, node.endIndex - 20_000), node.endIndex)
  for (const name of namesOf(node)) {
    if (name === 'request' || name === 'req') continue
    if (isCheckedAgainstList(name, node, source)) return true
    const quoted = name.replaceAll('$', '\\$')
    const tested = new RegExp(
      `(?<=[\\w$])(?<!\\b(?:if|elif|and|or|not|in|\\w*[eE]xists\\w*|isfile|isdir|\\w*[sS]tat(?:Sync)?|access(?:Sync)?|len|typeof|isinstance|Boolean|String|log|print))\\([^()\\n]{0,120}(?<![\\w.$])${quoted}\\b|(?<![\\w.$])${quoted}\\.(?:startswith|startsWith|match|endswith|endsWith)\\b`,
    )
    if (conditionsIn(before).some((condition) => tested.test(condition))) return true
  }
  return false
}

/** The conditions of a piece of code, line by line: what follows `if`, what stands before `?`. */
function conditionsIn(code: string): string[] {
  const conditions: string[] = []
  for (const line of code.split('\n')) {
    if (line.length > 500) continue
    const branch = /\b(?:if|elif|assert)\b(.*)/.exec(line)?.[1]
    if (branch !== undefined) conditions.push(insideParentheses(branch))
    const ternary = /^(.*?)\?(?![.?])/.exec(line)?.[1]
    if (ternary !== undefined) conditions.push(ternary)
  }
  return conditions
}

/** `(a(b)) { c(d) }` without what follows the closing parenthesis; Python conditions as they are. */
function insideParentheses(condition: string): string {
  if (!condition.trimStart().startsWith('(')) return condition
  let depth = 0
  for (let index = 0; index < condition.length; index++) {
    if (condition[index] === '(') depth += 1
    else if (condition[index] === ')' && --depth === 0) return condition.slice(0, index + 1)
  }
  return condition
}
