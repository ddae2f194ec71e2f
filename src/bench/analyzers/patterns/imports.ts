import type { SyntaxNode } from '#bench/syntax'
import type { Binding, Family } from './source.ts'

/** Local name → qualified name, from import statements and `require`. Module prefixes `node:` are dropped. */
export function importsOf(
  family: Family,
  statements: readonly string[],
  bindings: readonly Binding[],
  textOf: (node: SyntaxNode) => string,
): Map<string, string> {
  const imports = new Map<string, string>()
  for (const statement of statements) {
    if (family === 'python') addPython(imports, statement)
    else addModule(imports, statement)
  }
  if (family === 'javascript') {
    for (const binding of bindings) addRequire(imports, binding, textOf)
  }
  return imports
}

function addPython(imports: Map<string, string>, statement: string): void {
  const from = /^from\s+([\w.]+)\s+import\s+/.exec(statement)
  const names = statement.slice(from === null ? 'import'.length : from[0].length).replace(/[()\\]|#.*/g, ' ')
  for (const part of names.split(',')) {
    const [name, , alias] = part.trim().split(/\s+/)
    if (name === undefined || name === '') continue
    if (from !== null) imports.set(alias ?? name, `${from[1]}.${name}`)
    else if (alias !== undefined) imports.set(alias, name)
    else imports.set(name.split('.')[0] ?? name, name.split('.')[0] ?? name)
  }
}

function addModule(imports: Map<string, string>, statement: string): void {
  const match = /^import\s+(?:type\s+)?([\s\S]*?)\s*from\s*['"]([^'"]+)['"]/.exec(statement.slice(0, 4000))
  if (match === null) return
  addClause(imports, match[1] ?? '', moduleName(match[2] ?? ''))
}

function addRequire(imports: Map<string, string>, binding: Binding, textOf: (node: SyntaxNode) => string): void {
  if (binding.kind !== 'assignment') return
  const { value } = binding
  if (value.type !== 'call_expression' && value.type !== 'await_expression' && value.type !== 'member_expression')
    return
  if (value.endIndex - value.startIndex > 200) return
  const required = /^(?:await\s+import|require)\(\s*['"]([^'"]+)['"]\s*\)((?:\.[\w$]+)*)$/.exec(textOf(value))
  if (required !== null) addClause(imports, binding.target, moduleName(required[1] ?? '') + (required[2] ?? ''))
}

/** `a`, `* as a`, `{ a, b as c }`, `{ b: c }`, `a, { b }`. */
function addClause(imports: Map<string, string>, clause: string, module: string): void {
  const braces = /\{([^}]*)\}/.exec(clause)
  for (const part of braces?.[1]?.split(',') ?? []) {
    const [name, alias] = part
      .trim()
      .replace(/^type\s+/, '')
      .split(/\s+as\s+|\s*:\s*/)
    if (name !== undefined && name !== '') imports.set(alias ?? name, name === 'default' ? module : `${module}.${name}`)
  }
  const whole = /^(?:\*\s*as\s+)?([\w$]+)/.exec(clause.trim())?.[1]
  if (whole !== undefined) imports.set(whole, module)
}

function moduleName(specifier: string): string {
  return specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier
}
