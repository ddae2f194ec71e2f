import { parse, query, type SyntaxNode } from '#bench/syntax'
import {
  type Declaration,
  type DependencyKind,
  type Manifest,
  type ManifestProblem,
  normalisePythonName,
} from './manifest.ts'
import { parseRequirement } from './requirement.ts'

const keywords: Readonly<Record<string, DependencyKind>> = {
  install_requires: 'runtime',
  extras_require: 'optional',
  tests_require: 'dev',
  setup_requires: 'dev',
}

/**
 * Reads the literal dependencies of a setup.py: string lists given to `setup(…)` directly or through a name assigned
 * in the file. Nothing is run; what is computed makes the manifest `dynamic`.
 */
export async function parseSetupPy(path: string, folder: string, text: string, digest?: string): Promise<Manifest> {
  const tree = await parse('python', text, digest)
  const declarations: Declaration[] = []
  const problems: ManifestProblem[] = []
  let ownName: string | undefined
  let dynamic: string | undefined
  const assigned = new Map<string, SyntaxNode>()
  const assignments = query(tree, '(assignment left: (identifier) @name right: (_) @value)')
  for (const { captures } of assignments.matches(tree.rootNode)) {
    const [name, value] = captures
    if (name && value) assigned.set(name.node.text, value.node)
  }
  const setupCalls = query(
    tree,
    '(call function: (_) @function arguments: (argument_list (keyword_argument name: (identifier) @key value: (_) @value)))',
  )
  for (const { captures } of setupCalls.matches(tree.rootNode)) {
    const [callee, key, value] = captures
    if (!callee || !key || !value || !/^(?:setuptools\.)?setup$/.test(callee.node.text)) continue
    if (key.node.text === 'name') ownName = stringValue(value.node)
    const kind = Object.hasOwn(keywords, key.node.text) ? keywords[key.node.text] : undefined
    if (kind === undefined) continue
    const literal = value.node.type === 'identifier' ? assigned.get(value.node.text) : value.node
    if (literal === undefined || !/^(?:list|tuple|dictionary|string)$/.test(literal.type)) {
      dynamic = `${key.node.text} in line ${value.node.startPosition.row + 1} is computed`
      continue
    }
    for (const item of literal.descendantsOfType('string')) {
      if (item === null || item.parent?.childForFieldName('key')?.id === item.id) continue
      const written = stringValue(item)
      if (written === undefined) continue
      const line = item.startPosition.row + 1
      const result = parseRequirement(written)
      if (result.kind === 'malformed')
        problems.push({ file: path, line, column: item.startPosition.column + 1, message: result.message })
      else declarations.push({ ...result.requirement, kind, file: path, line })
    }
  }
  return {
    path,
    folder,
    format: 'setup.py',
    ecosystem: 'pypi',
    declarations,
    locked: [],
    problems,
    ...(ownName !== undefined && { ownName: normalisePythonName(ownName) }),
    ...(dynamic !== undefined && { dynamic }),
  }
}

function stringValue(node: SyntaxNode): string | undefined {
  if (node.type !== 'string' || node.descendantsOfType('interpolation').length > 0) return undefined
  const content = node.namedChildren.find((child) => child?.type === 'string_content')
  return content?.text ?? ''
}
