import type { Exchange } from '#bench/findings'
import { bodyOf, headerOf, statusOf } from '../http/answer.ts'

/**
 * What of an answer is compared with another: status, where it leads, and the body without what was sent and without what
 * differs by itself (dates, times, long ids, tokens).
 */
export function signature(exchange: Exchange, sent: readonly string[] = []): string {
  const location = headerOf(exchange, 'location') ?? ''
  return `${statusOf(exchange)} ${settled(location, sent)}\n${settled(bodyOf(exchange), sent)}`
}

function settled(text: string, sent: readonly string[]): string {
  let rest = text
  for (const value of sent.flatMap(spellings).toSorted((one, other) => other.length - one.length)) {
    if (value.length > 2) rest = rest.replaceAll(value, '')
  }
  return rest
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '')
    .replace(/\b\d{1,2}:\d\d:\d\d\b/g, '')
    .replace(/\b\d+(?:\.\d+)?\s?m?s\b/g, '')
    .replace(/[\w-]{20,}(?:\.[\w-]{5,})*/g, '')
    .replace(/\s+/g, ' ')
}

/** How a value may be written when it is shown again. */
function spellings(value: string): string[] {
  const html = value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  return [
    value,
    html,
    html.replace(/"/g, '&quot;').replace(/'/g, '&#39;'),
    html.replace(/"/g, '&#34;').replace(/'/g, '&#39;'),
    html.replace(/"/g, '&quot;').replace(/'/g, '&#x27;'),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    encodeURIComponent(value).replace(/%20/g, '+'),
    value.toLowerCase(),
  ]
}

/** Whether two pairs tell the same story: equal within a kind, different between them. */
export function tellsApart(yes: readonly string[], no: readonly string[]): boolean {
  const [first] = yes
  const [other] = no
  return (
    first !== undefined &&
    other !== undefined &&
    first !== other &&
    yes.every((one) => one === first) &&
    no.every((one) => one === other)
  )
}
