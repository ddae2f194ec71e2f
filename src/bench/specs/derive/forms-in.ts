import { tagsIn } from '#bench/interfaces'
import { madeUpValue } from './made-up.ts'

/** A form of a page as a browser without scripts would send it. */
export interface PageForm {
  readonly method: 'GET' | 'POST'
  /** Path and query. */
  readonly action: string
  readonly fields: readonly FormField[]
  /** It sends files. */
  readonly files: boolean
}

export interface FormField {
  readonly name: string
  readonly type: string
  /** What the page puts in. */
  readonly value: string
  /** Values a choice offers. */
  readonly options: readonly string[]
}

/**
 * The forms of a page that say where or how they are sent; others are sent by scripts.
 * @param page path of the page, for actions relative to it
 */
export function formsIn(html: string, page: string): readonly PageForm[] {
  const forms: { method: 'GET' | 'POST'; action: string; fields: FormField[]; files: boolean; end: number }[] = []
  for (const { name, attributes, start } of tagsIn(html)) {
    if (name === 'form') {
      const end = html.indexOf('</form', start)
      const method = attributes.get('method')?.toUpperCase() === 'POST' ? 'POST' : 'GET'
      const action = localPath(attributes.get('action'), page)
      if (action === undefined || !(attributes.has('action') || attributes.has('method'))) continue
      forms.push({ method, action, fields: [], files: false, end: end === -1 ? html.length : end })
      continue
    }
    const form = forms.at(-1)
    if (form === undefined || start > form.end) continue
    if (name === 'option') {
      const choice = form.fields.at(-1)
      const value = decoded(attributes.get('value') ?? '')
      if (choice?.type === 'select' && value !== '') {
        form.fields[form.fields.length - 1] = { ...choice, options: [...choice.options, value] }
      }
      continue
    }
    const field = fieldOf(name, attributes)
    if (field === undefined) continue
    if (field.type === 'file') form.files = true
    else form.fields.push(field)
  }
  return forms.map(({ end: _end, ...form }) => form)
}

/** What a person would put in: hidden and prefilled values stay, the first choice is taken, the rest is made up. */
export function filledIn(form: PageForm, seed: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const { name, type, value, options } of form.fields) {
    if ((type === 'radio' || type === 'checkbox') && name in values) continue
    if (type === 'hidden' || type === 'radio' || type === 'checkbox') values[name] = value
    else if (type === 'select') values[name] = options[0] ?? ''
    else values[name] = value || typedValue(type, name, seed)
  }
  return values
}

function typedValue(type: string, name: string, seed: string): string {
  if (type === 'email') return String(madeUpValue('email', seed))
  if (type === 'password') return String(madeUpValue('password', seed))
  if (type === 'number' || type === 'range') return '3'
  if (type === 'date') return '2026-06-15'
  if (type === 'time') return '10:30'
  if (type === 'datetime-local') return '2026-06-15T10:30'
  if (type === 'url') return 'https://example.com/a'
  return [madeUpValue(name, seed)].flat().map(String).join(', ')
}

function fieldOf(tag: string, attributes: ReadonlyMap<string, string>): FormField | undefined {
  const name = decoded(attributes.get('name') ?? '')
  if (name === '' || attributes.has('disabled')) return undefined
  const value = decoded(attributes.get('value') ?? '')
  if (tag === 'textarea') return { name, type: 'text', value: '', options: [] }
  if (tag === 'select') return { name, type: 'select', value: '', options: [] }
  if (tag !== 'input') return undefined
  const type = attributes.get('type')?.toLowerCase() ?? 'text'
  if (['submit', 'button', 'reset', 'image'].includes(type)) return undefined
  return { name, type, value: type === 'checkbox' || type === 'radio' ? value || 'on' : value, options: [] }
}

function localPath(action: string | undefined, page: string): string | undefined {
  const base = new URL(page, 'http://app.invalid').href
  if (!URL.canParse(decoded(action ?? ''), base)) return undefined
  const url = new URL(decoded(action ?? ''), base)
  return url.origin === 'http://app.invalid' ? `${url.pathname}${url.search}` : undefined
}

function decoded(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#34;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
