import type { Span } from '../ir/ir.ts'

/** What a template prints: the names in the expression and how they get into the page. */
export interface TemplateOutput extends Span {
  /** Each as the parts of its name: `note.author.name`; `[]` for an element of a list. */
  readonly names: readonly (readonly string[])[]
  /**
   * `escaped`: text with the characters of HTML escaped; `raw`: as it is; `code`: inside a script or a handler without
   * quotes, where escaping does not help; `address`: the start of a link.
   */
  readonly how: 'escaped' | 'raw' | 'code' | 'address'
  /** Whether it is escaped only when the environment escapes. */
  readonly byDefault: boolean
}

/** A template file: Jinja, Django, Nunjucks, EJS, Handlebars, Mustache, Pug. */
export interface Template {
  readonly path: string
  readonly text: string
  readonly outputs: readonly TemplateOutput[]
  /** Names of templates it extends or includes. */
  readonly others: readonly string[]
  /** Whether the file's ending makes Jinja escape. */
  readonly escapes: boolean
}

type Aliases = ReadonlyMap<string, readonly string[]>

export const templateEnding =
  /\.(?:html?|xhtml|xml|svg|jinja2?|j2|ejs|pug|jade|hbs|handlebars|njk|nunjucks|mustache|txt)$/i
const escapingEnding = /\.(?:html?|xhtml|xml|svg|jinja2?|j2|njk|nunjucks)$/i
/** Filters whose result is harmless in a page. */
const harmless =
  /\|\s*(?:e|escape|forceescape|escapejs|tojson|json_script|urlencode|striptags|int|float|length|count|wordcount|date|time|timesince|filesizeformat|round|format_currency|bleach\w*|clean\w*|sanitize\w*|linkify|markdown_safe|slugify)\b|\b(?:escapeHtml|escapeHTML|escape|sanitize\w*|encodeURIComponent|JSON\.stringify|DOMPurify\.sanitize|Number|parseInt|url_for|url)\s*\(|^\s*include\s*\(/
const words: ReadonlySet<string> = new Set(
  'if else and or not in is none None true false True False null undefined loop self super caller include typeof new this'.split(
    ' ',
  ),
)

/** Reads a template; an engine is recognised by the ending of the file. */
export function templateOf(path: string, text: string): Template {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  const outputs =
    ending === 'pug' || ending === 'jade'
      ? pugOutputs(text)
      : ending === 'hbs' || ending === 'handlebars' || ending === 'mustache'
        ? tagOutputs(text, handlebars, loopsOf(text))
        : ending === 'ejs' || /<%[-=]/.test(text)
          ? tagOutputs(text, ejs, loopsOf(text))
          : tagOutputs(text, jinja, loopsOf(text))
  const others = [
    ...text.matchAll(
      /\{%-?\s*(?:extends|include)\s+["']([^"'\n]{1,120})["']|include\(\s*["']([^"'\n]{1,120})["']|\{\{>\s*([\w./-]{1,120})|^\s*(?:extends|include)\s+([\w./-]{1,120})\s*$/gm,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')
  return { path, text, outputs, others, escapes: escapingEnding.test(path) }
}

interface Tags {
  readonly pattern: RegExp
  /** Whether the match prints without escaping; undefined for what prints nothing. */
  readonly isRaw: (whole: string, expression: string, before: string) => boolean | undefined
  readonly byDefault: boolean
}

const jinja: Tags = {
  pattern: /\{\{-?([^{}]{1,400}?)-?\}\}/g,
  isRaw: (_whole, expression, before) => /\|\s*(?:safe|safeseq)\b/.test(expression) || isUnescapedBlock(before),
  byDefault: true,
}
const ejs: Tags = {
  pattern: /<%([-=])([^%]{1,400}?)[-_]?%>/g,
  isRaw: (whole) => whole.startsWith('<%-'),
  byDefault: false,
}
const handlebars: Tags = {
  pattern: /\{\{\{~?([^{}]{1,200}?)~?\}\}\}|\{\{~?(&?[^{}#/>!^][^{}]{0,200}?)~?\}\}/g,
  isRaw: (whole, expression) => whole.startsWith('{{{') || expression.trimStart().startsWith('&'),
  byDefault: false,
}

/** Inside `{% autoescape false %}`. */
function isUnescapedBlock(before: string): boolean {
  const opened = before.search(/\{%-?\s*autoescape\s+(?:false|off)\s*-?%\}(?![\s\S]*\{%-?\s*endautoescape)/i)
  return opened >= 0
}

function tagOutputs(text: string, tags: Tags, aliases: Aliases): TemplateOutput[] {
  const outputs: TemplateOutput[] = []
  for (const match of text.matchAll(tags.pattern)) {
    const expression = (match[2] ?? match[1] ?? '').trim()
    const before = text.slice(0, match.index)
    const isRaw = tags.isRaw(match[0], expression, before)
    if (isRaw === undefined || harmless.test(expression)) continue
    const names = namesIn(expression, aliases)
    if (names.length === 0) continue
    const how = isRaw ? 'raw' : placeIn(before)
    outputs.push({
      names,
      how,
      byDefault: tags.byDefault && !isRaw,
      start: match.index,
      end: match.index + match[0].length,
    })
  }
  return outputs
}

/** Where in the page the text before leaves off. */
function placeIn(before: string): TemplateOutput['how'] {
  const script = before.toLowerCase().lastIndexOf('<script')
  if (script >= 0 && !/<\/script/i.test(before.slice(script))) {
    const line = before.slice(before.lastIndexOf('\n') + 1)
    const quoted = (line.match(/["']/g)?.length ?? 0) % 2 === 1
    const inTemplate = (before.slice(script).match(/`/g)?.length ?? 0) % 2 === 1
    return inTemplate || !quoted ? 'code' : 'escaped'
  }
  const tag = /<[a-zA-Z][^<>]*$/.exec(before.slice(-600))?.[0]
  if (tag === undefined) return 'escaped'
  const attribute = /([\w:@.-]+)\s*=\s*(?:"([^"]*)|'([^']*)|([^\s"'<>]*))$/.exec(tag)
  if (attribute === null) return 'escaped'
  const [, name = '', double, single, bare] = attribute
  const value = double ?? single ?? bare ?? ''
  if (/^on\w+$/i.test(name)) return 'code'
  if (/^(?:href|action|formaction|xlink:href)$/i.test(name) && value === '') return 'address'
  // A space ends a value without quotes.
  return bare !== undefined ? 'raw' : 'escaped'
}

/** Loop variables and names set from others, with what they stand for. */
function loopsOf(text: string): Aliases {
  const aliases = new Map<string, readonly string[]>()
  const loops =
    /\{%-?\s*for\s+(?:\w+\s*,\s*)?(\w+)\s+in\s+([\w.]+)|<%_?\s*(?:for\s*\(\s*(?:const|let|var)\s+(\w+)\s+of\s+([\w.]+)|([\w.]+)\.(?:forEach|map)\(\s*(?:function\s*)?\(?\s*(\w+))/g
  for (const match of text.matchAll(loops)) {
    const name = match[1] ?? match[3] ?? match[6]
    const source = match[2] ?? match[4] ?? match[5]
    if (name !== undefined && source !== undefined && name !== source) aliases.set(name, [...source.split('.'), '[]'])
  }
  for (const match of text.matchAll(/\{%-?\s*(?:set|with)\s+(\w+)\s*=\s*([\w.]+)\s*-?%\}/g)) {
    if (match[1] !== undefined && match[2] !== undefined && match[1] !== match[2])
      aliases.set(match[1], match[2].split('.'))
  }
  for (const match of text.matchAll(/\{\{#each\s+([\w.]+)(?:\s+as\s+\|(\w+))?/g)) {
    const list = [...(match[1] ?? '').split('.'), '[]']
    aliases.set(match[2] ?? 'this', list)
  }
  return aliases
}

const reference =
  /[A-Za-z_$][\w$]*(?:\s*(?:\.\s*[\w$]+(?!\s*\()|\[\s*(?:"[^"\n]{0,80}"|'[^'\n]{0,80}'|\w{1,40})\s*\]))*/g

/** The dotted names in an expression, aliases replaced; text in quotes and filters left out. */
function namesIn(expression: string, aliases: Aliases): string[][] {
  const [value = ''] = expression.split(/\|(?!\|)/)
  const bare = value.replace(/(?<![[\w])(?:"[^"\n]{0,200}"|'[^'\n]{0,200}')/g, ' ')
  const names: string[][] = []
  for (const match of bare.matchAll(reference)) {
    const parts = match[0]
      .split(/\s*\.\s*|\s*\[\s*|\s*\]\s*/)
      .filter(Boolean)
      .map((part) => part.replace(/^["']|["']$/g, ''))
    const [root = ''] = parts
    if (root === 'this' && aliases.has('this')) names.push(expand(parts, aliases))
    else if (!words.has(root)) {
      names.push(expand(parts, aliases))
      // `{{#each notes}} {{{title}}}`: a name of the element.
      const each = aliases.get('this')
      if (each !== undefined) names.push([...each, ...parts])
    }
  }
  return names
}

function expand(parts: readonly string[], aliases: Aliases): string[] {
  let current = [...parts]
  for (let round = 0; round < 5; round++) {
    const [root = '', ...rest] = current
    const source = aliases.get(root)
    if (source === undefined) return current
    current = [...source, ...rest]
  }
  return current
}

/** `!{name}` and `tag!= name`; loops as `each item in items`. */
function pugOutputs(text: string): TemplateOutput[] {
  const aliases = new Map<string, readonly string[]>()
  for (const match of text.matchAll(/^\s*(?:each|for)\s+(\w+)(?:\s*,\s*\w+)?\s+in\s+([\w.]+)/gm)) {
    if (match[1] !== undefined && match[2] !== undefined) aliases.set(match[1], [...match[2].split('.'), '[]'])
  }
  const outputs: TemplateOutput[] = []
  for (const match of text.matchAll(/!\{([^{}\n]{1,200})\}|^[ \t]*[\w.#()=" '-]{0,80}!=[ \t]*([^\n]{1,200})$/gm)) {
    const expression = match[1] ?? match[2] ?? ''
    const names = harmless.test(expression) ? [] : namesIn(expression, aliases)
    if (names.length > 0)
      outputs.push({ names, how: 'raw', byDefault: false, start: match.index, end: match.index + match[0].length })
  }
  return outputs
}
