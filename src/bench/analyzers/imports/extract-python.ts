import type { Region } from '#bench/findings'
import { parse, query, type SyntaxNode } from '#bench/syntax'
import { pythonExports } from './python-exports.ts'
import { firstError, regionOf } from './region.ts'
import type { ImportedName, ImportSite, ModuleFacts } from './site.ts'

const imports = `
(import_statement) @import
(import_from_statement) @from
(call function: [(identifier) (attribute)] @callee arguments: (argument_list . (string) @module)
  (#any-of? @callee "importlib.import_module" "import_module" "__import__")) @call
`

/** Reads the imports and the names offered by one Python file. */
export async function extractPython(file: string, text: string, digest: string): Promise<ModuleFacts> {
  const tree = await parse('python', text, digest)
  const sites: ImportSite[] = []
  for (const { captures } of query(tree, imports).matches(tree.rootNode)) {
    const [first] = captures
    if (first === undefined) continue
    if (first.name === 'import') sites.push(...plainImport(file, first.node))
    else if (first.name === 'from') sites.push(fromImport(file, first.node))
    else {
      const module = captures.find((capture) => capture.name === 'module')?.node
      const name = module?.namedChildren.find((child) => child?.type === 'string_content')?.text
      const isRelative = name?.startsWith('.') ?? true
      if (module && name && !isRelative && !hasInterpolation(module)) {
        sites.push(site(file, first.node, name, { form: 'dynamic' }))
      }
    }
  }
  return {
    sites,
    exports: pythonExports(tree.rootNode, text),
    ...(tree.rootNode.hasError && { brokenAt: firstError(tree.rootNode) }),
    strings: async () => {
      const again = await parse('python', text, digest)
      return query(again, '(string_content) @text')
        .captures(again.rootNode)
        .map(({ node }) => node.text)
    },
  }
}

function plainImport(file: string, node: SyntaxNode): ImportSite[] {
  return node.childrenForFieldName('name').flatMap((child) => {
    const module = child?.type === 'aliased_import' ? child.childForFieldName('name') : child
    return module ? [site(file, node, dotted(module.text), { region: regionOf(module) })] : []
  })
}

function fromImport(file: string, node: SyntaxNode): ImportSite {
  const module = node.childForFieldName('module_name')
  const names: ImportedName[] = node.childrenForFieldName('name').flatMap((child) => {
    const name = child?.type === 'aliased_import' ? child.childForFieldName('name') : child
    return name ? [{ name: name.text, region: regionOf(name) }] : []
  })
  const star = node.namedChildren.some((child) => child?.type === 'wildcard_import')
  return site(file, node, dotted(module?.text ?? ''), { names, star })
}

/** Layout is allowed inside a dotted name. */
function dotted(text: string): string {
  return text.replace(/[\s\\]+/g, '')
}

function site(file: string, node: SyntaxNode, module: string, more: Partial<ImportSite> = {}): ImportSite {
  const { optional, typeOnly, lazy } = circumstances(node)
  const region: Region = regionOf(node)
  const snippet = node.text.slice(0, 300)
  return { file, region, snippet, module, names: [], star: false, optional, typeOnly, lazy, form: 'static', ...more }
}

interface Circumstances {
  optional: boolean
  typeOnly: boolean
  lazy: boolean
}

/** What encloses an import: a handled ImportError, `if TYPE_CHECKING`, a function. */
function circumstances(node: SyntaxNode): Circumstances {
  const found: Circumstances = { optional: false, typeOnly: false, lazy: false }
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (parent.type === 'function_definition' || parent.type === 'lambda') found.lazy = true
    else if (parent.type === 'try_statement' && handlesImportError(parent)) found.optional = true
    else if (
      parent.type === 'with_statement' &&
      /suppress\([^)]*(?:ImportError|ModuleNotFoundError|Exception)/.test(headOf(parent))
    ) {
      found.optional = true
    } else if (parent.type === 'if_statement') {
      const condition = parent.childForFieldName('condition')?.text ?? ''
      const isConsequence = parent.childForFieldName('consequence')?.id === child.id
      if (isConsequence && /^(?:\w+\.)?TYPE_CHECKING$/.test(condition)) found.typeOnly = true
      // Another branch serves other versions and systems.
      else if (/find_spec\(|^sys\.(?:version_info|platform)|^os\.name/.test(condition)) found.optional = true
    }
  }
  return found
}

function headOf(node: SyntaxNode): string {
  return node.text.split('\n', 1)[0] ?? ''
}

/** Whether a `try` catches a failed import: ImportError, its subclass or superclass, or everything. */
function handlesImportError(statement: SyntaxNode): boolean {
  return statement.namedChildren.some((clause) => {
    if (clause?.type !== 'except_clause' && clause?.type !== 'except_group_clause') return false
    const head = headOf(clause)
    return /^except\s*:|\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b/.test(head)
  })
}

function hasInterpolation(node: SyntaxNode): boolean {
  return node.namedChildren.some((child) => child?.type === 'interpolation')
}
