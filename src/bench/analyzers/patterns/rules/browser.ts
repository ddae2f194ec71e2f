import type { SyntaxNode } from '#bench/syntax'
import { isConstant } from '../constants.ts'
import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Element, Source } from '../source.ts'
import { operandsOf, partsOf, positional, resolve } from '../values.ts'

/** Rules about HTML written by scripts and links that open windows. */
export const browserRules: readonly PatternRule[] = [
  {
    id: 'raw-html',
    title: 'Text inserted as HTML without sanitising',
    category: 'security',
    severity: 'medium',
    confidence: 'medium',
    cwe: [79],
    defect: 'raw-html',
    why: 'If the text ever comes from a user, it can carry a script that acts in the reader’s session.',
    fix: 'Insert it as text (textContent, {value}), or pass it through DOMPurify.sanitize first.',
    python: [
      {
        on: 'call',
        names: ['markupsafe.Markup', 'flask.Markup', 'django.utils.safestring.mark_safe', 'mark_safe', 'Markup'],
        match: markedSafe,
      },
    ],
    javascript: [
      { on: 'binding', name: /^__html$/, match: reactHtml },
      { on: 'binding', name: /^(?:innerHTML|outerHTML)$/, match: elementHtml },
      {
        on: 'call',
        names: ['*.insertAdjacentHTML', 'document.write', 'document.writeln', '*.createContextualFragment'],
        match: writtenHtml,
      },
    ],
  },
  {
    id: 'target-blank-opener',
    title: 'Link opens a window that can reach back',
    category: 'security',
    severity: 'low',
    confidence: 'medium',
    cwe: [1022],
    defect: 'target-blank-opener',
    why: 'In older browsers the opened page can send this one elsewhere through window.opener, for example to a copy of the login page.',
    fix: 'Add rel="noopener noreferrer".',
    javascript: [{ on: 'element', match: blankTarget }],
  },
]

