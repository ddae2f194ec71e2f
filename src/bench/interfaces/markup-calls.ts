import type { Call } from './interface.ts'
import { callOf } from './javascript-calls.ts'
import { unknown } from './pattern.ts'
import type { Markup } from './sources.ts'
import { tagsIn } from './tags.ts'

/** Forms and API links of pages and templates. */
export function markupCalls(markup: readonly Markup[]): Call[] {
  return markup.flatMap(({ path, text }) => {
    const tags = tagsIn(text)
    return tags.flatMap((tag, at) => {
      const { attributes, name, line } = tag
      if (name === 'form' && attributes.has('action')) {
        const action = attributes.get('action') ?? ''
        // The method may be changed, the submit handled by a script.
        if (
          action === '' ||
          action === '#' ||
          [...attributes.keys()].some((key) => /^(?:onsubmit|@submit|v-on:submit|on:submit)/.test(key))
        )
          return []
        const method = (attributes.get('method') ?? 'GET').toUpperCase()
        const inner = tags.slice(at + 1, tags.findIndex((other, index) => index > at && other.name === 'form') >>> 0)
        const close = text.indexOf('</form', tag.end)
        const names = inner
          .filter(
            ({ start, name: kind }) =>
              (close === -1 || start < close) && /^(?:input|select|textarea|button)$/.test(kind),
          )
          .flatMap((input) => input.attributes.get('name') || [])
        if (/[{]/.test(action) && !/^[^{]*[{]{2}/.test(action)) return []
        const sent =
          method === 'GET'
            ? undefined
            : {
                names: [...new Set(names)],
                open:
                  names.some((each) => each.includes('{')) ||
                  /\{[%{]/.test(text.slice(tag.end, close === -1 ? undefined : close)),
              }
        return [callOf({ url: holes(action), method, sent, via: 'form' }, path, line, false)]
      }
      const href = name === 'a' ? attributes.get('href') : undefined
      return href !== undefined && /^\/api\//.test(href)
        ? [callOf({ url: holes(href), method: 'GET', sent: undefined, via: 'link' }, path, line, false)]
        : []
    })
  })
}

function holes(text: string): string {
  return text.replace(/\{\{[^{}]{0,400}\}\}|\{%[^%]{0,400}%\}|<%[^%]{0,400}%>/g, unknown)
}
