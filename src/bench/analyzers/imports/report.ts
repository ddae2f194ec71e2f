import type { RawFinding, Severity } from '#bench/findings'
import type { Declaration, Manifest } from '#bench/manifests'
import type { ImportSite } from './site.ts'

/** A finding at an import. */
export function atSite(
  rule: string,
  site: ImportSite,
  message: string,
  subject: string,
  more: Partial<Pick<RawFinding, 'severity' | 'confidence' | 'fix'>> & {
    readonly facts?: Record<string, string | number | boolean>
  } = {},
): RawFinding {
  const { facts, ...rest } = more
  return {
    rule,
    message,
    location: { kind: 'file', path: site.file, region: site.region },
    subject,
    evidence: { snippet: site.snippet, ...(facts && { facts }) },
    ...rest,
  }
}

/** A finding at a line of a manifest. */
export function atDeclaration(
  rule: string,
  { file, line, name, specifier }: Declaration,
  message: string,
  more: Partial<Pick<RawFinding, 'severity' | 'confidence' | 'fix'>> & {
    readonly facts?: Record<string, string | number | boolean>
  } = {},
): RawFinding {
  const { facts, ...rest } = more
  return {
    rule,
    message,
    location: { kind: 'file', path: file, region: { startLine: line } },
    subject: name,
    evidence: { snippet: specifier === '' ? name : `${name} ${specifier}`, ...(facts && { facts }) },
    ...rest,
  }
}

/** How bad a failing import is where it stands: it may be handled, never run, or run only by tests. */
export function severityAt(site: ImportSite, isTest: boolean): Severity {
  if (site.optional) return 'info'
  if (site.typeOnly) return 'low'
  return isTest || site.lazy ? 'medium' : 'high'
}

/** The manifest to name in a message: the nearest one that lists dependencies. */
export function manifestToName(manifests: readonly Manifest[]): string {
  const listing = manifests.filter((manifest) => manifest.locked.length === 0 || manifest.declarations.length > 0)
  return [...listing].sort((a, b) => b.folder.length - a.folder.length)[0]?.path ?? 'a manifest'
}
