/** What a scan of a source says without parsing it. */
export interface Scan {
  /** For each line (from 0), whether it begins in code rather than inside a string or a block comment. */
  readonly beginsInCode: readonly boolean[]
  /** Brackets never closed, outermost first, with their lines from 1. */
  readonly unclosed: readonly { readonly bracket: string; readonly line: number }[]
  /** The file ends inside a string, template or block comment that may span lines. */
  readonly endsInText: boolean
}

const closing: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/**
 * Follows brackets, strings and comments through a source in one pass. Works on broken sources, where a parser loses
 * its way. Apostrophes in JSX text are taken for strings, which end with their line.
 */
export function scan(text: string, grammar: 'python' | 'javascript' | 'css'): Scan {
  const beginsInCode: boolean[] = [true]
  const open: { bracket: string; line: number }[] = []
  /** Templates being written, by how many brackets were open when their `${` began. */
  const templates: number[] = []
  let line = 1
  let at = 0
  let endsInText = false
  const pass = (end: number) => {
    for (; at < end; at++) {
      if (text[at] !== '\n') continue
      line++
      beginsInCode.push(false)
    }
  }
  const template = () => {
    for (;;) {
      const next = /[`\\]|\$\{/g
      next.lastIndex = at
      const match = next.exec(text)
      if (match === null) {
        endsInText = true
        pass(text.length)
        return
      }
      pass(match.index + match[0].length)
      if (match[0] === '\\') pass(Math.min(text.length, at + 1))
      else if (match[0] === '`') return
      else {
        open.push({ bracket: '{', line })
        templates.push(open.length)
        return
      }
    }
  }
  while (at < text.length) {
    const character = text[at] ?? ''
    if (character === '\n') {
      at++
      line++
      beginsInCode.push(true)
    } else if (grammar === 'python' && character === '#') {
      at = lineEnd(text, at)
    } else if (grammar !== 'python' && text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2)
      endsInText ||= end === -1
      pass(end === -1 ? text.length : end + 2)
    } else if (grammar === 'javascript' && text.startsWith('//', at) && text[at - 1] !== ':') {
      at = lineEnd(text, at)
    } else if (grammar === 'python' && (text.startsWith('"""', at) || text.startsWith("'''", at))) {
      const end = tripleEnd(text, at + 3, text.slice(at, at + 3))
      endsInText ||= end === -1
      pass(end === -1 ? text.length : end)
    } else if (character === '"' || character === "'") {
      pass(stringEnd(text, at + 1, character))
    } else if (grammar === 'javascript' && character === '`') {
      pass(at + 1)
      template()
    } else if (grammar === 'javascript' && character === '/' && beginsRegex(text, at)) {
      pass(regexEnd(text, at + 1))
    } else if (character === '(' || character === '[' || character === '{') {
      open.push({ bracket: character, line })
      at++
    } else if (closing[character] !== undefined) {
      at++
      if (open.at(-1)?.bracket === closing[character]) {
        const inTemplate = templates.at(-1) === open.length
        open.pop()
        if (character === '}' && inTemplate) {
          templates.pop()
          template()
        }
      }
    } else at++
  }
  return { beginsInCode, unclosed: open, endsInText }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

function stringEnd(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === quote) return at + 1
    else if (text[at] === '\n') return at
  }
  return text.length
}

function tripleEnd(text: string, from: number, quotes: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text.startsWith(quotes, at)) return at + 3
  }
  return -1
}

function beginsRegex(text: string, at: number): boolean {
  let before = at - 1
  while (before >= 0 && /\s/.test(text[before] ?? '')) before--
  // `/>` ends a tag.
  if (text[at + 1] === '>') return false
  if (before < 0 || /[(,=:[!&|?{};+]/.test(text[before] ?? '') || text.slice(before - 1, before + 1) === '=>')
    return true
  return /\b(?:return|typeof|case)$/.test(text.slice(Math.max(0, before - 7), before + 1))
}

function regexEnd(text: string, from: number): number {
  let inClass = false
  for (let at = from; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '[') inClass = true
    else if (text[at] === ']') inClass = false
    else if (text[at] === '/' && !inClass) return at + 1
  }
  // No end on this line: it was a division.
  return from
}
