import type { RawFinding } from '#bench/findings'
import { findingAt, lineAt, type View } from './view.ts'

/** The characters Windows-1252 has for the bytes 0x80 to 0x9F. Source: WHATWG Encoding Standard, index windows-1252. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009dž\u009f'
/** A lead byte of UTF-8 and one to three more, as Windows-1252 shows them. */
const candidate = /[ÂÃâãäåæçèéðÅÄÐÑØÙÎÏ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{1,3}/g
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Text in UTF-8 that was read as another encoding and saved again, and characters that were lost on the way. */
export function judgeCharacters(view: View): RawFinding[] {
  return [...garbled(view), ...lost(view)]
}

function garbled(view: View): RawFinding[] {
  let first: { readonly at: number; readonly shown: string; readonly meant: string } | undefined
  let count = 0
  for (const match of view.text.matchAll(candidate)) {
    const found = meantBy(match[0])
    if (found === undefined || isDeliberate(view, match.index, found.meant)) continue
    count++
    first ??= { at: match.index, ...found }
  }
  if (first === undefined) return []
  return [
    findingAt(
      view,
      'mojibake',
      lineAt(view, first.at),
      `"${first.shown}" was meant to be "${first.meant}"${count > 1 ? ` (${count} such places in the file)` : ''}.`,
      {
        subject: first.shown,
      },
    ),
  ]
}

/** The character a garbled sequence stands for, if its bytes are well-formed UTF-8. */
function meantBy(sequence: string): { readonly shown: string; readonly meant: string } | undefined {
  const bytes = [...sequence].map(byteOf)
  const lead = bytes[0] ?? 0
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  if (bytes.length < length || bytes.some((byte) => byte === undefined)) return undefined
  try {
    const meant = decoder.decode(Uint8Array.from(bytes.slice(0, length).map((byte) => byte ?? 0)))
    return { shown: sequence.slice(0, length), meant }
  } catch (error) {
    // Not UTF-8 after all: the characters are themselves.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function byteOf(character: string): number | undefined {
  const code = character.codePointAt(0) ?? 0
  if (code >= 0x80 && code < 0x100) return code
  const at = windows1252.indexOf(character)
  if (at !== -1) return 0x80 + at
  return character === 'Ÿ' ? 0x9f : undefined
}

/** Code that repairs garbled text names both forms. */
function isDeliberate(view: View, at: number, meant: string): boolean {
  const line = view.lines.line(lineAt(view, at))
  return line.includes(meant) || /\breplace(?:All)?\(|mojibake|ftfy/i.test(line)
}

function lost(view: View): RawFinding[] {
  if (view.file.encoding !== 'utf-8') return []
  const at = view.text.indexOf('\ufffd')
  if (at === -1) return []
  const line = lineAt(view, at)
  if (/["'`]\ufffd["'`]|replace(?:All)?\(|indexOf|includes|\bin\b|==/.test(view.lines.line(line))) return []
  return [findingAt(view, 'mojibake', line, 'A character was lost: U+FFFD stands where it was.', { subject: 'U+FFFD' })]
}
