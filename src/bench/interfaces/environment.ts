import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { EnvironmentRead } from './interface.ts'
import type { Module, Modules } from './javascript-modules.ts'
import { type PythonModule, type PythonWorld, pythonArguments } from './python-modules.ts'

const reader =
  /^(?:os\.)?(?:getenv|environ\.(?:get|setdefault|pop))$|^(?:decouple\.)?config$|^env(?:\.(?:str|int|bool|list|float|url|db|json|dict))?$/

/** Every place that reads an environment variable by a literal name. */
export function environmentReads(python: PythonWorld, scripts: Modules): EnvironmentRead[] {
  return [...python.all.flatMap(pythonReads), ...scripts.all.flatMap(javascriptReads)]
}

function pythonReads(module: PythonModule): EnvironmentRead[] {
  const reads: EnvironmentRead[] = []
  const { text } = module.source
  const decouple = /\b(?:decouple|environs?|starlette\.config)\b/.test(text)
  for (const call of module.calls) {
    const name = textOf(fieldOf(call, 'function') ?? call)
    if (!reader.test(name) || ((name === 'config' || name.startsWith('env')) && !decouple)) continue
    const { positional, keyword } = pythonArguments(call)
    const key = positional[0]
    if (key?.type !== 'string' || !/^\w+$/.test(stringText(textOf(key)))) continue
    const fallback = positional[1] ?? keyword.get('default')
    reads.push({
      name: stringText(textOf(key)),
      file: module.path,
      line: call.line,
      hasDefault: (fallback !== undefined && textOf(fallback) !== 'None') || call.parent?.type === 'boolean_operator',
      anyCase: false,
    })
  }
  for (const match of text.matchAll(/\bos\.environ\[\s{0,5}["'](\w+)["']\s{0,5}\](?!\s{0,5}=(?!=))/g)) {
    reads.push({
      name: match[1] ?? '',
      file: module.path,
      line: lineAt(text, match.index),
      hasDefault: false,
      anyCase: false,
    })
  }
  for (const [, node] of module.classes) {
    if (!/\bBaseSettings\b/.test(textOf(fieldOf(node, 'superclasses') ?? node).slice(0, 200))) continue
    const prefix = /env_prefix\s*=\s*["'](\w*)["']/.exec(textOf(node))?.[1] ?? ''
    for (const statement of fieldOf(node, 'body')?.children ?? []) {
      const field = statement.type === 'expression_statement' ? statement.children[0] : undefined
      const left =
        field?.type === 'assignment' && fieldOf(field, 'type') !== undefined ? fieldOf(field, 'left') : undefined
      if (field === undefined || left === undefined) continue
      reads.push({
        name: `${prefix}${textOf(left)}`.toUpperCase(),
        file: module.path,
        line: field.line,
        hasDefault: fieldOf(field, 'right') !== undefined,
        anyCase: true,
      })
    }
  }
  return reads
}

function javascriptReads({ source, path }: Module): EnvironmentRead[] {
  const reads: EnvironmentRead[] = []
  if (!/\bprocess\.env\b|\bimport\.meta\.env\b/.test(source.text)) return reads
  for (const node of nodesUnder(source.root)) {
    if (node.type !== 'member_expression' && node.type !== 'subscript_expression') continue
    const object = fieldOf(node, 'object')
    if (object === undefined || !/^(?:process\.env|import\.meta\.env)$/.test(textOf(object))) continue
    const key = fieldOf(node, 'property') ?? fieldOf(node, 'index')
    if (key === undefined || (node.type === 'subscript_expression' && key.type !== 'string')) continue
    // `process.env.X = 'y'` sets it.
    if (node.parent?.type === 'assignment_expression' && node.field === 'left') continue
    reads.push({
      name: stringText(textOf(key)),
      file: path,
      line: node.line,
      hasDefault: hasDefault(node),
      anyCase: false,
    })
  }
  for (const match of source.text.matchAll(/\{([^{}]{1,600})\}\s{0,5}=\s{0,5}process\.env\b/g)) {
    for (const part of (match[1] ?? '').split(',')) {
      const name = /^\s*(\w+)\s*(?::\s*\w+\s*)?(=)?/.exec(part)
      if (name?.[1] !== undefined) {
        reads.push({
          name: name[1],
          file: path,
          line: lineAt(source.text, match.index),
          hasDefault: name[2] !== undefined,
          anyCase: false,
        })
      }
    }
  }
  return reads
}

/** `X || 'y'`, `X ?? 'y'`, `X ? a : b`, `X === 'y'`, `!X`: the code knows what to do without it. */
function hasDefault(node: CodeNode): boolean {
  const parent = node.parent
  if (parent?.type === 'binary_expression') return node.field === 'left' || parent.children.at(-1) !== node
  return parent?.type === 'ternary_expression' || parent?.type === 'unary_expression'
}

function stringText(literal: string): string {
  return literal.replace(/^[rbuf]{0,2}["']+|["']+$/gi, '')
}

function lineAt(text: string, index: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line++
  return line
}
