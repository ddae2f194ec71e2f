import type { RawFinding } from '#bench/findings'
import { messageOf } from '#platform/errors'
import type { Check } from '../contract.ts'
import { severityOf } from './cvss.ts'
import type { InventoryItem } from './inventory.ts'
import { askOsv, type OsvApiOptions, OsvUnreachable } from './osv-api.ts'
import { readOsvDirectory } from './osv-directory.ts'
import { isAffected } from './osv-ranges.ts'
import type { OsvRecord } from './osv-record.ts'

export interface AdvisoryReport {
  readonly findings: readonly RawFinding[]
  readonly check: Check
  /** Packages whose version was held against the advisories. */
  readonly judged: number
}

const check = { id: 'advisories', title: 'Known vulnerabilities (OSV)' }

type Versioned = InventoryItem & { readonly version: string }

/** Holds every package with a known version against OSV: a local folder when one is given, else the API. */
export async function checkAdvisories(
  items: readonly InventoryItem[],
  directory: string | undefined,
  options: OsvApiOptions,
): Promise<AdvisoryReport> {
  const versioned = items.filter((item): item is Versioned => item.version !== undefined && item.source === 'registry')
  if (versioned.length === 0) {
    const reason = 'no dependency has a fixed version: without one, no advisory can be said to apply'
    return { findings: [], judged: 0, check: { ...check, outcome: 'not_applicable', reason } }
  }
  try {
    const { of, note } = directory === undefined ? await fromApi(versioned, options) : await fromDirectory(directory)
    return judge(versioned, of, note)
  } catch (error) {
    options.signal.throwIfAborted()
    const known = error instanceof OsvUnreachable || (error instanceof Error && 'code' in error)
    if (!known) throw error
    const where = directory === undefined ? 'osv.dev' : `the OSV folder ${directory}`
    return { findings: [], judged: 0, check: { ...check, outcome: 'error', reason: `${where}: ${messageOf(error)}` } }
  }
}

interface Advisories {
  of(item: Versioned): readonly OsvRecord[]
  readonly note?: string
}

async function fromApi(versioned: readonly Versioned[], options: OsvApiOptions): Promise<Advisories> {
  const found = await askOsv(versioned, options)
  return { of: (item) => found.get(item) ?? [] }
}

async function fromDirectory(directory: string): Promise<Advisories> {
  const local = await readOsvDirectory(directory)
  if (local.records === 0) throw new OsvUnreachable('it holds no OSV record')
  const [first] = local.unreadable
  return {
    of: (item) => local.of(item.ecosystem, item.name),
    ...(first !== undefined && { note: `${local.unreadable.length} files are no OSV records, for example ${first}` }),
  }
}

function judge(versioned: readonly Versioned[], of: Advisories['of'], note: string | undefined): AdvisoryReport {
  const findings: RawFinding[] = []
  const failures: string[] = note === undefined ? [] : [note]
  let judged = 0
  for (const item of versioned) {
    const seen = new Set<string>()
    let complete = true
    for (const record of of(item)) {
      try {
        const answer = isAffected(record, item.ecosystem, item.name, item.version)
        // One flaw often has a GHSA and a PYSEC record: they name each other as aliases.
        const names = [record.id, ...(record.aliases ?? [])]
        if (!answer.affected || names.some((name) => seen.has(name))) continue
        for (const name of names) seen.add(name)
        findings.push(findingOf(item, record, answer.fixed, answer.entry))
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        complete = false
        failures.push(`${record.id} cannot be held against ${item.name} ${item.version}: ${error.message}`)
      }
    }
    if (complete) judged++
  }
  const [failure] = failures
  const result = failure === undefined ? undefined : ({ ...check, outcome: 'error', reason: failure } as const)
  const vulnerable = `${findings.length} advisories apply`
  return {
    findings,
    judged,
    check:
      result ??
      (findings.length > 0 ? { ...check, outcome: 'fail', reason: vulnerable } : { ...check, outcome: 'pass' }),
  }
}

function findingOf(
  item: Versioned,
  record: OsvRecord,
  fixed: string | undefined,
  entry: NonNullable<OsvRecord['affected']>[number],
): RawFinding {
  const malicious = record.id.startsWith('MAL-')
  const { severity, score, source } = severityOf(record, entry)
  const cve = record.aliases?.find((alias) => alias.startsWith('CVE-'))
  const cwes = record.database_specific?.['cwe_ids']
  const about = record.summary ?? record.details?.split('\n')[0]?.slice(0, 200) ?? 'no description'
  const label = cve === undefined || cve === record.id ? record.id : `${record.id} (${cve})`
  const brought = item.direct ? '' : ' It is brought along by another dependency.'
  return {
    rule: malicious ? 'malicious-dependency' : 'vulnerable-dependency',
    message: `${item.name} ${item.version} has ${label}: ${about}.${brought}`.replace('..', '.'),
    location: { kind: 'file', path: item.file, region: { startLine: item.line } },
    ...(!malicious && { severity: item.kind === 'dev' ? lower(severity) : severity }),
    fix: malicious
      ? `Remove ${item.name}.`
      : fixed === undefined
        ? `No fixed version of ${item.name} is known: replace it, or keep the vulnerable part out of reach.`
        : `Update ${item.name} to ${fixed} or later.`,
    subject: `${item.name} ${record.id}`,
    evidence: {
      facts: {
        package: item.name,
        version: item.version,
        advisory: record.id,
        ...(record.aliases?.length && { aliases: record.aliases.join(' ') }),
        ...(fixed !== undefined && { fixed }),
        ...(Array.isArray(cwes) && cwes.length > 0 && { cwe: cwes.join(' ') }),
        ...(score !== undefined && { cvss: score }),
        severityFrom: source,
      },
    },
  }
}

/** What is not installed in production can be attacked on developer machines only. */
function lower(severity: NonNullable<RawFinding['severity']>): NonNullable<RawFinding['severity']> {
  const steps = { critical: 'high', high: 'medium', medium: 'low', low: 'low', info: 'info' } as const
  return steps[severity]
}
