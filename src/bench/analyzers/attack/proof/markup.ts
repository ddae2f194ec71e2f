import { elementsOf } from '../http/html.ts'

/** How a text of an attacker became part of a page. */
export type Injected = 'element' | 'attribute' | 'address' | 'script'

/**
 * Whether the word became markup: an element or an attribute of its own, the scheme of an address, or code that broke out of a text in
 * a script. That it stands somewhere as text does not count.
 */
export function injectedAs(html: string, word: string): Injected | undefined {
  for (const { name, attributes, text } of elementsOf(html)) {
    if (name === word) return 'element'
    if ([...attributes.keys()].includes(word)) return 'attribute'
    for (const attribute of ['href', 'src', 'action', 'formaction', 'data']) {
      if (attributes.get(attribute)?.trim().toLowerCase().startsWith(`javascript:${word}`) === true) return 'address'
    }
    if (name === 'script' && !/json/i.test(attributes.get('type') ?? '') && leavesText(text, word)) return 'script'
    for (const [attribute, value] of attributes)
      if (attribute.startsWith('on') && leavesText(value, word)) return 'script'
  }
  return undefined
}

/** Whether the word stands outside every quoted text of a script. */
function leavesText(script: string, word: string): boolean {
  let quote: string | undefined
  for (let at = 0; at < script.length; at += 1) {
    const character = script[at] ?? ''
    if (quote !== undefined) {
      if (character === '\\') at += 1
      else if (character === quote || (character === '\n' && quote !== '`')) quote = undefined
    } else if (script.startsWith('//', at)) {
      const end = script.indexOf('\n', at)
      if (end === -1) return false
      at = end
    } else if (script.startsWith('/*', at)) {
      const end = script.indexOf('*/', at)
      if (end === -1) return false
      at = end + 1
    } else if ('\'"`'.includes(character)) quote = character
    else if (script.startsWith(word, at)) return true
  }
  return false
}
