import { z } from 'zod'
import { messageOf } from '#platform/errors'
import { defects } from './defects.ts'
import { InvalidSarif } from './errors.ts'
import {
  type Confidence,
  confidenceSchema,
  type Evidence,
  type Location,
  type PathStep,
  type RawFinding,
  type Region,
  type Rule,
  ruleCategories,
  type Severity,
  severitySchema,
} from './finding.ts'
import {
  type GivenLevel,
  type GivenLocation,
  type GivenRegion,
  type GivenResult,
  type GivenRule,
  logSchema,
  type Run,
} from './sarif-in-format.ts'
import { proofIn } from './sarif-proof.ts'
import { pathOfUri } from './sarif-uri.ts'

/** What one run of some tool reported. */
export interface SarifReport {
  readonly tool: { readonly name: string; readonly version: string }
  readonly rules: readonly Rule[]
  readonly findings: readonly RawFinding[]
  /** Why the run is not complete; empty when the tool says it was, or says nothing. A log with reasons is not clean. */
  readonly failures: readonly string[]
}

/**
 * Reads a SARIF 2.1.0 log of any tool, one report a run. Paths become relative to the base the log names. Results that
 * are no defects (`kind` other than `fail`, `open` or `review`) or were suppressed in the source are left out.
 *
 * @throws InvalidSarif when the text is not JSON or not SARIF 2.1.0
 */
export function fromSarif(text: string): SarifReport[] {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw new InvalidSarif(`The document is not JSON: ${messageOf(error)}`, { cause: error })
  }
  const log = logSchema.safeParse(document)
  if (!log.success) {
    const [issue] = log.error.issues
    throw new InvalidSarif(`The document is not SARIF 2.1.0: ${issue?.path.join('.')}: ${issue?.message}`, {
      next: 'Export SARIF of version 2.1.0.',
    })
  }
  return log.data.runs.map(reportOf)
}

function reportOf(run: Run): SarifReport {
  const { driver, extensions = [] } = run.tool
  const given = [...(driver.rules ?? []), ...extensions.flatMap(({ rules = [] }) => rules)]
  const byId = new Map(given.map((one) => [one.id, one]))
  const rules = new Map<string, Rule>()
  const findings: RawFinding[] = []
  for (const one of run.results ?? []) {
    if (!isDefect(one)) continue
    const id = one.ruleId ?? one.rule?.id ?? driver.rules?.[one.ruleIndex ?? one.rule?.index ?? -1]?.id ?? 'unknown'
    const described = byId.get(id) ?? byId.get(id.slice(0, id.lastIndexOf('/')))
    const known = rules.get(id) ?? ruleOf(id, described, one.level)
    rules.set(id, known)
    findings.push(findingOf(one, known, described, run))
  }
  return {
    tool: { name: driver.name, version: driver.semanticVersion ?? driver.version ?? 'unknown' },
    rules: [...rules.values()],
    findings,
    failures: failuresOf(run),
  }
}

function isDefect({ kind = 'fail', suppressions = [] }: GivenResult): boolean {
  return (
    (kind === 'fail' || kind === 'open' || kind === 'review') && !suppressions.some((one) => one.kind === 'inSource')
  )
}

function failuresOf({ invocations = [], results }: Run): string[] {
  const failed = invocations.filter(({ executionSuccessful }) => executionSuccessful === false)
  const reasons = failed.flatMap(({ toolExecutionNotifications = [] }) =>
    toolExecutionNotifications.filter((one) => one.level === 'error').map(({ message }) => message.text ?? 'an error'),
  )
  if (failed.length > 0 && reasons.length === 0) reasons.push('The tool says that its execution was not successful.')
  if (results === null) reasons.push('The run has no results: the tool could not produce any.')
  return reasons
}

function ruleOf(id: string, described: GivenRule | undefined, resultLevel: GivenLevel): Rule {
  const own = described?.properties ?? {}
  const cwe = cweOf(described)
  const title = described?.shortDescription?.text ?? described?.name ?? id
  const category = z.enum(ruleCategories).safeParse(own['category'])
  const score = scoreOf(own['security-severity'])
  const helpUri = z.url().safeParse(described?.helpUri)
  const defect = z.enum(defects).safeParse(own['defect'])
  return {
    id,
    title: title || id,
    category: category.success ? category.data : cwe.length > 0 || score !== undefined ? 'security' : 'quality',
    severity: severityIn(own) ?? score ?? severityOfLevel(described?.defaultConfiguration?.level ?? resultLevel),
    confidence: confidenceIn(own['precision']) ?? 'medium',
    ...(cwe.length > 0 && { cwe }),
    why: described?.fullDescription?.text || title || id,
    fix: stringIn(own['fix']) || described?.help?.text || 'See the description of the rule.',
    ...(helpUri.success && { help: helpUri.data }),
    ...(defect.success && { defect: defect.data }),
  }
}

