import type { Language as AppLanguage } from '#bench/apps'
import { type SyntaxLanguage, syntaxLanguageOf } from './syntax.ts'

/** Code a grammar can read, with every position the same as in the file it comes from. */
export interface SyntaxSource {
  readonly language: SyntaxLanguage
  readonly text: string
  /** True when the text is only the scripts of a page or component; the rest is blank. */
  readonly embedded: boolean
}

const pages: ReadonlySet<AppLanguage> = new Set<AppLanguage>(['html', 'vue', 'svelte', 'jinja', 'ejs'])
const scriptOpening = /<script\b([^>]{0,1000})>/gi
const scriptTypes = /\btype\s*=\s*["']?(?:text\/javascript|module|application\/javascript|text\/babel|text\/jsx)\b/i

/**
 * What of a file is program code: the whole text of a program, the `<script>` elements of a page or component (all else
 * blanked, so that lines and columns stay), undefined where there is none.
 */
export function syntaxSourceOf(language: AppLanguage | undefined, text: string): SyntaxSource | undefined {
  const whole = syntaxLanguageOf(language)
  if (whole !== undefined) return { language: whole, text, embedded: false }
  if (language === undefined || !pages.has(language)) return undefined
  return scriptsOf(text)
}

function scriptsOf(text: string): SyntaxSource | undefined {
  const scripts: { start: number; end: number }[] = []
  let language: SyntaxLanguage = 'javascript'
  for (const opening of text.matchAll(scriptOpening)) {
    const attributes = opening[1] ?? ''
    const start = opening.index + opening[0].length
    if (start < (scripts.at(-1)?.end ?? 0)) continue
    if (/\bsrc\s*=/i.test(attributes)) continue
    if (/\btype\s*=/i.test(attributes) && !scriptTypes.test(attributes)) continue
    const closing = text.slice(start).search(/<\/script/i)
    const end = closing < 0 ? text.length : start + closing
    const lang = /\blang\s*=\s*["']?(tsx?)\b/i.exec(attributes)?.[1]?.toLowerCase()
    if (lang === 'tsx') language = 'tsx'
    else if (lang === 'ts' && language === 'javascript') language = 'typescript'
    scripts.push({ start, end })
  }
  if (scripts.length === 0) return undefined
  let result = ''
  let at = 0
  for (const { start, end } of scripts) {
    result += blank(text.slice(at, start)) + blankTemplateTags(text.slice(start, end))
    at = end
  }
  return { language, text: result + blank(text.slice(at)), embedded: true }
}

/** The same number of characters and lines, nothing else. */
export function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ')
}

/** Template output (`{{ x }}`, `<%= x %>`) becomes an identifier of the same length, template statements become blanks. */
function blankTemplateTags(text: string): string {
  return text
    .replace(/<%[=-][^%\n]{0,500}%>|\{\{[^{}\n]{0,500}\}\}/g, (tag) => '_'.repeat(tag.length))
    .replace(/<%[^%]{0,500}%>|\{%[^%]{0,500}%\}|\{#[^#]{0,500}#\}/g, blank)
}