const address =
  /(?:URLSearchParams\([^)]{0,80}\)|\b(?:searchParams|urlParams|params|query(?:Params)?))\.get\(|\blocation\.(?:hash|search)\b|\bevent\.data\b|\be\.data\b|\bdocument\.referrer\b/

/** Whether an expression carries what the link to the page, or a message from another page, says. */
function carriesAddress(node: SyntaxNode, source: Source, depth = 0): boolean {
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

/** Functions whose result is safe as HTML, by the names libraries and projects give them. */
const sanitiser =
  /(?:^|\.)(?:sanitize\w*|purify\w*|escape\w*|encode\w*|clean\w*|esc|html_?escape|safe\w*|xss|h|bleach|t|i18n)$|dompurify|sanitize|escapeHtml|bleach\.clean|DOMPurify/i
/** Functions that make numbers, dates and other text without angle brackets. */
const plainText =
  /(?:^|\.)(?:toFixed|toLocaleString|toLocaleDateString|toLocaleTimeString|toISOString|round|floor|ceil|getFullYear|encodeURIComponent|Number|parseInt|length|getTime|min|max|abs)$/

/** Whether a piece of HTML holds nothing that could carry markup: constants, sanitised text, numbers, lists of such. */
function isSafeHtml(node: SyntaxNode | null | undefined, source: Source, depth = 0): boolean {
  if (node === null || node === undefined || depth > 8) return false
  const next = (child: SyntaxNode | null | undefined): boolean => isSafeHtml(child, source, depth + 1)
  if (isConstant(node, source)) return true
  switch (node.type) {
    case 'string':
    case 'template_string':
      return partsOf(node).every(next)
    case 'binary_operator':
    case 'binary_expression': {
      const operator = node.childForFieldName('operator')?.text ?? ''
      return operator !== '+' && operator !== '||' && operator !== '??' && operator !== '&&' && operator !== '%'
        ? true
        : operandsOf(node).every(next)
    }
    case 'ternary_expression':
      return next(node.childForFieldName('consequence')) && next(node.childForFieldName('alternative'))
    case 'conditional_expression':
      return next(node.namedChild(0)) && next(node.namedChild(2))
    case 'parenthesized_expression':
    case 'as_expression':
    case 'await_expression':
      return next(node.namedChild(0))
    case 'update_expression':
      return true
    case 'call':
    case 'call_expression':
      return isSafeCall(node, next)
    case 'member_expression':
      return /\.(?:length|innerHTML|outerHTML|size|index|count|id)$/.test(node.text)
    case 'identifier': {
      const name = node.text
      if (/^(?:i|j|n|idx|index|count|total|sanitized\w*|safe\w*|clean\w*|escaped\w*)$/i.test(name)) return true
      const { bindings } = resolve(name, node, source)
      return (
        bindings.length > 0 && bindings.slice(0, 10).every((binding) => binding.target === name && next(binding.value))
      )
    }
    default:
      return false
  }
}

function isSafeCall(node: SyntaxNode, next: (child: SyntaxNode | null | undefined) => boolean): boolean {
  const callee = node.childForFieldName('function')
  const first = node.childForFieldName('arguments')?.namedChild(0)
  if (callee === null) return false
  const name = callee.text
  const shortName = name.length > 120 ? `.${/[\w$]*$/.exec(name)?.[0] ?? ''}` : name
  if (sanitiser.test(shortName) || plainText.test(shortName)) return true
  const method = callee.childForFieldName('property')?.text
  const receiver = callee.childForFieldName('object')
  if (method === 'join' || method === 'trim') return next(receiver)
  if (method === 'map') return first?.type === 'arrow_function' && next(bodyOf(first))
  return method === 'useMemo' || name === 'useMemo' ? first?.type === 'arrow_function' && next(bodyOf(first)) : false
}

/** The expression an arrow function gives: its body, or what its only return statement returns. */
function bodyOf(arrow: SyntaxNode): SyntaxNode | null {
  const body = arrow.childForFieldName('body')
  if (body?.type !== 'statement_block') return body
  const returns = body.namedChildren.filter((child) => child.type === 'return_statement')
  return returns.length === 1 ? (returns[0]?.namedChild(0) ?? null) : null
}

function shown(node: SyntaxNode): string {
  return `\`${node.text.slice(0, 80).replace(/\s+/g, ' ')}\``
}

function reactHtml(binding: Binding, source: Source): Hit | undefined {
  if (isSafeHtml(binding.value, source) || /^JSON\.stringify\(/.test(binding.value.text)) return undefined
  const element = elementAround(binding.node)
  if (element !== undefined && /^(?:style|script)$/.test(element)) return undefined
  return { node: binding.node, message: `${shown(binding.value)} is inserted as HTML.` }
}

function elementAround(node: SyntaxNode): string | undefined {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (parent.type === 'jsx_opening_element' || parent.type === 'jsx_self_closing_element')
      return parent.childForFieldName('name')?.text
  }
  return undefined
}

function elementHtml(binding: Binding, source: Source): Hit | undefined {
  if (!binding.target.includes('.') || isSafeHtml(binding.value, source)) return undefined
  return {
    node: binding.node,
    message: `${shown(binding.value)} is inserted as HTML by \`${binding.name}\`.`,
    subject: binding.target,
    ...(carriesAddress(binding.value, source) ? { severity: 'high' as const, confidence: 'high' as const } : {}),
  }
}

function writtenHtml(call: Call, source: Source): Hit | undefined {
  const html = positional(call).at(-1)
  if (html === undefined) return undefined
  if (
    call.method.startsWith('write') ? isConstant(html, source) || sanitiser.test(html.text) : isSafeHtml(html, source)
  )
    return undefined
  return { node: call.node, message: `${shown(html)} is inserted as HTML by \`${call.method}\`.` }
}

function markedSafe(call: Call, source: Source): Hit | undefined {
  const html = positional(call)[0]
  if (html === undefined || isSafeHtml(html, source)) return undefined
  return {
    node: call.node,
    message: `${shown(html)} is marked as safe HTML.`,
    fix: 'Use format_html (Django) or Markup("…{}").format(value), which escape the values.',
  }
}

function blankTarget(element: Element): Hit | undefined {
  if (element.name !== 'a' && element.name !== 'area' && element.name !== 'Link') return undefined
  let blank = false
  let rel: string | undefined
  let href = ''
  for (const child of element.node.namedChildren) {
    if (child.type === 'jsx_expression') return undefined
    if (child.type !== 'jsx_attribute') continue
    const name = child.namedChild(0)?.text
    const value = child.namedChild(1)?.text ?? ''
    if (name === 'target') blank = /^\{?["'`]_blank["'`]\}?$/.test(value)
    else if (name === 'rel') rel = value
    else if (name === 'href') href = value
  }
  if (!blank || (rel !== undefined && (/noopener|noreferrer/.test(rel) || rel.startsWith('{')))) return undefined
  if (!/^["'{`]*https?:|^["']\/\/|^\{/.test(href) || /^\{[`"']\//.test(href)) return undefined
  return { node: element.node, message: `The link to ${href.slice(0, 80)} has target="_blank" without rel="noopener".` }
}
