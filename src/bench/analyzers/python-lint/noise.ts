import type { SnapshotFile } from '#bench/apps'
import type { TextLines } from '../excerpt.ts'
import { isConstant } from '../patterns/constants.ts'
import { readSource, type Source } from '../patterns/source.ts'
import type { Diagnostic } from './ruff.ts'

/** Words in the name of a variable or function whose random value must not be guessed. */
const secretWords =
  /(?:^|_)(?:tokens?|secrets?|passw(?:or)?ds?|passphrase|otp|pin|nonce|salt|csrf|xsrf|session_?id|api_?key|secret_?key|reset|verification|verify|invite|invitation|voucher|coupon|captcha|auth|(?:access|reset|login|security|confirm(?:ation)?|activation|backup|recovery)_?code)(?:_|$)/

/**
 * Drops what ruff reports only because it looks at one expression: SQL put together from constants, chance that
 * guards nothing, and all but the first use of a name that may come from a star import.
 */
export async function withoutNoise(
  diagnostics: readonly Diagnostic[],
  file: SnapshotFile,
  text: string,
  lines: TextLines,
): Promise<Diagnostic[]> {
  const starred = new Set<string>()
  const source = diagnostics.some(({ code }) => code === 'S608')
    ? await readSource(file.path, { language: 'python', text, embedded: false }, file.digest)
    : undefined
  return diagnostics.filter((diagnostic) => {
    if (diagnostic.code === 'S608' && source !== undefined) return !isFixedText(diagnostic, source, lines)
    if (diagnostic.code === 'S311') return guardsSomething(diagnostic, lines)
    if (diagnostic.code !== 'F405') return true
    const known = starred.has(diagnostic.message)
    starred.add(diagnostic.message)
    return !known
  })
}

function isFixedText(
  { start_location: start, end_location: end }: Diagnostic,
  source: Source,
  lines: TextLines,
): boolean {
  const from = lines.offset(start.row, start.column)
  const node = source.root.descendantForIndex(from, Math.max(from, lines.offset(end.row, end.column) - 1))
  return isConstant(node, source)
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
