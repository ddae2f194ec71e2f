import { type AppSnapshot, readText } from '#bench/apps'
import { type Declaration, type Ecosystem, type Manifest, parseRequirement } from '#bench/manifests'
import { ancestorsOf } from './app-files.ts'
import { broughtBy } from './tables/node-modules.ts'
import { installedAlong } from './tables/python-requirements.ts'

/** What is installed for one file of the app, by the manifests that govern it. */
export interface Scope {
  readonly manifests: readonly Manifest[]
  /** By the name code imports (npm) or the distribution (PyPI). */
  readonly declared: ReadonlyMap<string, readonly Declaration[]>
  /** The declared package or lock file that brings a package along, without it being declared. */
  bringer(name: string): string | undefined
  /** Why the declarations may not be all. */
  readonly dynamic?: string
}

/** Finds the scope of each file; scopes of one folder are made once. */
export class Scopes {
  readonly #manifests: readonly Manifest[]
  readonly #known = new Map<string, Scope>()

  constructor(manifests: readonly Manifest[]) {
    this.#manifests = manifests
  }

  of(file: string, ecosystem: Ecosystem): Scope {
    const folders = ancestorsOf(file)
    const key = `${ecosystem} ${folders[0]}`
    const known = this.#known.get(key)
    if (known) return known
    const all = this.#manifests.filter((manifest) => manifest.ecosystem === ecosystem)
    const above = all.filter((manifest) => folders.includes(manifest.folder))
    // Some keep the requirements in a folder of their own, beside the code.
    const scope = scopeOf(ecosystem, above.length > 0 || ecosystem === 'npm' ? above : all)
    this.#known.set(key, scope)
    return scope
  }
}

function scopeOf(ecosystem: Ecosystem, manifests: readonly Manifest[]): Scope {
  const declared = new Map<string, Declaration[]>()
  for (const declaration of manifests.flatMap((manifest) => manifest.declarations)) {
    const key = declaration.alias ?? declaration.name
    declared.set(key, [...(declared.get(key) ?? []), declaration])
  }
  const locked = new Map<string, string>()
  for (const { name, hoisted, file } of manifests.flatMap((manifest) => manifest.locked))
    if (hoisted) locked.set(name, file)
  const along = ecosystem === 'pypi' ? installedAlong(declared.keys()) : new Map<string, string>()
  const dynamic = manifests.find((manifest) => manifest.dynamic !== undefined)?.dynamic
  return {
    manifests,
    declared,
    bringer: (name) =>
      locked.get(name) ?? along.get(name) ?? (ecosystem === 'npm' ? broughtBy(name, declared.keys()) : undefined),
    ...(dynamic !== undefined && { dynamic }),
  }
}

/**
 * Packages installed by `pip install name` in Dockerfiles, scripts and CI files, as a manifest without problems: an
 * app installed that way does start.
 */
export async function installCommands(app: AppSnapshot): Promise<readonly Manifest[]> {
  const found: Manifest[] = []
  for (const file of app.files) {
    if (file.language !== 'dockerfile' && file.language !== 'shell' && file.language !== 'yaml') continue
    if (file.size > 200_000 || file.role === 'lock') continue
    const text = await readText(app, file)
    if (!text.includes('pip')) continue
    const declarations: Declaration[] = []
    for (const [index, line] of text
      .replace(/\\\r?\n/g, ' ')
      .split('\n')
      .entries()) {
      const command = /\b(?:pip3?|uv pip) install +([^&|;#]+)/.exec(line)?.[1]
      for (const word of command?.trim().split(/\s+/) ?? []) {
        if (!/^["']?[A-Za-z]/.test(word) || /[/:$]|\.txt$/.test(word)) continue
        const result = parseRequirement(word.replace(/^["']|["']$/g, ''))
        if (result.kind === 'requirement')
          declarations.push({ ...result.requirement, kind: 'runtime', file: file.path, line: index + 1 })
      }
    }
    if (declarations.length === 0) continue
    found.push({
      path: file.path,
      folder: '',
      format: 'requirements',
      ecosystem: 'pypi',
      declarations,
      locked: [],
      problems: [],
    })
  }
  return found
}
