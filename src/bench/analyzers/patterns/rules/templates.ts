/** A place in a template where a value becomes HTML without escaping. */
export interface TemplateHit {
  readonly rule: string
  readonly message: string
  readonly start: number
  readonly end: number
}

/** Filters and functions whose result is safe as HTML. */
const sanitising =
  /\b(?:tojson|sanitize\w*|bleach|clean|escape|e|urlencode|striptags|json_script|forceescape|DOMPurify)\b/i
/** What frameworks give as HTML on purpose. */
const frameworkHtml = /\b(?:csrf|form|field|hidden_tag|pagination|super|caller|include|body|children|block)\b/i

const patterns: Readonly<Record<string, readonly RegExp[]>> = {
  jinja: [/\{\{([^{}\n]{1,300}\|\s*safe\b[^{}\n]{0,100})\}\}/g, /\{%-?\s*autoescape\s+(?:false|off)\s*-?%\}/g],
  ejs: [/<%-([^%\n]{1,300})%>/g],
  vue: [/\sv-html\s*=\s*"([^"\n]{1,300})"/g],
  svelte: [/\{@html\s+([^{}\n]{1,300})\}/g],
}

/** Unescaped output in a template: `{{ x|safe }}`, `<%- x %>`, `v-html`, `{@html x}`. */
export function templateHits(language: string, text: string): TemplateHit[] {
  const hits: TemplateHit[] = []
  for (const pattern of patterns[language === 'html' ? 'jinja' : language] ?? []) {
    for (const match of text.matchAll(pattern)) {
      const expression = (match[1] ?? '').trim()
      if (
        /^["'][^"']*["']\s*(?:\||$)/.test(expression) ||
        sanitising.test(expression) ||
        frameworkHtml.test(expression)
      )
        continue
      const start = match.index + (match[0].length - match[0].trimStart().length)
      const message =
        expression === ''
          ? 'Automatic escaping is switched off here.'
          : `\`${expression.slice(0, 80)}\` is inserted as HTML.`
      hits.push({ rule: 'raw-html', message, start, end: match.index + match[0].length })
    }
  }
  return hits
}
