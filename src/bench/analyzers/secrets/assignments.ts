import type { Language } from '#bench/apps'
import type { Candidate } from './candidate.ts'
import { credentialName } from './credential.ts'

// Every repetition is bounded and starts at a fixed character, so that hostile lines cost linear time.
const name = String.raw`[A-Za-z_$][\w$.-]{0,80}`
const quoted = String.raw`(?:"(?<double>[^"\r\n]{1,4096})"|'(?<single>[^'\r\n]{1,4096})'|${'`'}(?<back>[^${'`'}\r\n]{1,4096})${'`'})`

/** `NAME=value`, `export NAME="value"`, `name: value` on a line of its own. */
const line = new RegExp(
  String.raw`^[ \t]{0,40}(?<comment>[#;][ \t]{0,8})?(?:-[ \t]{1,8})?(?:export[ \t]{1,8}|set[ \t]{1,8})?["']?(?<name>${name})["']?[ \t]{0,8}[=:][ \t]{0,8}(?:${quoted}|(?<bare>[^\s"'#][^\r\n#]{0,400}))`,
  'gm',
)
/** `"name": "value"`, `name = 'value'`, `name: str = "value"`, `name='value'`, `config['NAME'] = 'value'`. */
const literal = new RegExp(
  String.raw`(?<![\w$.])(?<name>${name})["'${'`'}]?\]?[ \t]{0,8}(?:\??:[ \t]{0,8}[A-Za-z]{1,20}[ \t]{0,8}=|:=|=>|[=:])[ \t\r\n]{0,8}[bru]?${quoted}`,
  'g',
)
/** `os.environ.get('NAME', 'value')`, `os.getenv("NAME", "value")`, `config('NAME', default='value')`. */
const fallbackArgument = new RegExp(
  String.raw`(?:get|getenv|env|config|env\.str|getProperty|setdefault)\([ \t\r\n]{0,8}["'](?<name>${name})["'][ \t\r\n]{0,8},[ \t\r\n]{0,8}(?:default[ \t]{0,4}=[ \t]{0,4})?${quoted}`,
  'g',
)
/** `process.env.NAME || 'value'`, `os.getenv('NAME') or 'value'`, `import.meta.env.NAME ?? 'value'`. */
const fallbackOperator = new RegExp(
  String.raw`(?:env\.|env\[["']|getenv\(["']|get\(["'])(?<name>[A-Za-z_]\w{0,80})(?:["'][)\]])?[ \t\r\n]{0,8}(?:\|\|=?|\?\?=?|or\b)[ \t\r\n]{0,8}${quoted}`,
  'g',
)
/** `jwt.sign(payload, 'value')`, `jwt.encode(payload, "value")`: the key that signs tokens. */
const signing = new RegExp(
  String.raw`\b(?<name>jwt)\.(?:sign|verify|encode|decode)\([^,'"()]{1,120},[ \t\r\n]{0,8}${quoted}`,
  'g',
)

const lineLanguages: ReadonlySet<Language> = new Set(['dotenv', 'ini', 'yaml', 'shell', 'toml'])
const sourcePatterns = [literal, fallbackArgument, fallbackOperator, signing]

/** Values given to names of credentials, in the way the language writes it. */
export function assignments(text: string, language: Language | undefined): Candidate[] {
  const patterns = language !== undefined && lineLanguages.has(language) ? [line] : sourcePatterns
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const found = match.groups?.['name'] ?? ''
      const written = found === 'jwt' ? 'jwt_secret' : found
      if (credentialName(written) === undefined) return []
      const value = writtenValue(match)
      const separator = match[0].slice(match[0].indexOf(found) + found.length).slice(0, 20)
      const end = match.index + match[0].length - (match.groups?.['bare'] === undefined ? 1 : 0) - value.trailing
      return [
        {
          start: end - value.text.length,
          end,
          value: value.text,
          origin: {
            kind: 'assignment',
            name: written,
            commented: isCommented(text, match.index),
            entry: /^["'`]?[ \t]*:[ \t\r\n]*["'`]/.test(separator),
          } as const,
        },
      ]
    }),
  )
}

function writtenValue({ groups }: RegExpExecArray): { text: string; trailing: number } {
  const bare = groups?.['bare']
  if (bare === undefined)
    return { text: groups?.['double'] ?? groups?.['single'] ?? groups?.['back'] ?? '', trailing: 0 }
  // `- "NAME=value"` in a list of docker-compose ends in the quote.
  const text = bare.trimEnd().replace(/["']$/, '')
  return { text, trailing: bare.length - text.length }
}

function isCommented(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]{0,40}(?:#|\/\/|\/?\*|<!--|;|--)/.test(text.slice(start, start + 50))
}
