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

/** Lines beyond which a function that is called is not taken along. */
const calledLines = 80

/** Code with the functions of the same file that it hands the request to. */
export function withCalled(code: string, path: string, text: string): string {
  const lines = text.split('\n')
  const called = new Set(
    [...code.matchAll(/\b([A-Za-z_]\w*)\(\s*(?:req|request|ctx|url|body|query|params)\b/g)].map(
      ([, name = '']) => name,
    ),
  )
  const bodies = [...called].flatMap((name) => {
    const at = lines.findIndex((line) =>
      new RegExp(`(?:\\bfunction\\s+|\\b(?:const|let|var)\\s+|\\bdef\\s+)${name}\\b`).test(line),
    )
    if (at < 0) return []
    const place = handlerPlace(path, text, at + 1)
    return place.endLine - place.startLine > calledLines ? [] : [codeAt(text, place)]
  })
  return [code, ...bodies.filter((body) => !code.includes(body))].join('\n')
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
      } else if (')}]'.includes(character) && (opened || depth > 0)) depth -= 1
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
