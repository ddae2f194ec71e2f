import { parse, query, type SyntaxLanguage, type SyntaxNode, type SyntaxSource } from '#bench/syntax'
import { importsOf } from './imports.ts'
import { queryOf } from './queries.ts'
import { lastName, namesIn } from './targets.ts'

export type Family = 'python' | 'javascript'

/** `f(x)` or `new F(x)`. */
export interface Call {
  readonly node: SyntaxNode
  /** Qualified through imports: `hashlib.md5`; `?.execute` when the receiver is not a plain dotted name. */
  readonly name: string
  /** The last part of the name. */
  readonly method: string
  readonly callee: SyntaxNode
  readonly arguments: SyntaxNode
}

/** A name given a value: assignment, declaration, keyword argument, dictionary entry, default of a parameter, loop variable. */
export interface Binding {
  readonly kind: 'assignment' | 'augmented' | 'keyword' | 'entry' | 'default' | 'loop'
  readonly node: SyntaxNode
  /** The text of what is bound: `app.config["DEBUG"]`. */
  readonly target: string
  /** Its last part: `DEBUG`; empty for patterns of several names. */
  readonly name: string
  readonly value: SyntaxNode
}

/** A JSX element. */
export interface Element {
  readonly node: SyntaxNode
  readonly name: string
}

/** A function's extent in the text. */
export interface Scope {
  readonly node: SyntaxNode
  readonly start: number
  readonly end: number
}

/** One parsed file with what the rules ask about. */
export interface Source {
  readonly path: string
  readonly family: Family
  readonly language: SyntaxLanguage
  readonly text: string
  readonly root: SyntaxNode
  /** Local name → qualified name: `cp` → `child_process`, `md5` → `hashlib.md5`. */
  readonly imports: ReadonlyMap<string, string>
  readonly calls: readonly Call[]
  readonly bindings: readonly Binding[]
  readonly elements: readonly Element[]
  /** Functions by start. */
  readonly scopes: readonly Scope[]
  /** Bindings by each name they bind as a plain variable. */
  readonly variables: ReadonlyMap<string, readonly Binding[]>
}

const bindingKinds: ReadonlySet<string> = new Set<Binding['kind']>([
  'assignment',
  'augmented',
  'keyword',
  'entry',
  'default',
  'loop',
])

/** Parses a file and gathers calls, bindings and elements in one query. */
export async function readSource(path: string, code: SyntaxSource, digest?: string): Promise<Source> {
  const { language, text } = code
  const family: Family = language === 'python' ? 'python' : 'javascript'
  const tree = await parse(language, text, code.embedded && digest !== undefined ? `${digest} scripts` : digest)
  const root = tree.rootNode
  const calls: Call[] = []
  const bindings: Binding[] = []
  const elements: Element[] = []
  const scopes: Scope[] = []
  const importNodes: SyntaxNode[] = []
  const textOf = (node: SyntaxNode): string => text.slice(node.startIndex, node.endIndex)

  for (const { captures } of query(tree, queryOf(language)).matches(root)) {
    const first = captures[0]
    const second = captures[1]?.node
    const third = captures[2]?.node
    if (first === undefined) continue
    const { name: kind, node } = first
    if ((kind === 'call' || kind === 'new') && second !== undefined && third !== undefined) {
      const name = dotted(textOf(second))
      calls.push({ node, name, method: afterLastDot(name), callee: second, arguments: third })
    } else if (isBindingKind(kind) && second !== undefined && third !== undefined) {
      const target = textOf(second)
      bindings.push({ kind, node, target, name: lastName(target), value: third })
    } else if (kind === 'element' && second !== undefined) elements.push({ node, name: textOf(second) })
    else if (kind === 'scope') scopes.push({ node, start: node.startIndex, end: node.endIndex })
    else if (kind === 'import') importNodes.push(node)
  }
  scopes.sort((a, b) => a.start - b.start || b.end - a.end)
  const imports = importsOf(family, importNodes.map(textOf), bindings, textOf)
  return {
    path,
    family,
    language,
    text,
    root,
    imports,
    calls: calls.map((call) => qualified(call, imports)),
    bindings,
    elements,
    scopes,
    variables: variablesOf(bindings),
  }
}

function isBindingKind(kind: string): kind is Binding['kind'] {
  return bindingKinds.has(kind)
}

/** The callee as a dotted name; what stands before the last dot is `?` unless it is dotted itself. */
function dotted(callee: string): string {
  const plain = callee.includes('?.') ? callee.replaceAll('?.', '.') : callee
  if (/^[\w$.]+$/.test(plain)) return plain
  return `?.${/([\w$]+)$/.exec(plain)?.[1] ?? ''}`
}

function afterLastDot(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function qualified(call: Call, imports: ReadonlyMap<string, string>): Call {
  const dot = call.name.indexOf('.')
  const imported = imports.get(dot < 0 ? call.name : call.name.slice(0, dot))
  if (imported === undefined) return call
  const name = dot < 0 ? imported : imported + call.name.slice(dot)
  return { ...call, name, method: afterLastDot(name) }
}

function variablesOf(bindings: readonly Binding[]): Map<string, Binding[]> {
  const variables = new Map<string, Binding[]>()
  for (const binding of bindings) {
    if (binding.kind === 'keyword' || binding.kind === 'entry') continue
    for (const name of namesIn(binding.target)) {
      const known = variables.get(name)
      if (known === undefined) variables.set(name, [binding])
      else known.push(binding)
    }
  }
  return variables
}
