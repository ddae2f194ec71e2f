import type { Finding, FindingState, Location, PathStep, Severity } from './finding.ts'
import { compare } from './fingerprint.ts'
import { cweName } from './owasp.ts'
import type {
  SarifInvocation,
  SarifLevel,
  SarifLocation,
  SarifLog,
  SarifResult,
  SarifRule,
  SarifTaxonomy,
  SarifThreadFlowLocation,
} from './sarif-format.ts'
import { proofOf } from './sarif-proof.ts'
import { uriOfPath } from './sarif-uri.ts'
import { securityScore, severityRank } from './severity.ts'

/** What a SARIF log is made of. */
export interface SarifInput {
  /** Assay's version. */
  readonly version: string
  /** `true` writes every path under the name of its app (a study); otherwise paths are relative to the app. */
  readonly prefixApps?: boolean
  readonly findings: readonly (Finding & { readonly app?: string; readonly state?: FindingState })[]
  readonly analyses: readonly SarifAnalysis[]
}

export interface SarifAnalysis {
  readonly app?: string
  readonly analyzer: string
  readonly version: string
  readonly outcome: 'completed' | 'not_applicable' | 'error' | 'timed_out' | 'cancelled'
  readonly reason?: string
  /** Checks of a completed analysis; those that could not be made become warnings. */
  readonly checks?: readonly { readonly title: string; readonly outcome: string; readonly reason?: string }[]
}

/** Every path in a log is relative to this base; whoever reads the log says where it is. */
const base = 'SRCROOT'

/** The name of Assay's fingerprints in `partialFingerprints`; the number is raised when they change. */
const fingerprintName = 'assay/v1'

const levels: Readonly<Record<Severity, SarifLevel>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
}

/**
 * A SARIF 2.1.0 log of one run. An analysis that did not finish makes `executionSuccessful` false and is a notification, so
 * that nobody takes the log for a clean result.
 */
export function toSarif(input: SarifInput): SarifLog {
  const rules = rulesOf(input.findings)
  const indexOfRule = new Map(rules.map((rule, index) => [rule.id, index]))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Assay',
            version: input.version,
            rules,
            notifications: [
              {
                id: 'not-measured',
                shortDescription: { text: 'An analysis was not completed: its findings are unknown.' },
              },
              { id: 'not-applicable', shortDescription: { text: 'An analyzer has nothing to analyse in an app.' } },
            ],
            supportedTaxonomies: [{ name: 'CWE', index: 0 }],
          },
        },
        taxonomies: [cweTaxonomy(input.findings)],
        originalUriBaseIds: { [base]: { description: { text: 'The folder that was analysed.' } } },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(input.analyses)],
        results: input.findings.map((finding) => resultOf(finding, indexOfRule.get(finding.rule) ?? -1, input)),
      },
    ],
  }
}

function rulesOf(findings: readonly Finding[]): SarifRule[] {
  const worst = new Map<string, Finding>()
  for (const finding of findings) {
    const known = worst.get(finding.rule)
    if (known === undefined || severityRank(finding.severity) < severityRank(known.severity))
      worst.set(finding.rule, finding)
  }
  return [...worst.values()].sort((a, b) => compare(a.rule, b.rule)).map(ruleOf)
}

function ruleOf(finding: Finding): SarifRule {
  const { rule, title, category, severity, confidence, cwe, owasp, why, fix, help, defect } = finding
  return {
    id: rule,
    name: title,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\n${fix}`, markdown: `${escapeMarkdown(why)}\n\n**Fix:** ${escapeMarkdown(fix)}` },
    ...(help && { helpUri: help }),
    defaultConfiguration: { level: levels[severity] },
    ...(cwe.length > 0 && {
      relationships: cwe.map((id) => ({
        target: { id: String(id), toolComponent: { name: 'CWE', index: 0 } },
        kinds: ['superset'],
      })),
    }),
    properties: {
      tags: [
        category,
        ...cwe.map((id) => `external/cwe/cwe-${String(id).padStart(3, '0')}`),
        ...(owasp ? [`OWASP ${owasp}`] : []),
      ],
      precision: confidence,
      ...(category === 'security' && { 'security-severity': securityScore[severity] }),
      category,
      severity,
      fix,
      ...(defect && { defect }),
    },
  }
}

/** SARIF viewers render `help.markdown`: text of rules must not become HTML or links there. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>&]/g, (char) => (char === '<' ? '&lt;' : char === '&' ? '&amp;' : `\\${char}`))
}

function cweTaxonomy(findings: readonly Finding[]): SarifTaxonomy {
  const used = [...new Set(findings.flatMap(({ cwe }) => cwe))].sort((a, b) => a - b)
  return {
    name: 'CWE',
    organization: 'MITRE',
    shortDescription: { text: 'The MITRE Common Weakness Enumeration' },
    informationUri: 'https://cwe.mitre.org/',
    taxa: used.map((id) => {
      const name = cweName(id)
      return {
        id: String(id),
        helpUri: `https://cwe.mitre.org/data/definitions/${id}.html`,
        ...(name && { shortDescription: { text: name } }),
      }
    }),
  }
}

