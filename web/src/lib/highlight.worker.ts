import type { LanguageFn } from 'highlight.js'
import hljs from 'highlight.js/lib/core'
import { linesOfTokens, type Token } from './highlight.ts'

export interface HighlightRequest {
  readonly id: number
  readonly code: string
  readonly language: string
}
export interface HighlightAnswer {
  readonly id: number
  /** Absent when there is no grammar for the language. */
  readonly lines?: Token[][]
}

type Grammar = () => Promise<{ readonly default: LanguageFn }>

/** Assay's language names → the grammar that draws them. */
const grammars: Readonly<Record<string, readonly [name: string, load: Grammar]>> = {
  python: ['python', () => import('highlight.js/lib/languages/python')],
  javascript: ['javascript', () => import('highlight.js/lib/languages/javascript')],
  jsx: ['javascript', () => import('highlight.js/lib/languages/javascript')],
  typescript: ['typescript', () => import('highlight.js/lib/languages/typescript')],
  tsx: ['typescript', () => import('highlight.js/lib/languages/typescript')],
  html: ['xml', () => import('highlight.js/lib/languages/xml')],
  vue: ['xml', () => import('highlight.js/lib/languages/xml')],
  svelte: ['xml', () => import('highlight.js/lib/languages/xml')],
  xml: ['xml', () => import('highlight.js/lib/languages/xml')],
  svg: ['xml', () => import('highlight.js/lib/languages/xml')],
  jinja: ['xml', () => import('highlight.js/lib/languages/xml')],
  ejs: ['xml', () => import('highlight.js/lib/languages/xml')],
  css: ['css', () => import('highlight.js/lib/languages/css')],
  scss: ['scss', () => import('highlight.js/lib/languages/scss')],
  json: ['json', () => import('highlight.js/lib/languages/json')],
  yaml: ['yaml', () => import('highlight.js/lib/languages/yaml')],
  toml: ['ini', () => import('highlight.js/lib/languages/ini')],
  ini: ['ini', () => import('highlight.js/lib/languages/ini')],
  dotenv: ['ini', () => import('highlight.js/lib/languages/ini')],
  markdown: ['markdown', () => import('highlight.js/lib/languages/markdown')],
  shell: ['bash', () => import('highlight.js/lib/languages/bash')],
  sql: ['sql', () => import('highlight.js/lib/languages/sql')],
  dockerfile: ['dockerfile', () => import('highlight.js/lib/languages/dockerfile')],
  nginx: ['nginx', () => import('highlight.js/lib/languages/nginx')],
}

const answer = (message: HighlightAnswer) => postMessage(message)

addEventListener('message', async ({ data }: MessageEvent<HighlightRequest>) => {
  const entry = grammars[data.language]
  if (!entry) return answer({ id: data.id })
  const [name, load] = entry
  if (!hljs.getLanguage(name)) hljs.registerLanguage(name, (await load()).default)
  answer({
    id: data.id,
    lines: linesOfTokens(hljs.highlight(data.code, { language: name, ignoreIllegals: true }).value),
  })
})