/** From relationships, tags (`external/cwe/cwe-079`, `CWE-79: …`) and the `cwe` property. */
function cweOf(described: GivenRule | undefined): number[] {
  const related = (described?.relationships ?? [])
    .filter(({ target }) => target.toolComponent?.name?.toUpperCase() === 'CWE')
    .map(({ target }) => `cwe-${target.id?.replace(/^CWE-/i, '')}`)
  const { tags, cwe } = described?.properties ?? {}
  const texts = [...related, ...[tags, cwe].flat().map((one) => (typeof one === 'number' ? `cwe-${one}` : one))]
  const numbers = texts.flatMap((one) => {
    const match = typeof one === 'string' ? /(?:^|\W)cwe-?(\d{1,5})/i.exec(one) : null
    return match?.[1] === undefined ? [] : [Number(match[1])]
  })
  return [...new Set(numbers)]
}

/** The bands of CVSS 3.1, section 5. */
function scoreOf(value: unknown): Severity | undefined {
  const score = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  if (Number.isNaN(score)) return undefined
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : score > 0 ? 'low' : 'info'
}

function severityOfLevel(value: GivenLevel = 'warning'): Severity {
  return ({ error: 'high', warning: 'medium', note: 'low', none: 'info' } as const)[value]
}

function severityIn(own: Record<string, unknown>): Severity | undefined {
  return severitySchema.safeParse(own['severity']).data
}

function confidenceIn(value: unknown): Confidence | undefined {
  return value === 'very-high' ? 'high' : confidenceSchema.safeParse(value).data
}

function stringIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function findingOf(one: GivenResult, known: Rule, described: GivenRule | undefined, run: Run): RawFinding {
  const own = one.properties ?? {}
  const severity =
    severityIn(own) ??
    (described?.properties?.['security-severity'] || !one.level ? undefined : severityOfLevel(one.level))
  const confidence = confidenceIn(own['confidence'])
  const fix = stringIn(own['fix'])
  return {
    rule: known.id,
    message: messageText(one, described) || known.title,
    location: locationOf(one, run),
    ...(severity && severity !== known.severity && { severity }),
    ...(confidence && confidence !== known.confidence && { confidence }),
    ...(fix && fix !== known.fix && { fix }),
    evidence: evidenceOf(one, own, run),
  }
}

function messageText({ message }: GivenResult, described: GivenRule | undefined): string | undefined {
  const template =
    message.text ?? (message.id === undefined ? undefined : described?.messageStrings?.[message.id]?.text)
  return template?.replaceAll(/\{(\d{1,3})\}/g, (whole, index: string) => message.arguments?.[Number(index)] ?? whole)
}

function locationOf(one: GivenResult, run: Run): Location {
  const file = fileOf(one.locations?.[0], run)
  if (file === undefined && one.webRequest?.target !== undefined) {
    const [parameter] = Object.keys(one.webRequest.parameters ?? {})
    return {
      kind: 'endpoint',
      method: one.webRequest.method ?? 'GET',
      url: one.webRequest.target,
      ...(parameter !== undefined && { parameter }),
    }
  }
  return file ?? { kind: 'file', path: '.' }
}

function fileOf(where: GivenLocation | undefined, run: Run): Location | undefined {
  const physical = where?.physicalLocation
  const uri = physical?.artifactLocation?.uri ?? run.artifacts?.[physical?.artifactLocation?.index ?? -1]?.location?.uri
  const path = uri === undefined ? '' : pathOfUri(uri)
  if (path === '') return undefined
  const place = regionOf(physical?.region)
  return { kind: 'file', path, ...(place && { region: place }) }
}

/** Numbers that no file can have (tools write 0 for "unknown") are left out. */
function regionOf(given: GivenRegion | undefined): Region | undefined {
  const valid = (value: number | undefined): value is number =>
    value !== undefined && Number.isInteger(value) && value >= 1
  if (!valid(given?.startLine)) return undefined
  return {
    startLine: given.startLine,
    ...(valid(given.startColumn) && { startColumn: given.startColumn }),
    ...(valid(given.endLine) && given.endLine >= given.startLine && { endLine: given.endLine }),
    ...(valid(given.endColumn) && { endColumn: given.endColumn }),
  }
}

function evidenceOf(one: GivenResult, own: Record<string, unknown>, run: Run): Evidence {
  const snippet = one.locations?.[0]?.physicalLocation?.region?.snippet?.text
  const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).safeParse(own['facts'])
  const related = (one.relatedLocations ?? []).flatMap((where) => {
    const place = fileOf(where, run)
    return place === undefined ? [] : [{ location: place, message: where.message?.text ?? '' }]
  })
  const path = pathOf(one, run)
  return {
    ...(snippet !== undefined && { snippet }),
    ...(related.length > 0 && { related }),
    ...(path.length >= 2 && { path }),
    ...(facts.success && { facts: facts.data }),
    ...proofIn(own),
  }
}

/** The first way a result tells of; its steps that are in no file are left out. */
function pathOf({ codeFlows = [] }: GivenResult, run: Run): PathStep[] {
  const locations = codeFlows[0]?.threadFlows[0]?.locations ?? []
  const steps = locations.flatMap((given) => {
    const step = { ...run.threadFlowLocations?.[given.index ?? -1], ...given }
    const place = fileOf(step.location, run)
    return place === undefined ? [] : [{ place, message: step.location?.message?.text ?? '', depth: step.nestingLevel }]
  })
  return steps.map(({ place, message, depth }, at) => ({
    kind: at === 0 ? 'source' : at === steps.length - 1 ? 'sink' : 'step',
    location: place,
    message,
    ...(depth !== undefined && { depth }),
  }))
}
