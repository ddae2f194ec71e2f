import type { RawFinding } from '#bench/findings'
import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import { asksForCode, plain } from './comments.ts'
import { findingOn, type View } from './view.ts'

/** Functions meant to be empty. */
const emptyOnPurpose =
  /no_?op$|^(?:dummy|ignore|identity|pass_?through|__\w+__|setUp|tearDown|setUpClass|tearDownClass|upgrade|downgrade|ready|debug|trace|log|constructor|ngOnInit|ngOnDestroy|componentDidMount)$/i
const saysWhy =
  /\b(?:intentional|deliberate|no-?op|nothing to|not needed|not required|required by|on purpose|by design|override|subclass|empty because|does nothing|ignored?|unused|only for|handled by|is set by|default)\b/i
const emptyDecorators =
  /(?:abstract|overload|\.group\b|\bgroup\(|callback|hookspec|hookimpl|fixture|\.setter|property|singledispatch|signature|stub|event\.listens|register\b|listens_for|validates)/i
const interfaces = /\b(?:Protocol|ABC|ABCMeta|TypedDict|NamedTuple|Enum|Interface)\b/
const notImplemented = /not[ _-]?(?:yet )?implemented|unimplemented|\bTODO\b|implement (?:me|this)|coming soon/i

/** Names defined again in a subclass somewhere in the app: the base's version is meant to be overridden. */
export interface Hierarchy {
  /** Names of classes something extends. */
  readonly bases: ReadonlySet<string>
}

export function hierarchyOf(views: readonly View[]): Hierarchy {
  const bases = new Set<string>()
  for (const { root } of views) {
    for (const node of root === undefined ? [] : nodesUnder(root)) {
      if (node.type === 'class_definition') {
        for (const base of fieldOf(node, 'superclasses')?.children ?? [])
          bases.add(textOf(base).split('.').at(-1) ?? '')
      }
      if (node.type === 'class_heritage') for (const match of textOf(node).matchAll(/\w+/g)) bases.add(match[0])
    }
  }
  return { bases }
}

/** Functions that do nothing, or only say that they do nothing. */
export function judgeStubs(view: View, hierarchy: Hierarchy): RawFinding[] {
  if (view.root === undefined || view.path.endsWith('.pyi') || view.path.endsWith('.d.ts')) return []
  return [...nodesUnder(view.root)].flatMap((node) =>
    view.grammar === 'python' ? pythonStub(view, node, hierarchy) : scriptStub(view, node, hierarchy),
  )
}

function pythonStub(view: View, node: CodeNode, { bases }: Hierarchy): RawFinding[] {
  const body = node.type === 'function_definition' ? fieldOf(node, 'body') : undefined
  const name = fieldOf(node, 'name')
  if (body === undefined || name === undefined || emptyOnPurpose.test(textOf(name))) return []
  const decorators =
    node.parent?.type === 'decorated_definition'
      ? node.parent.children.filter(({ type }) => type === 'decorator').map(textOf)
      : []
  if (decorators.some((decorator) => emptyDecorators.test(decorator) && !isRoute(decorator))) return []
  const owner = enclosing(node, 'class_definition')
  if (
    owner !== undefined &&
    (interfaces.test(textOf(fieldOf(owner, 'superclasses') ?? owner).slice(0, 300)) ||
      bases.has(textOf(fieldOf(owner, 'name') ?? owner)) ||
      /^(?:Base|Abstract)|(?:Base|Interface|Mixin|Protocol)$/.test(textOf(fieldOf(owner, 'name') ?? owner)))
  )
    return []
  if (enclosing(node, 'function_definition') !== undefined && owner === undefined) return []
  if (owner === undefined && isDefinedTwice(view, textOf(name))) return []
  const comments = commentsAround(node, body)
  if (comments.some((comment) => saysWhy.test(comment) && !asksForCode(comment))) return []
  const statements = body.children.filter(({ type }) => type !== 'comment')
  const isText = (statement: CodeNode) =>
    statement.type === 'expression_statement' && statement.children[0]?.type === 'string'
  const [first] = statements
  const docstring = first !== undefined && isText(first) ? textOf(first) : ''
  const rest = docstring === '' ? statements : statements.slice(1)
  if (saysWhy.test(docstring) && !asksForCode(plainDocstring(docstring))) return []
  // A method of a class that extends another may be empty on purpose: it overrides. Only words say otherwise.
  if (owner !== undefined && overrides(owner) && ![...comments, plainDocstring(docstring)].some(asksForCode)) return []
  const label = `${owner === undefined ? '' : `${textOf(fieldOf(owner, 'name') ?? owner)}.`}${textOf(name)}`
  const subject = { subject: label }
  if (rest.length === 0 && docstring !== '')
    return [findingOn(view, 'stub', first ?? node, `${label} has a description and no code.`, subject)]
  if (rest.length !== 1 || rest[0] === undefined) return []
  const only = rest[0]
  if (only.type === 'pass_statement' || textOf(only) === '...')
    return [findingOn(view, 'stub', node, `${label} does nothing.`, subject)]
  if (only.type === 'raise_statement' && /^raise\s+NotImplementedError\b/.test(textOf(only))) {
    return [findingOn(view, 'stub', only, `${label} raises NotImplementedError: whoever calls it fails.`, subject)]
  }
  if (
    only.type === 'return_statement' &&
    /^return(?:\s+(?:None|True|False|\{\}|\[\]|""|''))?$/.test(textOf(only)) &&
    [...comments, plainDocstring(docstring)].some(asksForCode)
  ) {
    return [
      findingOn(
        view,
        'stub',
        node,
        `${label} returns a fixed value where a comment asks for an implementation.`,
        subject,
      ),
    ]
  }
  return []
}

/** Platform variants: `if windows: def f(): … else: def f(): pass`. */
function isDefinedTwice(view: View, name: string): boolean {
  return view.text.split(new RegExp(`^\\s*(?:async\\s+)?def ${name}\\(`, 'm')).length > 2
}

/** Views answer requests with their methods; other classes that extend one may have hooks. */
function overrides(owner: CodeNode): boolean {
  const bases = fieldOf(owner, 'superclasses')?.children.map(textOf) ?? []
  return bases.some((base) => base !== 'object' && !base.includes('=') && !/(?:View|Resource|ViewSet)$/.test(base))
}

function isRoute(decorator: string): boolean {
  return /\.(?:route|get|post|put|patch|delete)\(/.test(decorator)
}

function plainDocstring(docstring: string): string {
  return docstring.replace(/^[rbuf]{0,2}["']{1,3}|["']{1,3}$/gi, '').trim()
}

function scriptStub(view: View, node: CodeNode, { bases }: Hierarchy): RawFinding[] {
  const isMethod = node.type === 'method_definition'
  const declared = node.type === 'function_declaration' || isMethod
  const assigned =
    node.parent?.type === 'variable_declarator' &&
    (node.type === 'arrow_function' || node.type === 'function_expression')
  const inline = !declared && !assigned && (node.type === 'arrow_function' || node.type === 'function_expression')
  const body = declared || assigned || inline ? fieldOf(node, 'body') : undefined
  if (body === undefined || body.type !== 'statement_block') return []
  const name = fieldOf(node, 'name') ?? (assigned ? fieldOf(node.parent, 'name') : undefined)
  const label = name === undefined ? 'The function' : textOf(name)
  if (name !== undefined && emptyOnPurpose.test(label)) return []
  const owner = enclosing(node, 'class_declaration') ?? enclosing(node, 'abstract_class_declaration')
  if (
    owner !== undefined &&
    isMethod &&
    (owner.type === 'abstract_class_declaration' ||
      bases.has(textOf(fieldOf(owner, 'name') ?? owner)) ||
      /^(?:Base|Abstract)/.test(textOf(fieldOf(owner, 'name') ?? owner)))
  )
    return []
  // `_` in front of a parameter says that it is ignored on purpose.
  if (/^\(\s*_\w*\s*[:,)]/.test(textOf(fieldOf(node, 'parameters') ?? body))) return []
  const comments = commentsAround(node, body)
  const statements = body.children.filter(({ type }) => type !== 'comment')
  const subject = name === undefined ? {} : { subject: label }
  if (
    statements.length === 1 &&
    statements[0]?.type === 'throw_statement' &&
    /^throw new \w*(?:Error|Exception)\(/.test(textOf(statements[0])) &&
    notImplemented.test(textOf(statements[0]))
  ) {
    return [findingOn(view, 'stub', statements[0], `${label} only throws that it is not implemented.`, subject)]
  }
  // An empty function handed over or assigned is often a deliberate default; only its comment can say otherwise.
  const asked = comments.some(
    (comment) => comment !== '' && (asksForCode(comment) || (statements.length === 0 && describesWork(comment))),
  )
  if (statements.length === 0 && name !== undefined && (asked || (declared && !isMethod && comments.length === 0))) {
    return [findingOn(view, 'stub', node, `${label} does nothing.`, subject)]
  }
  const [only] = statements
  if (
    statements.length === 1 &&
    only?.type === 'return_statement' &&
    asked &&
    /^return(?: (?:null|undefined|true|false|\[\]|\{\}|''|""))?;?$/.test(textOf(only))
  ) {
    return [
      findingOn(
        view,
        'stub',
        node,
        `${label} returns a fixed value where a comment asks for an implementation.`,
        subject,
      ),
    ]
  }
  return []
}

/** `// copy the link to the clipboard`: a comment that begins with what should be done. */
function describesWork(comment: string): boolean {
  return (
    /^(?:copy|handle|send|save|load|fetch|open|show|call|update|add|create|delete|remove|export|import|generate|submit|validate|navigate|redirect|log ?in|log ?out|upload|download|share|toggle|filter|search|sort|get|set|check|process|render|play|stop|start|connect|implement|perform|logic)\b/i.test(
      comment,
    ) && !saysWhy.test(comment)
  )
}

/** Comments in a body, and those tree-sitter puts before it (a body that has nothing else). */
function commentsAround(node: CodeNode, body: CodeNode): string[] {
  return [...node.children, ...body.children]
    .filter(({ type }) => type === 'comment')
    .map((comment) => plain(textOf(comment)))
}

function enclosing(node: CodeNode, type: string): CodeNode | undefined {
  let at = node.parent
  while (at !== undefined && at.type !== type) at = at.parent
  return at
}
