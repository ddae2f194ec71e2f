import type { AppSnapshot } from '#bench/apps'
import { readText } from '#bench/apps'
import { ManifestSyntaxError, memberOf, parseJson, plain } from '#bench/manifests'
import { readAliases } from '../imports/aliases.ts'

/** A folder with a tsconfig, and what is taken from it. */
export interface TypeScriptProject {
  /** Relative to the app, `''` for the app itself. */
  readonly folder: string
  readonly options: Readonly<Record<string, unknown>>
  readonly paths: Readonly<Record<string, readonly string[]>>
}

/** Options that only make checks stricter or say how a construct is meant; none names a file, a plugin or a package. */
const borrowed = [
  'strict',
  'strictNullChecks',
  'strictFunctionTypes',
  'strictBindCallApply',
  'noUncheckedIndexedAccess',
  'exactOptionalPropertyTypes',
  'useUnknownInCatchVariables',
  'experimentalDecorators',
  'useDefineForClassFields',
]

/** The app's TypeScript projects, the innermost folders first; always one for the app itself. */
export async function typescriptProjects(app: AppSnapshot): Promise<TypeScriptProject[]> {
  const options = new Map<string, Record<string, unknown>>([['', {}]])
  for (const file of app.files) {
    const [, folder, name] = /^(?:(.*)\/)?(tsconfig(?:\.\w{1,20})?\.json)$/.exec(file.path) ?? []
    if (name === undefined || file.role === 'vendored' || file.encoding === undefined) continue
    const known = options.get(folder ?? '') ?? {}
    options.set(folder ?? '', { ...known, ...optionsIn(await readText(app, file)) })
  }
  const { aliases } = await readAliases(app)
  return [...options]
    .sort(([a], [b]) => b.length - a.length)
    .map(([folder, chosen]) => {
      const own = aliases.filter((alias) => alias.folder === folder && alias.pattern !== '*')
      const targets = (paths: readonly string[] | undefined) => (paths ?? []).map((path) => `./${within(folder, path)}`)
      return {
        folder,
        options: chosen,
        paths: Object.fromEntries(own.map((alias) => [alias.pattern, targets(alias.targets)])),
      }
    })
}

function optionsIn(text: string): Record<string, unknown> {
  try {
    const written = memberOf(parseJson(text, { comments: true }), 'compilerOptions')
    const pairs = borrowed.map((name) => [name, plain(memberOf(written, name))] as const)
    return Object.fromEntries(pairs.filter(([, value]) => typeof value === 'boolean'))
  } catch (error) {
    // The analyzer of imports reports a tsconfig that cannot be read; types are checked by the defaults.
    if (error instanceof ManifestSyntaxError) return {}
    throw error
  }
}

function within(folder: string, path: string): string {
  if (folder === '') return path
  return path.startsWith(`${folder}/`)
    ? path.slice(folder.length + 1)
    : `${'../'.repeat(folder.split('/').length)}${path}`
}
