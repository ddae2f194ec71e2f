import { minVersion, subset, validRange } from 'semver'
import type { RawFinding } from '#bench/findings'
import { type Manifest, parsePythonSpecifier } from '#bench/manifests'
import type { InventoryItem } from './inventory.ts'
import { isStrongCopyleft } from './licences.ts'

/** What can be said about each package without advisories. */
export function judgeItems(items: readonly InventoryItem[], manifests: readonly Manifest[]): readonly RawFinding[] {
  const copyleftApp = manifests.some(
    (manifest) => manifest.ownLicence !== undefined && isStrongCopyleft(manifest.ownLicence),
  )
  return items.flatMap((item) => [
    ...unpinned(item),
    ...deprecated(item),
    ...(copyleftApp ? [] : copyleft(item)),
    ...installScript(item),
    ...fromElsewhere(item),
  ])
}

function at(item: InventoryItem, rule: string, message: string, more: Partial<RawFinding> = {}): RawFinding {
  return {
    rule,
    message,
    location: { kind: 'file', path: item.file, region: { startLine: item.line } },
    subject: item.name,
    evidence: { facts: { package: item.name, ...(item.version !== undefined && { version: item.version }) } },
    ...more,
  }
}

function unpinned(item: InventoryItem): RawFinding[] {
  if (item.known !== 'unknown' || item.source !== 'registry' || item.kind === 'peer') return []
  const specifier = item.specifier ?? ''
  const bounded = hasUpperBound(item.ecosystem, specifier)
  const allows = specifier === '' || specifier === '*' ? 'any version' : `every version in ${specifier}`
  const message = `${item.file} allows ${allows} of \`${item.name}\`, and no lock file fixes one.`
  return [at(item, 'unpinned-dependency', message, bounded ? { severity: 'info' } : {})]
}

/** Whether a range ends below some version: `^1.2.0`, `>=2,<3`, `~=1.4`. */
export function hasUpperBound(ecosystem: InventoryItem['ecosystem'], specifier: string): boolean {
  if (ecosystem === 'npm') {
    const range = validRange(specifier)
    if (range === null) return false
    const from = minVersion(range)
    return from !== null && !subset(`>=${from.major + 1000}.0.0`, range)
  }
  if (/^[\^~](?!=)/.test(specifier)) return true
  const clauses = parsePythonSpecifier(specifier)
  return (
    clauses?.some(({ operator }) => operator === '<' || operator === '<=' || operator === '~=' || operator === '==') ??
    false
  )
}

function deprecated(item: InventoryItem): RawFinding[] {
  if (item.deprecated === undefined) return []
  const version = item.version === undefined ? '' : ` ${item.version}`
  const notice = item.deprecated.replace(/\s+/g, ' ').slice(0, 200)
  return [
    at(
      item,
      'deprecated-dependency',
      `${item.name}${version} is deprecated: ${notice}`,
      item.direct ? {} : { severity: 'info' },
    ),
  ]
}

function copyleft(item: InventoryItem): RawFinding[] {
  if (item.licence === undefined || item.kind === 'dev' || !isStrongCopyleft(item.licence)) return []
  return [
    at(
      item,
      'strong-copyleft-dependency',
      `${item.name} is under ${item.licence}, and the app states no such licence.`,
    ),
  ]
}

function installScript(item: InventoryItem): RawFinding[] {
  return item.installScript
    ? [at(item, 'install-script', `${item.name} runs a script of its own when it is installed.`)]
    : []
}

/** A full commit hash cannot be replaced; a branch, a tag and an address can. */
function fromElsewhere(item: InventoryItem): RawFinding[] {
  if (item.source !== 'git' && item.source !== 'url') return []
  // Conda's channels are registries that have no public list here.
  if (/\.ya?ml$/.test(item.file) && item.ecosystem === 'pypi') return []
  const address = withoutCredentials(item.specifier ?? item.version ?? '')
  if (/[#@][0-9a-f]{40}\b|#sha(?:1|256|512)[=:-]|[?&#]sha256=/i.test(address)) return []
  return [
    at(
      item,
      'git-dependency',
      `${item.name} is installed from ${address || item.source}, which can change without notice.`,
    ),
  ]
}

function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^/@\s]+@/, '//')
}
