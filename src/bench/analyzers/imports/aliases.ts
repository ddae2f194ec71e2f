import { dirname, join } from 'node:path/posix'
import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import { type JsonNode, ManifestSyntaxError, memberOf, parseJson, plain, stringOf } from '#bench/manifests'
import { parse, type SyntaxNode, syntaxLanguageOf } from '#bench/syntax'

/** A name that stands for another place, as a bundler or compiler is told. */
export interface Alias {
  /** The folder whose files may use it. */
  readonly folder: string
  /** `@/*` matches with a rest, `@app` only whole or followed by `/`. */
  readonly pattern: string
  /** Paths from the app's root, `*` standing for the rest; undefined when the target is computed. */
  readonly targets: readonly string[] | undefined
  readonly file: string
}

export interface AliasReport {
  readonly aliases: readonly Alias[]
  readonly gaps: readonly { readonly path: string; readonly reason: string }[]
}

/** Every alias the app's own configuration defines: tsconfig and jsconfig, Vite, webpack, Babel, Jest-free. */
export async function readAliases(app: AppSnapshot): Promise<AliasReport> {
  const aliases: Alias[] = []
  const gaps: { path: string; reason: string }[] = []
  for (const file of app.files) {
    if (file.kind !== 'text' || file.role === 'vendored') continue
    const name = file.path.slice(file.path.lastIndexOf('/') + 1)
    try {
      if (/^(?:tsconfig|jsconfig)[\w.-]*\.json$/.test(name))
        aliases.push(...tsconfigAliases(file.path, await readText(app, file)))
      else if (configName.test(name)) aliases.push(...(await configAliases(app, file)))
      else if (name === '.babelrc' || name === 'babel.config.json')
        aliases.push(...babelAliases(file.path, await readText(app, file)))
    } catch (error) {
      if (!(error instanceof ManifestSyntaxError)) throw error
      gaps.push({ path: file.path, reason: `not valid: line ${error.line}: ${error.message}` })
    }
  }
  return { aliases, gaps }
}

const configName =
  /^(?:vite|vitest|webpack|rollup|craco|next|vue|nuxt|svelte|astro|electron\.vite|metro|babel|rspack|rsbuild|farm)\.config[\w.]*\.[cm]?[jt]s$/

function tsconfigAliases(file: string, text: string): Alias[] {
  const options = memberOf(parseJson(text, { comments: true }), 'compilerOptions')
  const folder = folderOf(file)
  const written = stringOf(memberOf(options, 'baseUrl'))
  const base = join(folder, written ?? '.')
  const aliases: Alias[] = []
  const paths = memberOf(options, 'paths')
  if (paths?.kind === 'object') {
    for (const [pattern, member] of paths.members) {
      const targets = plain(member.value)
      const texts = Array.isArray(targets) ? targets.filter((target) => typeof target === 'string') : []
      aliases.push({ folder, pattern, targets: texts.map((target) => clean(join(base, target))), file })
    }
  }
  if (written !== undefined) aliases.push({ folder, pattern: '*', targets: [clean(join(base, '*'))], file })
  return aliases
}

