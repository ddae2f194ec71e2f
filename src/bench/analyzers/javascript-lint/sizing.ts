import { type AppSnapshot, readText } from '#bench/apps'
import type { Confidence, Rule, Severity } from '#bench/findings'
import type { Copy } from './working-copy.ts'

/** How a diagnostic is reported: as its rule has it, or with another weight at this place. */
export interface Size {
  readonly severity?: Severity
  readonly confidence?: Confidence
}

/** What oxlint cannot know about an app. */
export interface Surroundings {
  /** Express 5 hands rejections of async handlers to the error handler. */
  readonly awaitsHandlers: boolean
  /** Names that scripts in pages and templates define for other scripts. */
  readonly pageNames: ReadonlySet<string>
}

/** Characters after a diagnostic's start that decide about it. */
const sight = 400

/** The weight of a diagnostic at its place, or undefined when it is known to be noise there. */
export function sizeOf(rule: Rule, copy: Copy, offset: number, surroundings: Surroundings): Size | undefined {
  const { text, original } = copy
  const ahead = text.slice(offset, offset + sight)
  if (rule.id.startsWith('react/') && !isReact(copy)) return undefined
  if (rule.id === 'oxc/no-async-endpoint-handlers' && !/\bexpress\b/.test(text)) return undefined
  if (rule.id === 'eslint/no-undef') {
    const name = /^[\w$]+/.exec(ahead)?.[0] ?? ''
    return surroundings.pageNames.has(name) ? undefined : undefinedName(name, text)
  }
  if (rule.id === 'react/no-danger' && isSanitised(ahead, text)) return undefined
  if (
    rule.id === 'oxc/no-async-endpoint-handlers' &&
    (surroundings.awaitsHandlers || /^async\b[^{]*\{\s*try\b/.test(ahead))
  ) {
    return undefined
  }
  if (rule.id === 'eslint/no-unused-vars' && !copy.module && isTopLevel(text, offset)) return undefined
  if (original.role === 'test' && rule.category === 'security') return { severity: 'low' }
  return {}
}

/** Other libraries have functions named `useX`, and constructors that use `this`. */
function isReact({ text, original }: Copy): boolean {
  return (
    original.language === 'jsx' ||
    original.language === 'tsx' ||
    /\b(?:from|require\(|import)\s{0,4}['"](?:react|preact|next|gatsby|@remix-run|@react)(?:[-/][\w/-]{0,40})?['"]|\bReact\./.test(
      text,
    )
  )
}

/** Constants that build tools put in, and jQuery of the page, are defined; a name assigned in sloppy code becomes a global. */
function undefinedName(name: string, text: string): Size | undefined {
  if (/^__[A-Z0-9_]+__$/.test(name)) return undefined
  const strict = /^[ \t]*(?:import|export)\b|['"]use strict['"]/m.test(text)
  if (strict) return {}
  if (name === '$' || name === 'jQuery') return undefined
  return new RegExp(String.raw`(?<![.\w$])${name.replaceAll('$', String.raw`\$`)}[ \t]{0,4}=(?!=|>)`).test(text)
    ? { severity: 'low' }
    : {}
}

/** Whether a declaration stands at the start of a line, where the page and other scripts can use its name. */
function isTopLevel(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  return /^(?:async|function|class|const|let|var)\b/.test(line)
}

const cleaned = String.raw`(?:\w{0,40}\.)?(?:DOMPurify|sanitize\w{0,40}|purify|xss|JSON\.stringify)\b`

/** Markup through a sanitiser, directly or by a variable that holds nothing else; structured data through JSON. */
function isSanitised(ahead: string, text: string): boolean {
  if (new RegExp(String.raw`__html:\s*${cleaned}`, 'i').test(ahead)) return true
  const name = /__html:\s*([A-Za-z_]\w{0,60})\s*\}/.exec(ahead)?.[1]
  if (name === undefined) return false
  const assigned = new RegExp(String.raw`\b${name}\s{0,4}=(?!=)\s{0,20}([^;]{0,160})`, 'g')
  const values = [...text.matchAll(assigned)].map(([, value = '']) => value)
  const clean = new RegExp(String.raw`^(?:(?:React\.)?useMemo\(\s*\(\)\s*=>\s*)?${cleaned}`, 'i')
  return values.length > 0 && values.every((value) => clean.test(value))
}

/** Reads what the app's manifests say. A manifest that cannot be read says nothing; other analyzers report it. */
export async function surroundingsOf(app: AppSnapshot): Promise<Surroundings> {
  let awaitsHandlers = false
  const pageNames = new Set<string>()
  for (const file of app.files) {
    if (isPage(file) && file.size <= 1024 * 1024) {
      for (const [, name = ''] of (await readText(app, file)).matchAll(definition)) pageNames.add(name)
    }
    if (!/(?:^|\/)package\.json$/.test(file.path) || file.encoding === undefined || file.size > 1024 * 1024) continue
    const range = /"express"\s*:\s*"([^"]{0,80})"/.exec(await readText(app, file))?.[1]
    if (range !== undefined && /^[\^~>=v\s]{0,4}(?:[5-9]|\d\d)\b/.test(range)) awaitsHandlers = true
  }
  return { awaitsHandlers, pageNames }
}

/** `var SETTINGS =`, `window.SETTINGS =`. */
const definition = /(?<![\w$.])(?:var|let|const|window\.|globalThis\.)\s{0,8}([A-Za-z_$][\w$]{0,80})\s{0,8}=(?!=)/g

function isPage({ language, encoding }: AppSnapshot['files'][number]): boolean {
  return encoding !== undefined && (language === 'html' || language === 'jinja' || language === 'ejs')
}
