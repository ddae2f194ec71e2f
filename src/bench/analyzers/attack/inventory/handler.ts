import type { HandlerPlace } from './endpoint.ts'

/** Lines beyond which a handler is not believed to go on. */
const longest = 200

/**
 * The lines of the function that begins at or right under `line`: by indentation in Python, by brackets elsewhere. Pure
 * text, so that it works for code no parser accepts.
 *
 * @param line from 1: the decorator, the registration or the comparison that names the route
 */
export function handlerPlace(path: string, text: string, line: number): HandlerPlace {
  const lines = text.split('\n')
  const endLine = path.endsWith('.py') ? endByIndentation(lines, line) : endByBrackets(lines, line)
  return { path, startLine: line, endLine: Math.min(endLine, line + longest, lines.length) }
}

/** The text of a place. */
export function codeAt(text: string, { startLine, endLine }: Pick<HandlerPlace, 'startLine' | 'endLine'>): string {
  return text
    .split('\n')
    .slice(startLine - 1, endLine)
    .join('\n')
}

function endByIndentation(lines: readonly string[], from: number): number {
  let start = from - 1
  while (start < lines.length && !/^\s*(?:async\s+)?(?:def|class)\s/.test(lines[start] ?? '')) start += 1
  if (start >= lines.length || start - from > 20) return from
  const indent = indentOf(lines[start] ?? '')
  let end = start
  for (let at = start + 1; at < lines.length; at += 1) {
    const text = lines[at] ?? ''
    if (text.trim() === '') continue
    // A closing bracket of a parameter list may stand at the left edge.
    if (indentOf(text) <= indent && !/^\s*[)\]}]/.test(text)) break
    end = at
  }
  return end + 1
}

function endByBrackets(lines: readonly string[], from: number): number {
  let depth = 0
  let opened = false
  for (let at = from - 1; at < lines.length; at += 1) {
    const code = withoutText(lines[at] ?? '')
    for (const character of code) {
      if ('({['.includes(character)) {
        depth += 1
        opened = true
      } else if (')}]'.includes(character)) depth -= 1
      if (opened && depth < 0) return at + 1
    }
    if (opened && depth <= 0) return at + 1
  }
  return lines.length
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

function withoutText(line: string): string {
  return line.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g, '').replace(/\/\/.*$/, '')
}
