/** Words of validation messages that are no field names. */
const words: ReadonlySet<string> = new Set(
  'a all an and are at be body both data error errors field fields form input invalid is json message missing must no not of or parameter parameters payload please provide provided required request should string such that the this to type valid value with your you'.split(
    ' ',
  ),
)

/**
 * The fields an app asks for in the answer that refuses a request, as its validation messages name them: "email is
 * required", "Missing field: phone", `{"errors": {"email": …}}`, FastAPI's `"loc": ["body", "email"]`, zod's `"path": ["email"]`.
 */
export function fieldsNamed(answer: string): string[] {
  const found = new Set<string>()
  const add = (name: string | undefined) => {
    if (name !== undefined && /^[A-Za-z_]\w{1,40}$/.test(name) && !words.has(name.toLowerCase())) found.add(name)
  }
  for (const [, name] of answer.matchAll(/"(?:loc|path)"\s*:\s*\[(?:\s*"body"\s*,)?\s*"([^"]+)"\s*\]/g)) add(name)
  for (const [, name] of answer.matchAll(/"(?:path|param|field|property)"\s*:\s*"([^"]+)"/g)) add(name)
  for (const [, group] of answer.matchAll(/"(?:errors?|details?|fields?|missing)"\s*:\s*\{([^{}]{1,600})\}/g))
    for (const [, name] of (group ?? '').matchAll(/"(\w+)"\s*:/g)) add(name)
  for (const [, group] of answer.matchAll(/"(?:missing|required|fields?)\w*"\s*:\s*\[([^[\]]{1,400})\]/gi))
    for (const [, name] of (group ?? '').matchAll(/"(\w+)"/g)) add(name)
  const text = answer.replace(/\\?["'`]/g, ' ')
  for (const [, list] of text.matchAll(
    /((?:[\w-]+\s*(?:,|\band\b|&)\s*){0,6}[\w-]+)\s+(?:fields?\s+)?(?:is|are)\s+(?:required|missing|mandatory)/gi,
  ))
    addList(list)
  for (const [, list] of text.matchAll(
    /(?:missing|required)(?:\s+(?:required|fields?|parameters?|keys?|values?))*\s*:?\s+((?:[\w-]+\s*(?:,|\band\b|&)\s*){0,6}[\w-]+)/gi,
  ))
    addList(list)
  for (const [, list] of text.matchAll(
    /(?:provide|enter|supply)\s+(?:an?\s+|your\s+|both\s+|valid\s+)*((?:[\w-]+\s*(?:,|\band\b|&)\s*){0,6}[\w-]+)/gi,
  ))
    addList(list)
  return [...found]

  function addList(list: string | undefined): void {
    for (const name of (list ?? '').split(/\s*(?:,|\band\b|&)\s*|\s+/))
      add(name.replace(/-/g, '_').replace(/^[A-Z]/, (letter) => letter.toLowerCase()))
  }
}
