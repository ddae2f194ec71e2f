import type { SnapshotFile } from '#bench/apps'
import type { Confidence, Rule, Severity } from '#bench/findings'
import { credentialName, valueKind } from '../secrets/credential.ts'
import type { Diagnostic } from './ruff.ts'

/** How a diagnostic is reported: as its rule has it, or with another weight at this place. */
export interface Size {
  readonly severity?: Severity
  readonly confidence?: Confidence
}

const credentialCodes = new Set(['S105', 'S106', 'S107'])
/** Security rules whose subject is normal in tests: assertions, invented passwords, chance, temporary files, short waits. */
const normalInTests = new Set(['S101', 'S105', 'S106', 'S107', 'S108', 'S110', 'S113', 'S311', 'B017', 'B018', 'B015'])

/**
 * The weight of a diagnostic at its place, or undefined when it is known to be noise there. `source` is the text of
 * the diagnostic's own range.
 */
export function sizeOf(diagnostic: Diagnostic, rule: Rule, file: SnapshotFile, source: string): Size | undefined {
  const inTest = file.role === 'test'
  if (inTest && normalInTests.has(rule.id)) return undefined
  if (credentialCodes.has(rule.id)) return credentialSize(diagnostic, source)
  // A fixed command cannot be injected into; ruff says so in its message.
  if (diagnostic.message.includes('seems safe')) return { severity: 'low', confidence: 'medium' }
  if (inTest && rule.category === 'security' && rule.severity !== 'info') return { severity: 'low' }
  return {}
}

/** Ruff goes by the name alone (`token_type = "bearer"`); the value decides. */
function credentialSize(diagnostic: Diagnostic, source: string): Size | undefined {
  const name = /"([^"]*)"$/.exec(diagnostic.message)?.[1] ?? ''
  const value = [...source.matchAll(/"([^"]*)"|'([^']*)'/g)].map((match) => match[1] ?? match[2]).at(-1) ?? ''
  // A piece of a language that is parsed, or a mask.
  if (/^token$/i.test(name) && !/^\S{12,}$/.test(value)) return undefined
  if (/^(.)\1*$/.test(value)) return undefined
  const asks = credentialName(name)
  const kind = valueKind(value, name)
  if (asks === undefined || kind === 'reference' || kind === 'not-a-secret') return undefined
  if (kind === 'placeholder' && asks === 'issued') return undefined
  return {}
}
