import type { SnapshotFile } from '#bench/apps'
import type { Confidence, RawFinding, Severity } from '#bench/findings'
import type { Candidate } from './candidate.ts'
import { credentialName, endsName, entropy, mask, valueKind } from './credential.ts'
import { addressRule, configurationRule, guessableRule, literalRule, privateKeyRule } from './rules.ts'

/** Where a file stands: code and settings that run, a form to fill in, prose, or tests with invented values. */
export type Setting = 'source' | 'configuration' | 'example' | 'test'

export type Verdict = Pick<RawFinding, 'rule' | 'message' | 'severity' | 'confidence' | 'subject'>

const exampleName = /(?:^|[._-])(?:example|sample|template|dist|tpl|tmpl|skel|defaults?)(?:[._-]|$)/i
/** Folders of translations: `"password": "Passwort"`. */
const translations = /(?:^|\/)(?:locales?|i18n|lang|langs|languages|translations|messages)\//i
const configurationLanguages = new Set(['dotenv', 'ini', 'yaml', 'toml', 'json', 'xml', 'dockerfile', 'nginx', 'shell'])

/** What values in a file are worth. */
export function settingOf(file: SnapshotFile): Setting {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1)
  if (file.role === 'test') return 'test'
  if (
    exampleName.test(name) ||
    translations.test(file.path) ||
    file.role === 'documentation' ||
    file.language === 'markdown'
  )
    return 'example'
  return file.language === undefined || configurationLanguages.has(file.language) ? 'configuration' : 'source'
}

/** Whether a candidate is a finding where it stands, and how grave; undefined when it is not one. */
export function judge(candidate: Candidate, setting: Setting): Verdict | undefined {
  switch (candidate.origin.kind) {
    case 'shape':
      return judgeShape(candidate.value, candidate.origin, setting)
    case 'address':
      return judgeAddress(candidate.value, candidate.origin, setting)
    case 'assignment':
      return judgeAssignment(candidate.value, candidate.origin, setting)
  }
}

type Origin<Kind> = Extract<Candidate['origin'], { kind: Kind }>

/** Forms are believed everywhere but in tests; a wrong checksum shows an invention. */
function judgeShape(value: string, { rule, service, genuine }: Origin<'shape'>, setting: Setting): Verdict | undefined {
  if (setting === 'test' && genuine !== true) return undefined
  if (rule === privateKeyRule) return { rule, message: 'A private key stands in the file.' }
  const repeated =
    entropy(value) < 2.5 || /x{6,}|0{8,}|(?:1234567890?){1,2}|abcdef(?:gh|0123)|example|your/i.test(value)
  if (repeated && genuine !== true) return undefined
  const message = `${service} ${mask(value)} stands in the file.`
  if (genuine !== false) return { rule, message }
  return {
    rule,
    message: `${message} Its checksum is wrong: it was probably invented.`,
    severity: 'low',
    confidence: 'low',
  }
}

function judgeAddress(value: string, { scheme, host, user }: Origin<'address'>, setting: Setting): Verdict | undefined {
  if (setting === 'test' || setting === 'example') return undefined
  // The parts of an address named as such: it explains the form.
  if (/^(?:user(?:name)?|login)$/i.test(user) && /^pass(?:word|wd)?$/i.test(value)) return undefined
  if (/(?:^|\.)example\.(?:com|org|net)$|\.example$/i.test(host)) return undefined
  const kind = valueKind(value, 'password')
  const target = `${scheme} address for ${user === '' ? 'the' : `user \`${user}\` at`} ${host}`
  if (kind === 'reference' || kind === 'placeholder') return undefined
  if (kind === 'literal') {
    return { rule: addressRule, message: `The ${target} holds the password ${mask(value)}.`, subject: host }
  }
  const message = `The ${target} holds a password anyone can guess.`
  return { rule: guessableRule, message, severity: isNearby(host) ? 'low' : 'high', subject: host }
}

function judgeAssignment(
  value: string,
  { name, commented, entry }: Origin<'assignment'>,
  setting: Setting,
): Verdict | undefined {
  if (setting === 'test' || setting === 'example') return undefined
  const asks = credentialName(name)
  const kind = valueKind(value, name)
  if (asks === undefined || kind === 'reference' || kind === 'not-a-secret') return undefined
  if (kind === 'literal') return literalVerdict(value, name, setting)
  if (asks === 'issued' || commented) return undefined
  if (entry && setting === 'source' && endsName(value, name)) return undefined
  return guessableVerdict(name, kind, setting)
}

function literalVerdict(value: string, name: string, setting: Setting): Verdict | undefined {
  const strength = strengthOf(value)
  // A plain word under `PASSWORD` in a settings file is one; under `password` it may be a label.
  if (strength === 'low' && (setting !== 'configuration' || !/^[A-Z][A-Z0-9_]*$/.test(name))) return undefined
  return {
    rule: setting === 'source' ? literalRule : configurationRule,
    message: `\`${name}\` is given the value ${mask(value)} in the file.`,
    confidence: strength,
    subject: name,
  }
}

/** A word everyone knows signs and opens just as well; a text to be replaced does so where nobody replaced it. */
function guessableVerdict(name: string, kind: 'placeholder' | 'default', setting: Setting): Verdict | undefined {
  const signs = /key|secret/i.test(name)
  if (kind === 'placeholder' && (setting !== 'source' || !signs)) return undefined
  const severity: Severity = signs
    ? setting === 'source'
      ? 'high'
      : 'medium'
    : setting === 'source'
      ? 'medium'
      : 'low'
  const message = `\`${name}\` has a value anyone can guess.`
  return { rule: guessableRule, message, severity, confidence: kind === 'default' ? 'high' : 'medium', subject: name }
}

/** How much a value looks like a credential: by its length, its kinds of characters and their spread. */
function strengthOf(value: string): Confidence {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length
  if (/^[A-Z]?[a-z]+$/.test(value)) return value.length >= 24 && entropy(value) >= 3.5 ? 'medium' : 'low'
  if (value.length >= 16 && entropy(value) >= 3 && kinds >= 2 && /\d/.test(value)) return 'high'
  if (value.length >= 6 && kinds >= 2) return 'medium'
  return value.length >= 4 && /\d/.test(value) ? 'medium' : 'low'
}

/** Only reachable from the same machine or the same set of containers. */
function isNearby(host: string): boolean {
  return /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal)/.test(host) || !host.includes('.')
}
