import type { Finding, Location, Region } from './finding.ts'
import { compare } from './fingerprint.ts'
import { confidenceRank, severityRank } from './severity.ts'

/** How the code that answers a request is named among the related places of a finding about an endpoint. */
export const handlerMessage = 'the code that answers'

type FileLocation = Extract<Location, { kind: 'file' }>

/**
 * Joins what was proven on the running app with what was found in its code: a finding about an endpoint that knows the code
 * answering there, and a finding of the same defect in a file whose place, or whose path of the value, lies in that code.
 * The finding in the file stays itself (its place and fingerprint last when the app is not run), is of high confidence from
 * then on, and takes over the requests and what was observed. Where several could be meant, those that name the parameter
 * come first, then the more confident ones; one proof confirms one finding. Proofs that meet nothing stay as they are.
 *
 * Joining a result again changes nothing, and the order of the input does not matter.
 */
export function withProofs(findings: readonly Finding[]): Finding[] {
  const joined = new Map<Finding, Finding[]>()
  const left: Finding[] = []
  for (const finding of findings) {
    const handler = handlerOf(finding)
    const met =
      handler === undefined
        ? undefined
        : findings.filter((other) => meets(other, finding, handler)).toSorted(closestTo(finding))[0]
    if (met === undefined) left.push(finding)
    else joined.set(met, [...(joined.get(met) ?? []), finding])
  }
  return left.map((finding) => confirmed(finding, joined.get(finding) ?? []))
}

/** The code that answers at the endpoint of a proof. */
function handlerOf({ location, defect, evidence }: Finding): FileLocation | undefined {
  if (location.kind !== 'endpoint' || defect === undefined) return undefined
  const handler = evidence.related?.find(({ message }) => message === handlerMessage)?.location
  return handler?.kind === 'file' ? handler : undefined
}

function meets({ location, defect, evidence }: Finding, proof: Finding, handler: FileLocation): boolean {
  if (location.kind !== 'file' || defect !== proof.defect) return false
  return [location, ...(evidence.path ?? []).map((step) => step.location)].some(
    (place) => place.kind === 'file' && liesIn(place, handler),
  )
}

function liesIn(place: FileLocation, handler: FileLocation): boolean {
  if (place.path !== handler.path || place.region === undefined || handler.region === undefined) return false
  return place.region.startLine <= lastLine(handler.region) && lastLine(place.region) >= handler.region.startLine
}

function lastLine({ startLine, endLine = startLine }: Region): number {
  return endLine
}

/** The finding a proof most likely confirms first. */
function closestTo(proof: Finding): (one: Finding, other: Finding) => number {
  const parameter = proof.location.kind === 'endpoint' ? proof.location.parameter : undefined
  const names = ({ evidence, message }: Finding) => {
    const text = `${evidence.facts?.['input'] ?? ''} ${evidence.snippet ?? ''} ${message} ${(evidence.path ?? []).map((step) => step.message).join(' ')}`
    return parameter !== undefined && new RegExp(`\\b${parameter.replace(/[^\w]/g, '\\$&')}\\b`).test(text)
  }
  return (one, other) =>
    Number(names(other)) - Number(names(one)) ||
    confidenceRank(one.confidence) - confidenceRank(other.confidence) ||
    compare(one.fingerprint, other.fingerprint) ||
    compare(JSON.stringify(one), JSON.stringify(other))
}

function confirmed(finding: Finding, proofs: readonly Finding[]): Finding {
  const [first, ...others] = proofs.toSorted(
    (one, other) =>
      confidenceRank(one.confidence) - confidenceRank(other.confidence) ||
      compare(one.fingerprint, other.fingerprint) ||
      compare(JSON.stringify(one), JSON.stringify(other)),
  )
  if (first === undefined) return finding
  const all = [first, ...others]
  const worst =
    [finding, ...all].toSorted((one, other) => severityRank(one.severity) - severityRank(other.severity))[0] ?? finding
  const surest =
    [finding, ...all].toSorted((one, other) => confidenceRank(one.confidence) - confidenceRank(other.confidence))[0] ??
    finding
  const { exchanges, observed, artifacts, facts } = first.evidence
  return {
    ...finding,
    severity: worst.severity,
    confidence: surest.confidence,
    cwe: [...new Set([finding, ...all].flatMap(({ cwe }) => cwe))],
    evidence: {
      ...finding.evidence,
      related: [
        ...(finding.evidence.related ?? []),
        ...all.map(({ location, message }) => ({ location, message: `proven on the running app: ${message}` })),
      ],
      ...(exchanges && { exchanges }),
      ...(observed && { observed }),
      ...(artifacts && { artifacts }),
      facts: { ...facts, ...finding.evidence.facts },
    },
    witnesses: [
      ...new Map(
        [finding, ...all]
          .flatMap(({ witnesses }) => witnesses)
          .map((witness) => [`${witness.analyzer}/${witness.rule}`, witness]),
      ).values(),
    ],
  }
}
