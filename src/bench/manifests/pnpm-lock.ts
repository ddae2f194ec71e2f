import type { LockedPackage, Manifest } from './manifest.ts'
import { pairsOf, parseYaml, scalarText } from './yaml.ts'

/**
 * Reads a pnpm-lock.yaml of lock file version 5 to 9: names and versions are the keys of `packages`, direct
 * dependencies those under `importers` (or at the top, before version 6).
 * @throws ManifestSyntaxError when it is not YAML
 */
export function parsePnpmLock(path: string, folder: string, text: string): Manifest {
  const { root, lineOf } = parseYaml(text)
  const direct = new Set<string>()
  const importers = root.get('importers', true)
  const holders = importers === undefined ? [root] : pairsOf(importers).map((pair) => pair.value)
  for (const holder of holders) {
    for (const section of pairsOf(holder)) {
      if (!/^(dev|optional)?[dD]ependencies$/.test(section.key)) continue
      for (const pair of pairsOf(section.value)) direct.add(pair.key)
    }
  }
  const locked: LockedPackage[] = []
  for (const { key, keyNode, value } of pairsOf(root.get('packages', true))) {
    const read = readKey(key)
    if (read === undefined) continue
    const fields = new Map(pairsOf(value).map((pair) => [pair.key, scalarText(pair.value)]))
    const deprecated = fields.get('deprecated')
    locked.push({
      ecosystem: 'npm',
      ...read,
      kind: fields.get('dev') === 'true' ? 'dev' : fields.get('optional') === 'true' ? 'optional' : 'runtime',
      source: /^\d/.test(read.version) ? 'registry' : 'url',
      hoisted: direct.has(read.name),
      ...(deprecated !== undefined && { deprecated }),
      ...(fields.get('requiresBuild') === 'true' && { installScript: true }),
      file: path,
      line: lineOf(keyNode),
    })
  }
  return { path, folder, format: 'pnpm-lock.yaml', ecosystem: 'npm', declarations: [], locked, problems: [] }
}

/** `/@babel/core/7.1.0`, `/@babel/core@7.1.0(peer@1)` and `@babel/core@7.1.0` are written by versions 5, 6 and 9. */
function readKey(key: string): { name: string; version: string } | undefined {
  const match = /^\/?((?:@[^/@]+\/)?[^/@]+)(?:@([^(]+)|\/(\d[^_(]*))/.exec(key)
  const version = match?.[2] ?? match?.[3]
  return match?.[1] === undefined || version === undefined ? undefined : { name: match[1], version }
}
