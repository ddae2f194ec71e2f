import type { RawFinding } from '#bench/findings'
import type { Interfaces, Sources } from '#bench/interfaces'
import type { WiringRule } from './rules.ts'

/** What the judges look at. */
export interface Wiring extends Interfaces {
  readonly sources: Sources
  /** Every path of the app, whatever its kind. */
  readonly paths: readonly string[]
  /** The text of a file that was read, by path. */
  readonly texts: ReadonlyMap<string, string>
}

/** A finding at a line, with the line as evidence. */
export function findingAt(
  wiring: Wiring,
  rule: WiringRule,
  at: { readonly file: string; readonly line: number },
  message: string,
  more: Partial<Pick<RawFinding, 'severity' | 'confidence' | 'subject' | 'fix'>> & {
    readonly related?: readonly { readonly file: string; readonly line: number; readonly message: string }[]
  } = {},
): RawFinding {
  const { related = [], ...rest } = more
  const snippet = wiring.texts.get(at.file)?.split('\n')[at.line - 1]?.trim().slice(0, 300)
  return {
    rule,
    message,
    location: { kind: 'file', path: at.file, region: { startLine: at.line } },
    evidence: {
      ...(snippet && { snippet }),
      ...(related.length > 0 && {
        related: related.map(({ file, line, message: text }) => ({
          location: { kind: 'file' as const, path: file, region: { startLine: line } },
          message: text,
        })),
      }),
    },
    ...rest,
  }
}