/** The `alias` object or list in a bundler's configuration, read from its syntax tree. */
async function configAliases(app: AppSnapshot, file: SnapshotFile): Promise<Alias[]> {
  const language = syntaxLanguageOf(file.language)
  if (language === undefined) return []
  const tree = await parse(language, await readText(app, file), file.digest)
  const folder = folderOf(file.path)
  const aliases: Alias[] = []
  for (const pair of tree.rootNode.descendantsOfType('pair')) {
    if (pair === null || keyOf(pair) !== 'alias') continue
    const value = pair.childForFieldName('value')
    if (value === null) continue
    const entries = value.type === 'object' ? objectEntries(value) : value.type === 'array' ? listEntries(value) : []
    for (const { find, replacement } of entries) {
      const target = literalPath(replacement)
      const inside = target === undefined ? undefined : clean(join(folder, target.replace(/^\//, '')))
      const name = find.replace(/\$$/, '').replace(/\/$/, '')
      const targets = inside === undefined ? undefined : [inside]
      aliases.push({ folder, pattern: name, targets, file: file.path })
      aliases.push({ folder, pattern: `${name}/*`, targets: targets?.map((path) => `${path}/*`), file: file.path })
    }
  }
  return aliases
}

interface Entry {
  readonly find: string
  readonly replacement: SyntaxNode
}

function objectEntries(object: SyntaxNode): Entry[] {
  return object.namedChildren.flatMap((pair) => {
    const replacement = pair?.type === 'pair' ? pair.childForFieldName('value') : null
    return pair && replacement ? [{ find: keyOf(pair), replacement }] : []
  })
}

/** `[{ find: '@', replacement: … }]`; a regular expression as `find` is read as the letters it begins with. */
function listEntries(list: SyntaxNode): Entry[] {
  return list.namedChildren.flatMap((item) => {
    if (item?.type !== 'object') return []
    const values = new Map(objectEntries(item).map(({ find, replacement }) => [find, replacement]))
    const [find, replacement] = [values.get('find'), values.get('replacement')]
    if (!find || !replacement) return []
    const name = find.type === 'regex' ? (/^\/\^?([@~#\w-]+)/.exec(find.text)?.[1] ?? '') : unquoted(find.text)
    return name === '' ? [] : [{ find: name, replacement }]
  })
}

/** The first path in `path.resolve(__dirname, './src')`, `fileURLToPath(new URL('./src', import.meta.url))`, `'/src'`. */
function literalPath(node: SyntaxNode): string | undefined {
  if (node.type === 'string') return unquoted(node.text)
  if (node.type !== 'call_expression' && node.type !== 'new_expression' && node.type !== 'member_expression')
    return undefined
  if (/process\.cwd|`/.test(node.text)) return undefined
  const texts = node.descendantsOfType('string').flatMap((text) => (text ? [unquoted(text.text)] : []))
  return texts.length === 0 ? undefined : join(...texts)
}

function babelAliases(file: string, text: string): Alias[] {
  const folder = folderOf(file)
  const found: Alias[] = []
  const visit = (node: JsonNode) => {
    if (node.kind === 'array') for (const item of node.items) visit(item)
    if (node.kind !== 'object') return
    for (const [key, member] of node.members) {
      if (key !== 'alias' || member.value.kind !== 'object') visit(member.value)
      else {
        for (const [name, { value }] of member.value.members) {
          const target = stringOf(value)
          const inside = target === undefined ? undefined : clean(join(folder, target))
          found.push({ folder, pattern: name, targets: inside === undefined ? undefined : [inside], file })
          found.push({
            folder,
            pattern: `${name}/*`,
            targets: inside === undefined ? undefined : [`${inside}/*`],
            file,
          })
        }
      }
    }
  }
  visit(parseJson(text, { comments: true }))
  return found
}

/** The rest a pattern leaves of a specifier: `''` for a whole match, undefined for none. */
export function matchAlias(pattern: string, specifier: string): string | undefined {
  const star = pattern.indexOf('*')
  if (star === -1) return specifier === pattern ? '' : undefined
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
  const long = specifier.length >= before.length + after.length
  return long && specifier.startsWith(before) && specifier.endsWith(after)
    ? specifier.slice(before.length, specifier.length - after.length)
    : undefined
}

function keyOf(pair: SyntaxNode): string {
  return unquoted(pair.childForFieldName('key')?.text ?? '')
}

function unquoted(text: string): string {
  return /^["'`]/.test(text) ? text.slice(1, -1) : text
}

function folderOf(file: string): string {
  const folder = dirname(file)
  return folder === '.' ? '' : folder
}

function clean(path: string): string {
  return path === '.' ? '' : path.replace(/^\.\//, '')
}
