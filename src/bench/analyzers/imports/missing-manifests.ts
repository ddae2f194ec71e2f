import type { RawFinding } from '#bench/findings'
import { atSite } from './report.ts'
import type { Scopes } from './scope.ts'
import type { UndeclaredPackage } from './undeclared-package.ts'

/** Where no manifest of the ecosystem exists at all, one finding says so instead of one for every package. */
export function missingManifests(
  findings: readonly RawFinding[],
  undeclared: readonly UndeclaredPackage[],
  scopes: Scopes,
): { readonly kept: readonly RawFinding[]; readonly missing: readonly RawFinding[] } {
  const dropped = new Set<string>()
  const missing: RawFinding[] = []
  for (const ecosystem of ['npm', 'pypi'] as const) {
    const orphans = undeclared.filter(
      (one) => one.ecosystem === ecosystem && scopes.of(one.site.file, ecosystem).manifests.length === 0,
    )
    const needed = orphans.filter(({ site }) => !site.optional && !site.typeOnly)
    const [first] = needed
    if (first === undefined) continue
    for (const { site, name } of orphans) dropped.add(`${site.file} ${name}`)
    const names = [...new Set(needed.map((one) => one.name))].sort()
    const manifest = ecosystem === 'npm' ? 'package.json' : 'requirements.txt'
    const shown = names.slice(0, 12).join(', ') + (names.length > 12 ? ` and ${names.length - 12} more` : '')
    const message = `The code imports ${shown}, and there is no ${manifest} or other manifest that declares them.`
    missing.push(
      atSite('missing-manifest', first.site, message, ecosystem, { fix: `Add a ${manifest} with ${shown}.` }),
    )
  }
  const kept = findings.filter(
    (finding) =>
      finding.rule !== 'undeclared-import' ||
      finding.location.kind !== 'file' ||
      !dropped.has(`${finding.location.path} ${finding.subject}`),
  )
  return { kept, missing }
}