function invocationOf(analyses: readonly SarifAnalysis[]): SarifInvocation {
  const incomplete = analyses.filter(({ outcome }) => outcome !== 'completed')
  return {
    executionSuccessful: incomplete.every(({ outcome }) => outcome === 'not_applicable'),
    toolExecutionNotifications: [...incomplete.map(unfinished), ...analyses.flatMap(unmade)],
  }
}

type SarifNotification = NonNullable<SarifInvocation['toolExecutionNotifications']>[number]

function unfinished({ app, analyzer, version, outcome, reason }: SarifAnalysis): SarifNotification {
  const skipped = outcome === 'not_applicable'
  return {
    descriptor: skipped ? { id: 'not-applicable', index: 1 } : { id: 'not-measured', index: 0 },
    level: skipped ? 'note' : 'error',
    message: {
      text: `${analyzer}${app ? ` on ${app}` : ''}: ${outcome.replace('_', ' ')}: ${reason ?? 'no reason given'}`,
    },
    properties: { analyzer, version, outcome, ...(app && { app }) },
  }
}

function unmade({ app, analyzer, version, outcome, checks = [] }: SarifAnalysis): SarifNotification[] {
  if (outcome !== 'completed') return []
  return checks
    .filter((check) => check.outcome === 'error')
    .map(({ title, reason }) => ({
      descriptor: { id: 'not-measured', index: 0 },
      level: 'warning',
      message: {
        text: `${analyzer}${app ? ` on ${app}` : ''}: not checked: ${title} (${reason ?? 'no reason given'})`,
      },
      properties: { analyzer, version, outcome, ...(app && { app }) },
    }))
}

function resultOf(finding: SarifInput['findings'][number], ruleIndex: number, input: SarifInput): SarifResult {
  const { location, evidence, state } = finding
  const prefix = input.prefixApps && finding.app !== undefined ? `${finding.app}/` : ''
  const place = (where: Location, snippet?: string): SarifLocation => locationOf(where, prefix, snippet)
  const here = place(location, evidence.snippet)
  const related = evidence.related ?? []
  const { properties: proof, ...shown } = proofOf(location, evidence)
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [here],
    ...(related.length > 0 && {
      relatedLocations: related.map((one, id) => ({ id, ...place(one.location), message: { text: one.message } })),
    }),
    ...(evidence.path !== undefined && {
      codeFlows: [{ threadFlows: [{ locations: evidence.path.map((step) => flowLocationOf(step, place)) }] }],
    }),
    ...shown,
    partialFingerprints: { [fingerprintName]: finding.fingerprint },
    ...((state === 'accepted' || state === 'false_positive') && {
      suppressions: [
        { kind: 'external' as const, status: 'accepted' as const, justification: state.replace('_', ' ') },
      ],
    }),
    properties: {
      severity: finding.severity,
      confidence: finding.confidence,
      provenance: finding.provenance,
      fix: finding.fix,
      witnesses: finding.witnesses,
      ...(finding.app !== undefined && { app: finding.app }),
      ...(state !== undefined && { state }),
      ...(evidence.facts && { facts: evidence.facts }),
      ...proof,
    },
  }
}

/** Source and sink are what a viewer must not fold away. */
function flowLocationOf(
  { kind, location, message, depth }: PathStep,
  place: (where: Location) => SarifLocation,
): SarifThreadFlowLocation {
  return {
    location: { ...place(location), message: { text: message } },
    importance: kind === 'step' ? 'important' : 'essential',
    ...(depth !== undefined && { nestingLevel: depth }),
    kinds: [kind === 'step' ? 'taint' : kind],
  }
}

function locationOf(location: Location, prefix: string, snippet?: string): SarifLocation {
  if (location.kind === 'endpoint') {
    return { logicalLocations: [{ fullyQualifiedName: `${location.method} ${location.url}`, kind: 'resource' }] }
  }
  const { path, region } = location
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOfPath(`${prefix}${path}`), uriBaseId: base },
      ...(region && { region: { ...region, ...(snippet !== undefined && { snippet: { text: snippet } }) } }),
    },
  }
}
