import { type CodeNode, textOf } from '#bench/syntax'
import type { Temp } from '../ir/ir.ts'
import { codeChildren, type Lowering } from './lowering.ts'

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '0': '\0',
  '\n': '',
}

/** Replaces the escape sequences Python and JavaScript share. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|([\s\S]))/g,
    (_, hex, unicode, point, other) => {
      const digits = hex ?? unicode ?? point
      if (digits === undefined) return escapes[other] ?? other
      const code = Number.parseInt(digits, 16)
      return code > 0x10ffff ? '' : String.fromCodePoint(code)
    },
  )
}

/** A string literal, an f-string, or several of them side by side. */
export function lowerString(node: CodeNode, low: Lowering): Temp {
  const parts: Temp[] = []
  const strings = node.type === 'concatenated_string' ? codeChildren(node) : [node]
  for (const string of strings) addParts(string, low, parts)
  const [only] = parts
  if (parts.length === 0) return low.constant('', node)
  if (parts.length === 1 && only !== undefined && !node.children.some(isInterpolation)) return only
  return low.builder.compute({ op: 'text', parts }, node)
}

function isInterpolation(node: CodeNode): boolean {
  return node.type === 'interpolation'
}

function addParts(string: CodeNode, low: Lowering, parts: Temp[]): void {
  if (string.type !== 'string') {
    parts.push(low.expression(string))
    return
  }
  const opening = string.children[0]
  const isRaw = opening !== undefined && /^[a-z]*r/i.test(textOf(opening))
  const isFormatted = opening !== undefined && /^[a-z]*[ft]/i.test(textOf(opening))
  for (const child of string.children) {
    if (child.type === 'string_content') {
      const text = isFormatted ? textOf(child).replaceAll('{{', '{').replaceAll('}}', '}') : textOf(child)
      parts.push(low.constant(isRaw ? text : unescaped(text), child))
    } else if (child.type === 'interpolation') {
      const expression = child.children.find(({ field }) => field === 'expression')
      if (expression !== undefined) parts.push(formatted(child, low.expression(expression), low))
    }
  }
}

/** `{x!r}` is a call of `repr`, `{x:d}` a number. */
function formatted(interpolation: CodeNode, value: Temp, low: Lowering): Temp {
  const conversion = interpolation.children.find(({ type }) => type === 'type_conversion')
  const format = interpolation.children.find(({ type }) => type === 'format_specifier')
  const call = (name: string): Temp =>
    low.builder.compute(
      {
        op: 'call',
        callee: low.builder.compute({ op: 'global', name }, interpolation),
        arguments: [{ value }],
        isNew: false,
      },
      interpolation,
    )
  if (conversion !== undefined && textOf(conversion) !== '!s') return call('repr')
  if (format !== undefined && /[bcdeEfFgGnoxX%]$/.test(textOf(format))) return call('float')
  return value
}
