import { type Confidence, confidences, type Severity, severities } from './finding.ts'

/** 0 for `critical` to 4 for `info`: sorts worst first. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity)
}

/** 0 for `high` to 2 for `low`. */
export function confidenceRank(confidence: Confidence): number {
  return confidences.indexOf(confidence)
}

/**
 * Whether a finding counts: in lists and numbers unless asked otherwise, against thresholds, and when models are compared.
 * Findings of low confidence do not; they are kept, exported and shown to those who ask (docs/severity.md).
 */
export function isCounted({ confidence }: { readonly confidence: Confidence }): boolean {
  return confidence !== 'low'
}

/** Whether a severity reaches a threshold: `atLeast('critical', 'high')` is true. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return severityRank(severity) <= severityRank(threshold)
}

export type SeverityCounts = Record<Severity, number>

/** How many findings there are of each severity; every severity has an entry. */
export function countBySeverity(findings: Iterable<{ readonly severity: Severity }>): SeverityCounts {
  const counts: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 }
  for (const { severity } of findings) counts[severity] += 1
  return counts
}

/**
 * GitHub's `security-severity` for SARIF, a score from 0.0 to 10.0: the middle of the CVSS 3.1 rating band (FIRST, CVSS
 * v3.1 specification, section 5) that carries the severity's name.
 */
export const securityScore: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.0',
}

/** What each severity says and how soon to act; the table of docs/severity.md. */
export const severityMeaning: Readonly<Record<Severity, { readonly meaning: string; readonly act: string }>> = {
  critical: {
    meaning: 'Anyone who can reach the app can take over it, its data or its accounts, without a precondition.',
    act: 'Do not run the app.',
  },
  high: {
    meaning: 'An attacker gains data or control under a realistic precondition, or a main function certainly fails.',
    act: 'Fix before release.',
  },
  medium: {
    meaning: 'Harm needs a second weakness, a rare precondition or a victim; or a secondary function fails.',
    act: 'Fix soon.',
  },
  low: {
    meaning: 'Hardening that is missing, or code that works but will cause mistakes.',
    act: 'Fix when the code is next touched.',
  },
  info: { meaning: 'A fact worth knowing. Nothing is wrong yet.', act: 'Read it.' },
}
