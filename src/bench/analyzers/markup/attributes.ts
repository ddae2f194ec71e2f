import type { MarkupHit } from './html.ts'
import type { Page } from './templates.ts'

const openingTag = /<([a-z][\w-]*)((?:\s+[^\s=<>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?|\s*\/)*)\s*>/gi
const attribute = /\s([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g

/** Rules about the value of an attribute. */
const valueRules = new Set(['positive-tabindex', 'unknown-aria'])

/** Elements that take the focus and keys by themselves. */
const controls = new Set([
  'a',
  'button',
  'input',
  'select',
  'textarea',
  'summary',
  'option',
  'label',
  'details',
  'dialog',
  'form',
  'body',
  'html',
  'video',
  'audio',
  'area',
])

/** What html-validate does not look at: tab order, focus, handlers, ARIA names, links to new windows. */
export function validateAttributes(page: Page): MarkupHit[] {
  const hits: MarkupHit[] = []
  for (const match of page.text.matchAll(openingTag)) {
    const element = (match[1] ?? '').toLowerCase()
    const source = match[2] ?? ''
    if (source === '' || source.length > 4000) continue
    const attributes = new Map<string, string>()
    for (const [, name = '', double, single, bare] of source.matchAll(attribute)) {
      attributes.set(name.toLowerCase(), double ?? single ?? bare ?? '')
    }
    const start = match.index
    const end = start + match[0].length
    for (const [rule, message] of elementDefects(element, attributes)) {
      if (!page.openEnded(start, end) && !(valueRules.has(rule) && page.dynamic(start, end)))
        hits.push({ rule, message, start, end })
    }
  }
  return hits
}

/** The defects of one element, from its name and attributes (`onclick` stands for any click handler). */
export function elementDefects(
  element: string,
  attributes: ReadonlyMap<string, string>,
): [rule: string, message: string][] {
  const defects: [string, string][] = []
  const tabIndex = attributes.get('tabindex')
  if (tabIndex !== undefined && /^[1-9]\d*$/.test(tabIndex))
    defects.push(['positive-tabindex', `<${element}> has tabindex ${tabIndex}.`])
  if (attributes.has('autofocus') && attributes.get('autofocus') !== 'false')
    defects.push(['autofocus', `<${element}> takes the focus when the page loads.`])
  if (attributes.has('onclick') && !controls.has(element) && !/-/.test(element) && !isOperable(attributes)) {
    defects.push([
      'non-interactive-handler',
      `<${element}> has a click handler but no role and no way to use it by keyboard.`,
    ])
  }
  for (const [name, value] of attributes) {
    if (name.startsWith('aria-') && !ariaAttributes.has(name.slice('aria-'.length)))
      defects.push(['unknown-aria', `\`${name}\` is not an ARIA attribute.`])
    if (name === 'role' && value !== '' && !value.split(/\s+/).some((role) => roles.has(role)))
      defects.push(['unknown-aria', `\`${value}\` is not an ARIA role.`])
  }
  const href = attributes.get('href') ?? ''
  if (
    element === 'a' &&
    attributes.get('target') === '_blank' &&
    /^(?:https?:)?\/\//.test(href) &&
    !/noopener|noreferrer/.test(attributes.get('rel') ?? '')
  ) {
    defects.push([
      'target-blank-opener',
      `The link to ${href.slice(0, 80)} has target="_blank" without rel="noopener".`,
    ])
  }
  const source =
    element === 'script'
      ? attributes.get('src')
      : element === 'link' && attributes.get('rel') === 'stylesheet'
        ? attributes.get('href')
        : undefined
  if (source !== undefined && /^http:\/\/(?!localhost|127\.)/i.test(source))
    defects.push(['cleartext-script', `${source.slice(0, 80)} is loaded over plain HTTP.`])
  return defects
}

function isOperable(attributes: ReadonlyMap<string, string>): boolean {
  if (
    attributes.get('aria-hidden') === 'true' ||
    attributes.get('role') === 'presentation' ||
    attributes.get('role') === 'none'
  )
    return true
  const role = attributes.has('role')
  const keys = ['onkeydown', 'onkeyup', 'onkeypress'].some((name) => attributes.has(name))
  return role && (keys || attributes.has('tabindex'))
}

/** WAI-ARIA 1.2 (W3C Recommendation 2023) and 1.3 drafts' braille attributes, without `aria-`. */
const ariaAttributes = new Set(
  `activedescendant atomic autocomplete braillelabel brailleroledescription busy checked colcount colindex colindextext colspan controls current describedby description details disabled dropeffect errormessage expanded flowto grabbed haspopup hidden invalid keyshortcuts label labelledby level live modal multiline multiselectable orientation owns placeholder posinset pressed readonly relevant required roledescription rowcount rowindex rowindextext rowspan selected setsize sort valuemax valuemin valuenow valuetext`.split(
    ' ',
  ),
)

/** Concrete roles of WAI-ARIA 1.2, DPUB and Graphics modules left out. */
const roles = new Set(
  `alert alertdialog application article banner blockquote button caption cell checkbox code columnheader combobox comment complementary contentinfo definition deletion dialog directory document emphasis feed figure form generic grid gridcell group heading img image insertion link list listbox listitem log main mark marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation none note option paragraph presentation progressbar radio radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider spinbutton status strong subscript suggestion superscript switch tab table tablist tabpanel term textbox time timer toolbar tooltip tree treegrid treeitem`.split(
    ' ',
  ),
)
