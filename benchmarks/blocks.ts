import { parse, type SyntaxLanguage, type SyntaxNode } from '#bench/syntax'

/** A top-level statement of a source file, with the comments above it. */
export interface Block {
  readonly text: string
  /**
   * `import` (and the docstring above them); `route`: a decorated Flask view; `definition`: a function, component or class; `constant`: an assignment to names;
   * `statement`: anything else, always kept; `footer`: what must stay last.
   */
  readonly kind: 'import' | 'route' | 'definition' | 'constant' | 'statement' | 'footer'
  /** Names this block brings into the file. */
  readonly declares: readonly string[]
  readonly uses: ReadonlySet<string>
}

const definitions = new Set(['function_definition', 'class_definition', 'function_declaration', 'class_declaration'])
const routeDecorator = /^@app\.(route|get|post|put|patch|delete)\(/m

/** Cuts a source file into its top-level blocks, in order. */
export async function blocksOf(language: SyntaxLanguage, source: string): Promise<Block[]> {
  const tree = await parse(language, source)
  const blocks: Block[] = []
  let comments = ''
  for (const node of tree.rootNode.namedChildren) {
    if (node === null) continue
    if (node.type === 'comment') {
      comments += `${node.text}\n`
      continue
    }
    const docstring =
      blocks.length === 0 && node.type === 'expression_statement' && node.namedChild(0)?.type === 'string'
    blocks.push(
      docstring
        ? { kind: 'import', declares: [], uses: new Set(), text: `${node.text}\n` }
        : { ...describe(node), text: comments + node.text },
    )
    comments = ''
  }
  return blocks
}

function describe(node: SyntaxNode): Omit<Block, 'text'> {
  const uses = new Set(identifiers(node))
  if (node.type.startsWith('import') || node.type === 'future_import_statement') {
    return { kind: 'import', declares: [], uses }
  }
  if (node.type === 'if_statement' && node.text.includes('__main__')) return { kind: 'footer', declares: [], uses }
  const declares = declaredBy(node)
  if (routeDecorator.test(node.text) && node.type === 'decorated_definition') return { kind: 'route', declares, uses }
  const inner = node.childForFieldName('declaration') ?? node.childForFieldName('definition') ?? node
  if (definitions.has(inner.type))
    return { kind: node.type === 'decorated_definition' ? 'statement' : 'definition', declares, uses }
  if (node.type === 'export_statement') return { kind: 'footer', declares, uses }
  return { kind: declares.length > 0 ? 'constant' : 'statement', declares, uses }
}

function declaredBy(node: SyntaxNode): string[] {
  const inner = node.childForFieldName('declaration') ?? node.childForFieldName('definition') ?? node
  if (definitions.has(inner.type)) return [inner.childForFieldName('name')?.text ?? '']
  if (inner.type === 'lexical_declaration') {
    return inner.namedChildren.flatMap((child) => {
      const name = child?.childForFieldName('name')
      return name === null || name === undefined ? [] : identifiers(name)
    })
  }
  const assignment = inner.type === 'expression_statement' ? inner.namedChild(0) : inner
  const left = assignment?.type === 'assignment' ? assignment.childForFieldName('left') : null
  if (left?.type === 'identifier') return [left.text]
  if (left?.type === 'pattern_list') return identifiers(left)
  return []
}

function identifiers(node: SyntaxNode): string[] {
  const wanted = ['identifier', 'shorthand_property_identifier', 'shorthand_property_identifier_pattern']
  const below = node.descendantsOfType(wanted).flatMap((found) => (found === null ? [] : [found.text]))
  return node.type === 'identifier' ? [node.text, ...below] : below
}

/** Lines a block takes, with the blank ones after it. */
export function lengthOf(block: Block, blankLines: number): number {
  return block.text.split('\n').length + (block.kind === 'import' || block.kind === 'constant' ? 0 : blankLines)
}
