import type { Call, Route, SentFields } from './interface.ts'
import { callOf } from './javascript-calls.ts'
import { unknown } from './pattern.ts'
import type { Markup } from './sources.ts'
import { type Tag, tagsIn } from './tags.ts'

/** Forms and API links of pages and templates. `url_for` is followed to the route whose handler it names. */
export function markupCalls(markup: readonly Markup[], routes: readonly Route[]): Call[] {
  const known = new Map(
    routes.flatMap(({ handler, path }) => (handler === undefined ? [] : [[handler, path] as const])),
  )
  return markup.flatMap(({ path, text }) => {
    const tags = tagsIn(text)
    return tags.flatMap((tag, at): Call[] => {
      if (tag.name === 'form') return formCall(path, text, tag, tags.slice(at + 1), known)
      const href = tag.name === 'a' ? tag.attributes.get('href') : undefined
      if (href === undefined || !/^\/api\//.test(href)) return []
      return [callOf({ url: holes(href, known), method: 'GET', sent: undefined, via: 'link' }, path, tag.line, false)]
    })
  })
}

const submitHandler = /^(?:onsubmit|@submit|v-on:submit|on:submit)/

function formCall(
  path: string,
  text: string,
  { attributes, end, line }: Tag,
  following: readonly Tag[],
  known: ReadonlyMap<string, string>,
): Call[] {
  const action = attributes.get('action') ?? ''
  // Without an address the form goes to its own page; with a handler a script decides.
  if (action === '' || action === '#' || [...attributes.keys()].some((key) => submitHandler.test(key))) return []
  // `action={save}` of Svelte and JSX is no address.
  if (/^\{(?![{%])/.test(action)) return []
  const method = (attributes.get('method') ?? 'GET').toUpperCase()
  const close = text.indexOf('</form', end)
  const fields = following.filter(({ start }) => close === -1 || start < close)
  const sent = method === 'GET' ? undefined : sentBy(path, fields, text.slice(end, close === -1 ? undefined : close))
  return [callOf({ url: holes(action, known), method, sent, via: 'form' }, path, line, false)]
}

/** The named fields of a form; more are possible where the template writes some. */
function sentBy(file: string, fields: readonly Tag[], inner: string): SentFields {
  const places = fields.flatMap(({ name, attributes, line }) => {
    const field = /^(?:input|select|textarea|button)$/.test(name) ? (attributes.get('name') ?? '') : ''
    return field === '' || field.includes('{') ? [] : [{ name: field, file, line }]
  })
  const open =
    /\{\{[^{}]{0,200}(?:form|field|csrf|hidden)|\{%\s{0,5}(?:include|import|block|call|crispy)|name=["']?\{/.test(inner)
  return { names: [...new Set(places.map(({ name }) => name))], places, open }
}

function holes(text: string, known: ReadonlyMap<string, string>): string {
  const endpoint = /^\{\{\s{0,5}url_for\(\s{0,5}["'](?:\w+\.)?(\w+)["'][^{}]{0,300}\}\}$/.exec(text)?.[1]
  const route = endpoint === undefined ? undefined : known.get(endpoint)
  if (route !== undefined) return route.replace(/:\w+/g, unknown)
  return text.replace(/\{\{[^{}]{0,400}\}\}|\{%[^%]{0,400}%\}|<%[^%]{0,400}%>/g, unknown)
}
