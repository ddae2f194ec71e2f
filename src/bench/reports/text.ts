/**
 * Untrusted text made safe for a terminal: control characters, escape sequences, bidirectional overrides and invisible
 * characters are shown as `\u001b`; white space is collapsed to single spaces.
 */
export function visible(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replaceAll(hidden, escaped)
}

/** C0, DEL, C1; soft hyphen; zero-width and bidirectional controls; line separators; byte order mark; tags; lone surrogates. */
const hidden =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u

/** Columns a text takes in a terminal: 2 for wide East Asian characters and emoji, 0 for combining marks. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const char of text) {
    if (/\p{M}/u.test(char)) continue
    columns += wide.test(char) ? 2 : 1
  }
  return columns
}

/** Breaks text into lines of at most `width` columns, between words where it can, inside a word where it must. */
export function wrap(text: string, width: number): string[] {
  const limit = Math.max(width, 8)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (columnsOf(joined) <= limit) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = columnsOf(word) <= limit ? [word] : cut(word, limit)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

function cut(word: string, limit: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let columns = 0
  for (const char of word) {
    const size = columnsOf(char)
    if (columns + size > limit) {
      pieces.push(piece)
      piece = ''
      columns = 0
    }
    piece += char
    columns += size
  }
  pieces.push(piece)
  return pieces
}

/** Fills with spaces up to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)))
}
