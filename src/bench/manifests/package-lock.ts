import { type JsonNode, memberOf, parseJson, stringOf } from './json.ts'
import type { DependencySource, LockedPackage, Manifest } from './manifest.ts'
import { ManifestSyntaxError } from './manifest.ts'
import { Positions } from './positions.ts'

/**
 * Reads a package-lock.json or npm-shrinkwrap.json of lock file version 1, 2 or 3.
 * @throws ManifestSyntaxError when it is not JSON, or not a lock file
 */
export function parsePackageLock(path: string, folder: string, text: string): Manifest {
  const root = parseJson(text)
  const positions = new Positions(text)
  const locked: LockedPackage[] = []
  const packages = memberOf(root, 'packages')
  if (packages?.kind === 'object') {
    for (const [key, member] of packages.members) {
      const entry = lockedFromPath(key, member.value)
      if (entry) locked.push({ ...entry, file: path, line: positions.lineAt(member.offset) })
    }
  } else {
    const dependencies = memberOf(root, 'dependencies')
    const version = memberOf(root, 'lockfileVersion')
    if (dependencies === undefined && version === undefined) {
      throw new ManifestSyntaxError(
        'neither "packages" nor "dependencies" nor "lockfileVersion": no npm lock file',
        1,
        1,
      )
    }
    collectVersion1(dependencies, true, (entry, offset) =>
      locked.push({ ...entry, file: path, line: positions.lineAt(offset) }),
    )
  }
  return { path, folder, format: 'package-lock.json', ecosystem: 'npm', declarations: [], locked, problems: [] }
}

type Entry = Omit<LockedPackage, 'file' | 'line'>

function lockedFromPath(key: string, node: JsonNode): Entry | undefined {
  const at = key.lastIndexOf('node_modules/')
  if (at === -1 || isTrue(memberOf(node, 'link'))) return undefined
  const name = stringOf(memberOf(node, 'name')) ?? key.slice(at + 'node_modules/'.length)
  const version = stringOf(memberOf(node, 'version'))
  if (version === undefined) return undefined
  const deprecated = stringOf(memberOf(node, 'deprecated'))
  const licence = stringOf(memberOf(node, 'license'))
  return {
    ecosystem: 'npm',
    name,
    version,
    kind: kindOf(node),
    source: sourceOf(stringOf(memberOf(node, 'resolved'))),
    hoisted: key.indexOf('node_modules/') === at,
    ...(deprecated !== undefined && { deprecated }),
    ...(licence !== undefined && { licence }),
    ...(isTrue(memberOf(node, 'hasInstallScript')) && { installScript: true }),
  }
}

/** Version 1 nests: `dependencies` of an entry are installed under it. */
function collectVersion1(
  dependencies: JsonNode | undefined,
  hoisted: boolean,
  add: (entry: Entry, offset: number) => void,
): void {
  if (dependencies?.kind !== 'object') return
  for (const [name, member] of dependencies.members) {
    const written = stringOf(memberOf(member.value, 'version'))
    if (written !== undefined) {
      const fromRegistry = /^\d/.test(written)
      add(
        {
          ecosystem: 'npm',
          name,
          version: written,
          kind: kindOf(member.value),
          source: fromRegistry ? 'registry' : sourceOf(written),
          hoisted,
        },
        member.offset,
      )
    }
    collectVersion1(memberOf(member.value, 'dependencies'), false, add)
  }
}

function kindOf(node: JsonNode): LockedPackage['kind'] {
  if (isTrue(memberOf(node, 'dev'))) return 'dev'
  return isTrue(memberOf(node, 'optional')) || isTrue(memberOf(node, 'devOptional')) ? 'optional' : 'runtime'
}

function sourceOf(resolved: string | undefined): DependencySource {
  if (resolved === undefined) return 'registry'
  if (/^git[+:]|^github:/.test(resolved)) return 'git'
  if (resolved.startsWith('file:')) return 'path'
  // Registries name the tarball `/-/name-version.tgz`; any other address is a tarball somebody chose.
  return /^https?:/.test(resolved) && !/\/-\/[^/]+\.tgz|\.tgz$/.test(resolved) ? 'url' : 'registry'
}

function isTrue(node: JsonNode | undefined): boolean {
  return node?.kind === 'other' && node.value === true
}
