/** An element as a browser's parser would open it. */
export interface HtmlElement {
  /** In lower case. */
  readonly name: string
  /** Names in lower case; values with the common character references decoded. The first of equal names counts. */
  readonly attributes: ReadonlyMap<string, string>
  /** Up to the next tag, for titles, texts and scripts. */
  readonly text: string
}

/** Elements whose content is text, whatever it looks like (HTML standard, 13.2.5.1 ff.). */
const textOnly: ReadonlySet<string> = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
])

/**
 * The opening tags of a page in order, as the tokenizer of the HTML standard sees them: nothing inside comments, scripts,
 * text areas or attribute values is taken for a tag. Never throws.
 */
export function elementsOf(html: string): HtmlElement[] {
  const elements: HtmlElement[] = []
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open === -1) break
    if (html.startsWith('<!--', open)) {
      const close = html.indexOf('-->', open + 2)
      if (close === -1) break
      at = close + 3
      continue
    }
    if (!/[a-zA-Z]/.test(html[open + 1] ?? '')) {
      // An end tag, a declaration, or a plain character.
      at = /[/!?]/.test(html[open + 1] ?? '') ? after(html, '>', open) : open + 1
      continue
    }
    const tag = openingTag(html, open + 1)
    if (tag === undefined) break
    const close = textOnly.has(tag.name) ? closingTag(html, tag.name, tag.end) : html.indexOf('<', tag.end)
    const end = close === -1 ? html.length : close
    elements.push({ name: tag.name, attributes: tag.attributes, text: html.slice(tag.end, end) })
    at = textOnly.has(tag.name) ? end : tag.end
  }
  return elements
}

function openingTag(html: string, from: number) {
  let at = from
  while (at < html.length && !/[\s/>]/.test(html[at] ?? '')) at += 1
  const name = html.slice(from, at).toLowerCase()
  const attributes = new Map<string, string>()
  while (at < html.length) {
    const character = html[at] ?? ''
    if (character === '>') return { name, attributes, end: at + 1 }
    if (/[\s/]/.test(character)) {
      at += 1
      continue
    }
    const start = at
    at += 1
    while (at < html.length && !/[\s/>=]/.test(html[at] ?? '')) at += 1
    const attribute = html.slice(start, at).toLowerCase()
    let value = ''
    const equals = /^\s*=\s*/.exec(html.slice(at, at + 200))?.[0]
    if (equals !== undefined) {
      at += equals.length
      const quote = html[at]
      if (quote === '"' || quote === "'") {
        const close = html.indexOf(quote, at + 1)
        if (close === -1) return undefined
        value = html.slice(at + 1, close)
        at = close + 1
      } else {
        const begin = at
        while (at < html.length && !/[\s>]/.test(html[at] ?? '')) at += 1
        value = html.slice(begin, at)
      }
    }
    if (!attributes.has(attribute)) attributes.set(attribute, decoded(value))
  }
  return undefined
}

function closingTag(html: string, name: string, from: number): number {
  const found = new RegExp(`</${name}(?=[\\s/>])`, 'i').exec(html.slice(from))
  return found === null ? -1 : from + found.index
}

function after(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from)
  return at === -1 ? html.length : at + mark.length
}

const references: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** Text with the common character references decoded. */
export function decoded(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi,
    (whole, decimal?: string, hex?: string, named?: string) => {
      if (named !== undefined) return references[named.toLowerCase()] ?? whole
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
