import { type AppSnapshot, type Component, readText, type SnapshotFile } from '#bench/apps'
import { type CodeNode, codeTree, type SyntaxLanguage } from '#bench/syntax'

/** A file with code in it, parsed. For pages and single-file components: their scripts, at their place in the file. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly root: CodeNode
}

/** A page, template or single-file component. */
export interface Markup {
  readonly path: string
  readonly text: string
}

/** The files of an app as the interface finders need them. */
export interface Sources {
  readonly scripts: readonly Source[]
  readonly python: readonly Source[]
  readonly markup: readonly Markup[]
  /** Text files that are neither: path → text. */
  readonly other: ReadonlyMap<string, string>
  readonly components: readonly Component[]
  /** Values dotenv files give, the real ones before the examples. */
  readonly settings: ReadonlyMap<string, string>
}

/** Files larger than this hold data, not code. Bytes. */
const largestFile = 1024 * 1024
const skippedRoles = new Set<SnapshotFile['role']>(['test', 'vendored', 'generated', 'lock', 'asset'])
const markupLanguages = new Set(['html', 'jinja', 'ejs', 'vue', 'svelte'])

/** Reads and parses the app's own sources. */
export async function readSources(app: AppSnapshot, signal?: AbortSignal): Promise<Sources> {
  const scripts: Source[] = []
  const python: Source[] = []
  const markup: Markup[] = []
  const other = new Map<string, string>()
  for (const file of app.files) {
    signal?.throwIfAborted()
    if (file.kind !== 'text' || skippedRoles.has(file.role) || file.size > largestFile) continue
    const text = await readText(app, file)
    const { path, language } = file
    if (language === 'python') {
      python.push({ path, text, root: await codeTree('python', text, file.digest) })
    } else if (language === 'javascript' || language === 'jsx' || language === 'typescript' || language === 'tsx') {
      const grammar = language === 'jsx' ? 'javascript' : language
      scripts.push({ path, text, root: await codeTree(grammar, text, file.digest) })
    } else if (language !== undefined && markupLanguages.has(language)) {
      markup.push({ path, text })
      const inner = scriptsIn(text)
      if (inner !== undefined) {
        scripts.push({
          path,
          text: inner.text,
          root: await codeTree(inner.language, inner.text, `script ${file.digest}`),
        })
      }
    } else if (language !== 'css' && language !== 'scss') {
      other.set(path, text)
    }
  }
  return { scripts, python, markup, other, components: app.components, settings: settingsIn(other) }
}

/** The scripts of a page with everything else blanked out, so that lines and columns stay true. */
export function scriptsIn(page: string): { readonly text: string; readonly language: SyntaxLanguage } | undefined {
  const opening = /<script\b([^>]*)>/gi
  let text = ''
  let language: SyntaxLanguage = 'javascript'
  let at = 0
  for (let match = opening.exec(page); match !== null; match = opening.exec(page)) {
    const start = match.index + match[0].length
    const end = page.indexOf('</script', start)
    const attributes = match[1] ?? ''
    if (end === -1) break
    if (/\btype\s*=\s*["']?(?!module|text\/(?:javascript|babel|jsx)|application\/javascript)[\w/+.-]/i.test(attributes))
      continue
    const lang = /\blang\s*=\s*["']?(tsx?)\b/i.exec(attributes)?.[1]?.toLowerCase()
    if (lang === 'tsx') language = 'tsx'
    else if (lang === 'ts' && language === 'javascript') language = 'typescript'
    text += blank(page.slice(at, start)) + page.slice(start, end)
    at = end
    opening.lastIndex = end
  }
  if (text.trim() === '') return undefined
  return { text: text + blank(page.slice(at)), language }
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

/** Later files win: examples first, then what is really loaded. */
function settingsIn(files: ReadonlyMap<string, string>): Map<string, string> {
  const settings = new Map<string, string>()
  const dotenvs = [...files].filter(([path]) => dotenvFile.test(path))
  dotenvs.sort(([one], [other]) => Number(exampleFile.test(other)) - Number(exampleFile.test(one)))
  for (const [, text] of dotenvs) {
    for (const { name, value } of dotenvEntries(text)) if (value !== '') settings.set(name, value)
  }
  return settings
}

/** `.env`, `.env.local`, `.env.example`, `backend.env`, `env.example`. */
export const dotenvFile = /(?:^|\/)(?:[^/]*\.env(?:\.[\w.-]+)?|env\.(?:example|sample|template))$/
export const exampleFile = /(?:example|sample|template|dist|default)s?$/i

/** The assignments of a dotenv file. */
export function dotenvEntries(
  text: string,
): { readonly name: string; readonly value: string; readonly line: number }[] {
  return text.split('\n').flatMap((content, index) => {
    const match = /^\s{0,20}(?:export\s+)?([A-Za-z_]\w*)\s{0,20}=\s{0,20}(.*)$/.exec(content.replace(/\r$/, ''))
    if (match?.[1] === undefined) return []
    const raw = (match[2] ?? '').trim()
    const quoted = /^(["'])(.*)\1$/.exec(raw)
    return [{ name: match[1], value: quoted?.[2] ?? raw.replace(/\s+#.*$/, ''), line: index + 1 }]
  })
}
