import type { SyntaxNode } from '#bench/syntax'
import type { Scope, Source } from '../patterns/source.ts'
import { operandsOf, parametersOf, partsOf, resolve, scopesAround } from '../patterns/values.ts'

const request =
  /^(?:flask\.)?(?:self\.)?request\.(?:args|form|values|json|data|cookies|headers|files|view_args|query_params|path_params|GET|POST|COOKIES|META|body|query_string|get_json|get_data|match_info)\b/
const routeDecorator = /\.(?:route|get|post|put|patch|delete|api_route)\s*\(/

/** Calls whose result still carries what went in. */
const transparent = new Set([
  'str',
  'join',
  'strip',
  'lower',
  'upper',
  'get',
  'getlist',
  'decode',
  'encode',
  'unquote',
  'format',
  'replace',
  'get_json',
  'urljoin',
  'b64decode',
  'Path',
  'PurePath',
  'json',
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
 * Whether a Python expression carries data of the HTTP request in the same expression or function: `request.args['u']`,
 * a parameter of a route function, names bound to these, joins and formats of them. Anything run through an unknown
 * function does not.
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
      return partsOf(node).some(next)
    case 'attribute':
    case 'subscript': {
      if (request.test(node.text)) return true
      if (/\.(?:length|size|id|user|ip)$/.test(node.text)) return false
      return next(node.childForFieldName('object') ?? node.childForFieldName('value'))
    }
    case 'call': {
      const callee = node.childForFieldName('function')
      if (callee === null) return false
      if (request.test(callee.text)) return true
      if (!transparent.has(/\w*$/.exec(callee.text)?.[0] ?? '')) return false
      return next(callee) || (node.childForFieldName('arguments')?.namedChildren.some(next) ?? false)
    }
    case 'identifier':
      return nameCarries(node, source, next)
    case 'binary_operator':
    case 'boolean_operator':
      return operandsOf(node).some(next)
    case 'concatenated_string':
    case 'parenthesized_expression':
    case 'conditional_expression':
    case 'await':
    case 'keyword_argument':
    case 'list':
    case 'tuple':
    case 'list_splat':
    case 'dictionary_splat':
      return node.namedChildren.some(next)
    default:
      return false
  }
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
