import type { SnapshotFile } from '#bench/apps'
import type { SyntaxNode } from '#bench/syntax'
import type { TextLines } from '../excerpt.ts'
import { isConstant } from '../patterns/constants.ts'
import { readSource, type Source } from '../patterns/source.ts'
import { carriesRequest } from './request-data.ts'
import type { Diagnostic } from './ruff.ts'
import { sqlBuiltAt } from './sql-text.ts'

/** Words in the name of a variable or function whose random value must not be guessed. */
const secretWords =
  /(?:^|_)(?:tokens?|secrets?|passw(?:or)?ds?|passphrase|otp|pin|nonce|salt|csrf|xsrf|session_?id|api_?key|secret_?key|reset|verification|verify|invite|invitation|voucher|coupon|captcha|auth|(?:access|reset|login|security|confirm(?:ation)?|activation|backup|recovery)_?code)(?:_|$)/

/** Rules whose subject is the text given to a call; a constant text is nobody's but the author's. */
const textGiven: ReadonlySet<string | null | undefined> = new Set(['S102', 'S307', 'S602', 'S605'])

/**
 * Drops what ruff reports only because it looks at one expression: SQL put together from constants and names of tables,
 * constant commands, chance that guards nothing, names a stub file may use before it declares them, names a module
 * makes when they are asked for, and all but the first use of a name that may come from a star import.
 */
export async function withoutNoise(
  diagnostics: readonly Diagnostic[],
  file: SnapshotFile,
  text: string,
  lines: TextLines,
): Promise<Diagnostic[]> {
  const starred = new Set<string>()
  const source = diagnostics.some(({ code }) => code === 'S608' || textGiven.has(code))
    ? await readSource(file.path, { language: 'python', text, embedded: false }, file.digest)
    : undefined
  const isStub = file.path.endsWith('.pyi')
  const makesNames = diagnostics.some(({ code }) => code === 'F822') && /^def __getattr__\(/m.test(text)
  return diagnostics.filter((diagnostic) => {
    const { code } = diagnostic
    if (source !== undefined && code === 'S608') return carriesValue(nodeAt(diagnostic, source, lines), source)
    // Of a literal ruff says itself that it seems safe.
    if (source !== undefined && textGiven.has(code) && !diagnostic.message.includes('seems safe'))
      return !isFixedCall(nodeAt(diagnostic, source, lines), source)
    if (code === 'S311') return guardsSomething(diagnostic, lines)
    if (code === 'F821') return !isStub
    if (code === 'F822') return !makesNames
    if (code !== 'F405') return true
    const known = starred.has(diagnostic.message)
    starred.add(diagnostic.message)
    return !known
  })
}

/** Whether a value that is not constant becomes part of the SQL; where the tree does not show it, ruff is believed. */
function carriesValue(node: SyntaxNode, source: Source): boolean {
  if (isConstant(node, source)) return false
  let whole = node
  while (
    whole.parent !== null &&
    /^(?:string|concatenated_string|binary_operator|parenthesized_expression|attribute|call)$/.test(whole.parent.type)
  ) {
    if (whole.parent.type === 'call' && whole.type !== 'attribute') break
    whole = whole.parent
  }
  const built = sqlBuiltAt(whole, source) ?? sqlBuiltAt(node, source)
  return built?.parts.some(({ node: part, place }) => place === 'value' || carriesRequest(part, source)) ?? false
}

/** Whether the call around a place is given a constant text. */
function isFixedCall(node: SyntaxNode, source: Source): boolean {
  const call = node.type === 'call' ? node : node.parent?.type === 'call' ? node.parent : node.parent?.parent
  if (call?.type !== 'call') return false
  const given = call.childForFieldName('arguments')?.namedChildren.find(({ type }) => type !== 'comment')
  return given !== undefined && given.type !== 'keyword_argument' && isConstant(given, source)
}

function nodeAt(
  { start_location: start, end_location: end }: Diagnostic,
  source: Source,
  lines: TextLines,
): SyntaxNode {
  const from = lines.offset(start.row, start.column)
  return source.root.descendantForIndex(from, Math.max(from, lines.offset(end.row, end.column) - 1)) ?? source.root
}

/** Whether a name on the line, or of the function around it, says that the value must not be guessed. */
function guardsSomething({ start_location: { row } }: Diagnostic, lines: TextLines): boolean {
  const names = [...lines.line(row).matchAll(/[A-Za-z_]\w{0,80}/g)].map(([name]) => name)
  const indentation = indentationOf(lines.line(row))
  for (let number = row - 1; number > 0; number -= 1) {
    const line = lines.line(number)
    const enclosing = /^[ \t]*(?:async[ \t]+)?def[ \t]+(\w{1,100})/.exec(line)?.[1]
    if (enclosing === undefined || indentationOf(line) >= indentation) continue
    names.push(enclosing)
    break
  }
  return names.some((name) => secretWords.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()))
}

function indentationOf(line: string): number {
  return line.length - line.trimStart().length
}
