import { type AppSnapshot, readText } from '#bench/apps'
import { type Declaration, isManifest, type Manifest } from '#bench/manifests'
import { isSource } from './files.ts'
import type { Sources } from './sources.ts'
import { commandsOf, isCompanion, npmCompanions, pythonCompanions } from './tables/companions.ts'
import { mayProvide, modulesOf } from './tables/python-distributions.ts'
import { installedAlong } from './tables/python-requirements.ts'

export interface UsageContext {
  readonly app: AppSnapshot
  readonly sources: Sources
  readonly manifests: readonly Manifest[]
  /** Packages an import resolved to, by ecosystem: `npm express`, `pypi pillow`. */
  readonly imported: ReadonlySet<string>
  /** Top-level Python modules imported that no known distribution provides. */
  readonly guessedModules: ReadonlySet<string>
}

/**
 * The declared dependencies that no import, no text of the code, no configuration, script or other package needs.
 * Cheap questions first; the app's other files are read only for what is left.
 */
export async function unusedDependencies(context: UsageContext): Promise<readonly Declaration[]> {
  const suspects = context.manifests.flatMap((manifest) =>
    manifest.declarations.filter((declaration) => isSuspect(declaration, manifest, context)),
  )
  if (suspects.length === 0) return []
  const texts = await otherTexts(context.app)
  const strings = new Set<string>()
  for (const { facts } of context.sources.files.values()) for (const text of await facts.strings()) strings.add(text)
  return suspects.filter((declaration) => {
    const words = mentionsOf(declaration)
    if (words.some((word) => [...strings].some((text) => mentions(text, word)))) return false
    return !words.some((word) => texts.some((text) => mentions(text, word)))
  })
}

function isSuspect(declaration: Declaration, manifest: Manifest, context: UsageContext): boolean {
  const { ecosystem, kind } = declaration
  const name = declaration.alias ?? declaration.name
  if (kind === 'peer' || kind === 'optional' || declaration.source === 'path') return false
  if (declaration.marker !== undefined || (ecosystem === 'pypi' && kind === 'dev')) return false
  if (context.imported.has(`${ecosystem} ${name}`)) return false
  const prefix = manifest.folder === '' ? '' : `${manifest.folder}/`
  const governed = [...context.sources.files.values()].some(
    ({ file, ecosystem: of }) => of === ecosystem && file.role !== 'config' && file.path.startsWith(prefix),
  )
  if (!governed) return false
  const declared = new Set(
    context.manifests
      .filter((other) => other.ecosystem === ecosystem)
      .flatMap((other) => other.declarations.map((one) => one.name)),
  )
  if (ecosystem === 'npm')
    return !isCompanion(npmCompanions, name, (other) => declared.has(other)) && !inScripts(name, context)
  const others = [...declared].filter((other) => other !== name)
  const along = installedAlong(others)
  if (along.has(name) || isCompanion(pythonCompanions, name, (other) => declared.has(other) || along.has(other)))
    return false
  return ![...context.guessedModules].some((module) => mayProvide(name, module))
}

function inScripts(name: string, { manifests }: UsageContext): boolean {
  const commands = [
    name,
    name.slice(name.lastIndexOf('/') + 1),
    ...(Object.hasOwn(commandsOf, name) ? (commandsOf[name] ?? []) : []),
  ]
  return manifests.some((manifest) =>
    Object.values(manifest.npm?.scripts ?? {}).some((script) => commands.some((command) => mentions(script, command))),
  )
}

/** Under which words a text would speak of the package. */
function mentionsOf({ ecosystem, name, alias }: Declaration): readonly string[] {
  return ecosystem === 'npm' ? [alias ?? name] : [name, ...modulesOf(name)]
}

/** Whether the word stands in the text on its own: not as a part of a longer name. */
export function mentions(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? ' '
    const after = text[at + word.length] ?? ' '
    if (!/[\w@-]/.test(before) && !/[\w-]/.test(after)) return true
  }
  return false
}

/** Configuration, styles, pages, scripts, CI and container files; not manifests, locks or documentation. */
async function otherTexts(app: AppSnapshot): Promise<readonly string[]> {
  const texts: string[] = []
  for (const file of app.files) {
    if (file.kind !== 'text' || file.size > 200_000 || isSource(file)) continue
    if (file.role === 'lock' || file.role === 'documentation' || file.role === 'vendored' || file.role === 'generated')
      continue
    // pyproject.toml and package.json also configure tools, but name the packages themselves.
    if (isManifest(file.path)) continue
    texts.push(await readText(app, file))
  }
  return texts
}
