import type { Language, Tree } from 'web-tree-sitter'
import { parse, type SyntaxLanguage } from './syntax.ts'

/**
 * A node of a syntax tree held in JavaScript memory: unlike tree-sitter's own nodes, it costs nothing to walk, and it
 * outlives the parser's cache. Named children and operators are kept; brackets, commas and keywords are not.
 */
export interface CodeNode {
  readonly type: string
  /** The name of the parent's field this node fills, `''` for none. */
  readonly field: string
  /** Offsets in {@link source}, in UTF-16 units; the end is exclusive. */
  readonly start: number
  readonly end: number
  /** From 1. */
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly parent: CodeNode | undefined
  readonly children: readonly CodeNode[]
  readonly source: string
  /** The parser made this node up to recover from an error. */
  readonly missing: boolean
}

/** What all nodes of a tree have in common. */
interface Text {
  readonly source: string
  /** The offsets at which lines start. */
  readonly starts: readonly number[]
}

const noNodes: readonly Node[] = []

/** Trees of large files have half a million nodes: lines are told from offsets when asked for. */
class Node implements CodeNode {
  readonly type: string
  readonly field: string
  readonly start: number
  readonly end: number
  readonly parent: Node | undefined
  children: readonly Node[] = noNodes
  readonly missing: boolean
  readonly #text: Text

  constructor(
    text: Text,
    parent: Node | undefined,
    type: string,
    field: string,
    start: number,
    end: number,
    missing: boolean,
  ) {
    this.type = type
    this.field = field
    this.start = start
    this.end = end
    this.parent = parent
    this.missing = missing
    this.#text = text
  }

  get source(): string {
    return this.#text.source
  }

  get line(): number {
    return lineAt(this.#text.starts, this.start) + 1
  }

  get column(): number {
    const { starts } = this.#text
    return this.start - (starts[lineAt(starts, this.start)] ?? 0) + 1
  }

  get endLine(): number {
    return lineAt(this.#text.starts, this.end) + 1
  }
}

const known = new Map<string, CodeNode>()
/** Trees kept: analyzers of one app run in the same process, one after the other. */
const kept = 40

/**
 * Parses source text into a tree of plain data. Broken source gives `ERROR` nodes and nodes marked `missing`.
 *
 * @param digest identifies the text (the file's content digest), for the cache
 */
export async function codeTree(language: SyntaxLanguage, text: string, digest?: string): Promise<CodeNode> {
  const key = digest === undefined ? undefined : `${language} ${digest}`
  const found = key === undefined ? undefined : known.get(key)
  if (found !== undefined) return found
  const tree = await parse(language, text, digest)
  const root = copy(tree, text)
  if (digest === undefined) tree.delete()
  if (key !== undefined) {
    known.set(key, root)
    const oldest = known.size > kept ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
  }
  return root
}

/** The source text a node covers. */
export function textOf(node: CodeNode): string {
  return node.source.slice(node.start, node.end)
}

/** The first child in a field. */
export function fieldOf(node: CodeNode | undefined, field: string): CodeNode | undefined {
  return node?.children.find((child) => child.field === field)
}

/** The node and everything under it, in source order. `enter` answering false skips what is under a node. */
export function* nodesUnder(node: CodeNode, enter?: (node: CodeNode) => boolean): Generator<CodeNode> {
  const open: CodeNode[] = [node]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next
    if (enter !== undefined && next !== node && !enter(next)) continue
    for (let at = next.children.length - 1; at >= 0; at--) {
      const child = next.children[at]
      if (child !== undefined) open.push(child)
    }
  }
}

function copy(tree: Tree, source: string): CodeNode {
  const { fields, types } = tree.language
  const cursor = tree.walk()
  // Each question to the cursor is a call into the parser: lines are told from offsets, and most files miss nothing.
  const isBroken = tree.rootNode.hasError
  const text: Text = { source, starts: lineStarts(source) }
  const named = namedTypes(tree.language)
  const make = (parent: Node | undefined, type: number, field: number, missing: boolean): Node => {
    const name = missing ? cursor.nodeType : (types[type] ?? cursor.nodeType)
    return new Node(text, parent, name, fields[field] ?? '', cursor.startIndex, cursor.endIndex, missing)
  }
  const root = make(undefined, cursor.nodeTypeId, 0, isBroken && cursor.nodeIsMissing)
  let parent = root
  /** The children of the nodes that are open, the innermost last. */
  const open: Node[][] = [[]]
  let deeper = cursor.gotoFirstChild()
  while (deeper) {
    let entered = false
    const type = cursor.nodeTypeId
    const field = cursor.currentFieldId
    const missing = isBroken && cursor.nodeIsMissing
    if ((named[type] ?? cursor.nodeIsNamed) || field !== 0 || missing) {
      const node = make(parent, type, field, missing)
      open.at(-1)?.push(node)
      if (cursor.gotoFirstChild()) {
        parent = node
        open.push([])
        entered = true
      }
    }
    while (!entered && !cursor.gotoNextSibling()) {
      close(parent, open.pop())
      if (!cursor.gotoParent() || parent.parent === undefined) {
        deeper = false
        break
      }
      parent = parent.parent
    }
  }
  cursor.delete()
  return root
}

function close(node: Node, children: readonly Node[] | undefined): void {
  // Copied: a list that grew keeps room for more.
  if (children !== undefined && children.length > 0) node.children = children.slice()
}

const namedOf = new WeakMap<Language, readonly boolean[]>()

/** Whether nodes of a type are named, by the number of the type. */
function namedTypes(language: Language): readonly boolean[] {
  let named = namedOf.get(language)
  if (named === undefined) {
    named = language.types.map((_type, id) => language.nodeTypeIsNamed(id))
    namedOf.set(language, named)
  }
  return named
}

/** The offsets at which the lines of a text start; the parser ends lines at line feeds only. */
function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The line, from 0, an offset is on. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
