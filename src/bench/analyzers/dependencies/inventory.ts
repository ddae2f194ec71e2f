import type { Declaration, DependencySource, Ecosystem, LockedPackage, Manifest } from '#bench/manifests'

/** One package of an app, in the one version that is installed; without a version when nothing fixes it. */
export interface InventoryItem {
  readonly ecosystem: Ecosystem
  readonly name: string
  readonly version?: string
  /** Where the version comes from: a lock file, an exact pin, or nothing. */
  readonly known: 'locked' | 'pinned' | 'unknown'
  /** Declared by the app itself, not brought along. */
  readonly direct: boolean
  readonly kind: 'runtime' | 'dev' | 'optional' | 'peer'
  readonly source: DependencySource
  readonly licence?: string
  readonly deprecated?: string
  readonly installScript?: boolean
  readonly specifier?: string
  readonly file: string
  readonly line: number
}

/**
 * Everything an app installs, by its manifests and lock files: the locked packages, and of the declared ones those no
 * lock file covers. A package in two versions is two items; a version named twice is one, direct before brought along.
 */
export function inventoryOf(manifests: readonly Manifest[]): readonly InventoryItem[] {
  const items = new Map<string, InventoryItem>()
  const add = (item: InventoryItem) => {
    const key = `${item.ecosystem} ${item.name} ${item.version ?? `${item.file} ${item.specifier}`}`
    const before = items.get(key)
    if (before === undefined || (item.direct && !before.direct)) items.set(key, item)
  }
  const own = new Set(
    manifests.flatMap((manifest) => (manifest.ownName ? [`${manifest.ecosystem} ${manifest.ownName}`] : [])),
  )
  const declarations = manifests.flatMap((manifest) => manifest.declarations)
  const direct = new Map(
    declarations.map((declaration) => [`${declaration.ecosystem} ${declaration.name}`, declaration]),
  )
  for (const locked of manifests.flatMap((manifest) => manifest.locked)) {
    const key = `${locked.ecosystem} ${locked.name}`
    if (!own.has(key)) add(lockedItem(locked, direct.get(key)))
  }
  for (const declaration of declarations) {
    if (!own.has(`${declaration.ecosystem} ${declaration.name}`) && !isLocked(declaration, manifests))
      add(declaredItem(declaration))
  }
  return [...items.values()]
}

function lockedItem(locked: LockedPackage, declaration: Declaration | undefined): InventoryItem {
  const { ecosystem, name, version, source, file, line, licence, deprecated, installScript } = locked
  return {
    ecosystem,
    name,
    version,
    known: 'locked',
    direct: declaration !== undefined && locked.hoisted,
    kind: locked.kind === 'runtime' ? (declaration?.kind ?? 'runtime') : locked.kind,
    source,
    ...(licence !== undefined && { licence }),
    ...(deprecated !== undefined && { deprecated }),
    ...(installScript && { installScript }),
    file,
    line,
  }
}

function declaredItem({ ecosystem, name, pinned, kind, source, specifier, file, line }: Declaration): InventoryItem {
  const version = pinned === undefined ? {} : { version: pinned }
  const known = pinned === undefined ? 'unknown' : 'pinned'
  return { ecosystem, name, ...version, known, direct: true, kind, source, specifier, file, line }
}

/** Whether a lock file at or above the manifest's folder fixes the version. */
export function isLocked({ ecosystem, name, file }: Declaration, manifests: readonly Manifest[]): boolean {
  return manifests.some(
    (manifest) =>
      manifest.ecosystem === ecosystem &&
      manifest.locked.some((locked) => locked.name === name) &&
      (manifest.folder === '' || file.startsWith(`${manifest.folder}/`)),
  )
}
