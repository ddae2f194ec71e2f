import { parse, query, type SyntaxLanguage, type SyntaxNode } from '#bench/syntax'
import { javascriptExports } from './javascript-exports.ts'
import { firstError, regionOf } from './region.ts'
import type { ImportedName, ImportSite, ModuleFacts } from './site.ts'

const imports = `
(import_statement) @import
(export_statement source: (string)) @reexport
(call_expression function: (import) arguments: (arguments . [(string) (template_string)] @module)) @dynamic
(call_expression function: [(identifier) (member_expression)] @callee arguments: (arguments . (string) @module)
  (#any-of? @callee "require" "require.resolve" "import.meta.resolve")) @require
`

/**
 * Reads the imports and the names offered by one JavaScript or TypeScript text.
 *
 * @param linesBefore lines of the file before the text, for script blocks
 */
export async function extractJavaScript(
  file: string,
  language: SyntaxLanguage,
  text: string,
  digest: string,
  linesBefore = 0,
): Promise<ModuleFacts> {
  const tree = await parse(language, text, digest)
  const sites: ImportSite[] = []
  for (const { captures } of query(tree, imports).matches(tree.rootNode)) {
    const [first] = captures
    if (first === undefined) continue
    const { node } = first
    const base = { file, snippet: node.text.slice(0, 300), region: regionOf(node, linesBefore) }
    if (first.name === 'import' || first.name === 'reexport') {
      const found = first.name === 'import' ? importStatement(node, linesBefore) : reexport(node, linesBefore)
      if (found) sites.push({ ...base, optional: false, lazy: false, ...found })
      continue
    }
    const module = literalOf(captures.find((capture) => capture.name === 'module')?.node)
    if (module === undefined) continue
    const form = first.name === 'dynamic' ? 'dynamic' : 'require'
    sites.push({
      ...base,
      module,
      names: form === 'require' ? destructured(node, linesBefore) : [],
      star: false,
      typeOnly: false,
      form,
      ...circumstances(node),
    })
  }
  return {
    sites,
    exports: javascriptExports(tree.rootNode, text),
    ...(tree.rootNode.hasError && { brokenAt: firstError(tree.rootNode) + linesBefore }),
    strings: async () => {
      const again = await parse(language, text, digest)
      return query(again, '(string_fragment) @text')
        .captures(again.rootNode)
        .map(({ node }) => node.text)
    },
  }
}

type Found = Pick<ImportSite, 'module' | 'names' | 'star' | 'typeOnly' | 'form'>

function importStatement(node: SyntaxNode, linesBefore: number): Found | undefined {
  const requireClause = node.namedChildren.find((child) => child?.type === 'import_require_clause')
  const module = literalOf(node.childForFieldName('source') ?? requireClause?.childForFieldName('source'))
  if (module === undefined) return undefined
  const typeOnly = node.children.some((child) => child?.type === 'type' || child?.type === 'typeof')
  const names: ImportedName[] = []
  const clause = node.namedChildren.find((child) => child?.type === 'import_clause')
  for (const child of clause?.namedChildren ?? []) {
    if (child?.type === 'identifier') names.push({ name: 'default', region: regionOf(child, linesBefore) })
    if (child?.type === 'named_imports') names.push(...specifiers(child, 'import_specifier', linesBefore))
  }
  const onlyTypes = names.length > 0 && names.every((name) => name.typeOnly)
  return { module, names, star: false, typeOnly: typeOnly || onlyTypes, form: requireClause ? 'require' : 'static' }
}

function reexport(node: SyntaxNode, linesBefore: number): Found | undefined {
  const module = literalOf(node.childForFieldName('source'))
  if (module === undefined) return undefined
  const clause = node.namedChildren.find((child) => child?.type === 'export_clause')
  const names = clause ? specifiers(clause, 'export_specifier', linesBefore) : []
  const typeOnly = node.children.some((child) => child?.type === 'type')
  return { module, names, star: clause === undefined, typeOnly, form: 'reexport' }
}

function specifiers(clause: SyntaxNode, type: string, linesBefore: number): ImportedName[] {
  return clause.namedChildren.flatMap((child) => {
    const name = child?.type === type ? child.childForFieldName('name') : null
    if (!child || !name) return []
    const typeOnly = child.children.some((part) => part?.type === 'type')
    return [{ name: unquoted(name), region: regionOf(name, linesBefore), ...(typeOnly && { typeOnly }) }]
  })
}

/** `const { a, b: c } = require('./x')` and `require('./x').a` take names out of the module. */
function destructured(call: SyntaxNode, linesBefore: number): ImportedName[] {
  const parent = call.parent
  if (parent?.type === 'member_expression') {
    const property = parent.childForFieldName('property')
    return property ? [{ name: property.text, region: regionOf(property, linesBefore) }] : []
  }
  const pattern = parent?.type === 'variable_declarator' ? parent.childForFieldName('name') : null
  if (pattern?.type !== 'object_pattern') return []
  return pattern.namedChildren.flatMap((child) => {
    if (child?.type === 'shorthand_property_identifier_pattern') {
      return [{ name: child.text, region: regionOf(child, linesBefore) }]
    }
    const key = child?.type === 'pair_pattern' ? child.childForFieldName('key') : null
    return key?.type === 'property_identifier' ? [{ name: key.text, region: regionOf(key, linesBefore) }] : []
  })
}

/** What encloses a call: a `try` or a `.catch(…)` that handles its failure, a function that runs later. */
function circumstances(node: SyntaxNode): { readonly optional: boolean; readonly lazy: boolean } {
  let optional = false
  let lazy = false
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (functions.has(parent.type)) lazy = true
    if (parent.type === 'try_statement' && parent.childForFieldName('body')?.id === child.id) {
      optional ||= parent.childForFieldName('handler') !== null
    }
    if (parent.type === 'member_expression' && parent.childForFieldName('property')?.text === 'catch') optional = true
  }
  return { optional, lazy }
}

const functions = new Set([
  'function_declaration',
  'function_expression',
  'arrow_function',
  'method_definition',
  'generator_function',
  'generator_function_declaration',
])

/** The text of a string, or of a template without substitutions. */
function literalOf(node: SyntaxNode | null | undefined): string | undefined {
  if (!node || node.namedChildren.some((child) => child?.type === 'template_substitution')) return undefined
  return node.text.length >= 2 ? unquoted(node) : undefined
}

function unquoted(node: SyntaxNode): string {
  return /^["'`]/.test(node.text) ? node.text.slice(1, -1) : node.text
}
