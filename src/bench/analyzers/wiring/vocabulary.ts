import type { RawFinding } from '#bench/findings'
import { findingAt, type Wiring } from './finding.ts'

/** Members of the language, the browser and React, which no backend mentions. */
const builtin =
  /^(?:length|map|filter|forEach|find|findIndex|reduce|slice|splice|sort|some|every|includes|indexOf|join|concat|push|pop|shift|keys|values|entries|toString|toFixed|toLocaleString|toLocale\w+|toISOString|trim|split|replace|replaceAll|match|startsWith|endsWith|substring|padStart|toUpperCase|toLowerCase|charAt|at|flat|flatMap|reverse|get\w*|set\w*|has|add|delete|clear|target|currentTarget|value|checked|files|current|preventDefault|stopPropagation|key|code|children|className|style|props|state|then|catch|finally|json|text|ok|status|headers|data|response|message|error|on[A-Z]\w*|dataset|classList|innerHTML|textContent|append\w*|remove\w*|query\w*|closest|focus|blur|click|submit|reset|scroll\w*|offset\w*|client\w*|default|prototype|constructor|name)$/
/** Ways a backend renames fields wholesale, after which names cannot be compared. */
const renames =
  /alias_generator|to_camel|camelcase|camelize|humps|snakecase|mapKeys|transformKeys|JSON_KEY_CASE|by_alias|humanize/i
/** Stores that add fields of their own. Sources: the guides of Mongoose, Sequelize, Prisma, TypeORM. */
const storesThatAdd = /mongoose|sequelize|prisma|typeorm|objection|waterline/i

/**
 * Fields of records the frontend reads but no other part of the app ever mentions: `note.createdOn` where the backend
 * says `updated_at`. Believed only of variables named after something the backend knows, with other fields it knows.
 */
export function judgeVocabulary(wiring: Wiring): RawFinding[] {
  const { sources, routes, calls } = wiring
  const routeFiles = new Set(routes.filter(({ mounted }) => mounted).map(({ file }) => file))
  const frontendFiles = new Set(
    calls.filter(({ server, file }) => !server && !routeFiles.has(file)).map(({ file }) => file),
  )
  if (routeFiles.size === 0 || frontendFiles.size === 0) return []
  const frontend = sources.scripts.filter(
    ({ path, text }) =>
      !routeFiles.has(path) &&
      (frontendFiles.has(path) || /\.(?:jsx|tsx|vue|svelte)$/.test(path)) &&
      !/\brequire\(['"](?:express|fastify|koa)/.test(text),
  )
  const own = new Set(frontend.map(({ path }) => path))
  const backend = [...sources.python, ...sources.scripts.filter(({ path }) => !own.has(path))].map(({ text }) => text)
  const stored = [...sources.other]
    .filter(([path]) => !/(?:package(?:-lock)?\.json|\.md)$/.test(path))
    .map(([, text]) => text)
  const known = wordsIn([...backend, ...stored])
  if ([...backend, ...stored].some((text) => renames.test(text)) || [...known].some((word) => storesThatAdd.test(word)))
    return []
  // Accounts kept by others have fields of theirs.
  if (frontend.some(({ text }) => /firebase|auth0|clerk|next-auth|supabase|cognito/i.test(text))) return []
  const written = wordsWritten(frontend.map(({ text }) => text))
  const answered = new Set(routes.flatMap(({ response }) => response))
  return frontend.flatMap(({ path, text }) => [
    ...errorFields(wiring, path, text, answered, backend),
    ...recordFields(path, text),
  ])

  function recordFields(path: string, text: string): RawFinding[] {
    return [...readsIn(text)].flatMap(([variable, fields]): RawFinding[] => {
      if (!isKnownThing(variable, known)) return []
      const names = [...fields.keys()]
      // Other fields the backend knows confirm that the record is its own; a table of that name does as well.
      if (!names.some((name) => known.has(name) && !builtin.test(name)) && !known.has(`${variable}s`)) return []
      return names.flatMap((name): RawFinding[] => {
        if (known.has(name) || builtin.test(name) || written.has(name) || name.length < 4) return []
        const line = text.slice(0, fields.get(name)).split('\n').length
        return [
          findingAt(
            wiring,
            'missing-field',
            { file: path, line },
            `"${name}" is read from ${variable}, but the backend never mentions such a field.`,
            { subject: name, severity: 'low', confidence: 'medium' },
          ),
        ]
      })
    })
  }
}

/** `error.response.data.message` where the backend answers failures with `error`. */
function errorFields(
  wiring: Wiring,
  path: string,
  text: string,
  answered: ReadonlySet<string>,
  backend: readonly string[],
): RawFinding[] {
  if (answered.size === 0) return []
  return [...text.matchAll(/\b(?:e|ex|err|error)\??\.response\??\.data\??\.(\w+)(?!\s{0,3}(?:\|\||\?\?))/g)].flatMap(
    (match): RawFinding[] => {
      const name = match[1] ?? ''
      const word = new RegExp(`["']${name}["']|\\b${name}\\s{0,3}[:=]`)
      if (answered.has(name) || backend.some((each) => word.test(each))) return []
      const line = text.slice(0, match.index).split('\n').length
      return [
        findingAt(
          wiring,
          'missing-field',
          { file: path, line },
          `"${name}" is read from a failed answer, but the backend never answers with it.`,
          { subject: name, severity: 'low' },
        ),
      ]
    },
  )
}

function wordsIn(texts: readonly string[]): Set<string> {
  const words = new Set<string>()
  for (const text of texts) for (const match of text.matchAll(/[A-Za-z_$][\w$]*/g)) words.add(match[0])
  return words
}

/** Names the frontend itself gives to fields: keys of objects, assignments, props, declared names. */
function wordsWritten(texts: readonly string[]): Set<string> {
  const words = new Set<string>()
  for (const text of texts) {
    for (const match of text.matchAll(
      /([A-Za-z_$][\w$]*)\s{0,3}(?::(?!:)|=(?!=)|\?:)|[{,]\s{0,20}([A-Za-z_$][\w$]*)(?=\s{0,20}[,}])|["'`]([A-Za-z_$][\w$]*)["'`]|\b(?:function|const|let|var|class)\s{1,3}([A-Za-z_$][\w$]*)/g,
    )) {
      words.add(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')
    }
  }
  return words
}

/** `variable.field` → field → the first offset; calls of methods and optional reads are left out. */
function readsIn(text: string): Map<string, Map<string, number>> {
  const reads = new Map<string, Map<string, number>>()
  for (const match of text.matchAll(/(?<![\w$.])([a-z][\w$]*)\.([A-Za-z_][\w$]*)\b(?!\s{0,3}\()/g)) {
    const [, variable = '', field = ''] = match
    const fields = reads.get(variable) ?? new Map<string, number>()
    if (!fields.has(field)) fields.set(field, match.index)
    reads.set(variable, fields)
  }
  return reads
}

/** `note` where the backend knows `note`, `notes` or `Note`. */
function isKnownThing(variable: string, known: ReadonlySet<string>): boolean {
  if (
    variable.length < 4 ||
    /^(?:data|event|error|item|props|state|window|document|console|response|result|this|math|json|object|options|config|style|styles|theme|location|history|navigator|process|import|module)$/i.test(
      variable,
    )
  )
    return false
  const capital = variable[0]?.toUpperCase() + variable.slice(1)
  return known.has(`${variable}s`) || known.has(capital) || known.has(`${capital}s`)
}
