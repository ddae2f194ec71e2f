import { crc32 } from 'node:zlib'
import type { Severity } from '#bench/findings'
import type { Candidate } from './candidate.ts'

/** A credential recognisable by its form alone. */
interface Shape {
  readonly rule: string
  readonly service: string
  readonly severity: Severity
  readonly pattern: RegExp
  /** Whether a match is a credential at all. */
  accept?(value: string): boolean
}

/**
 * Forms secretlint's preset does not report, each from the service's own documentation. All patterns are anchored at a
 * fixed prefix or bounded on both sides.
 */
// biome-ignore format: one row per form
export const shapes: readonly Shape[] = [
  // secretlint leaves access key ids out by default, and tokens with a wrong checksum.
  { rule: 'aws-access-key-id', service: 'AWS access key id', severity: 'medium', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  { rule: 'github-token', service: 'GitHub token', severity: 'critical', pattern: /\bgh[pousr]_[A-Za-z0-9]{36}\b/g },
  { rule: 'npm-token', service: 'npm token', severity: 'critical', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  // Also the key of a Firebase or Maps page, which every visitor sees: it is restricted by its referrers, if at all.
  { rule: 'google-api-key', service: 'Google API key', severity: 'medium', pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { rule: 'google-oauth-secret', service: 'Google OAuth client secret', severity: 'high', pattern: /\bGOCSPX-[\w-]{28}(?![\w-])/g },
  { rule: 'telegram-bot-token', service: 'Telegram bot token', severity: 'high', pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  { rule: 'discord-webhook', service: 'Discord webhook', severity: 'medium', pattern: /https:\/\/(?:\w{1,10}\.)?discord(?:app)?\.com\/api\/webhooks\/\d{15,20}\/[\w-]{60,80}/g },
  { rule: 'twilio-api-key', service: 'Twilio API key', severity: 'high', pattern: /\bSK[0-9a-f]{32}\b/g },
  { rule: 'mailgun-key', service: 'Mailgun key', severity: 'high', pattern: /\bkey-[0-9a-f]{32}\b/g },
  { rule: 'pypi-token', service: 'PyPI token', severity: 'critical', pattern: /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,200}/g },
  { rule: 'digitalocean-token', service: 'DigitalOcean token', severity: 'critical', pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/g },
  { rule: 'openrouter-key', service: 'OpenRouter key', severity: 'high', pattern: /\bsk-or-v1-[0-9a-f]{64}\b/g },
  { rule: 'replicate-token', service: 'Replicate token', severity: 'high', pattern: /\br8_[A-Za-z0-9]{37}\b/g },
  { rule: 'razorpay-key', service: 'Razorpay live key', severity: 'high', pattern: /\brzp_live_[A-Za-z0-9]{14}\b/g },
  { rule: 'stripe-webhook-secret', service: 'Stripe webhook secret', severity: 'medium', pattern: /\bwhsec_[A-Za-z0-9]{32,64}\b/g },
  { rule: 'json-web-token', service: 'JSON Web Token', severity: 'medium', pattern: /\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{20,700}(?![\w-])/g, accept: isRealJsonWebToken },
]

/** Everything in the text that has one of these forms. */
export function shaped(text: string): Candidate[] {
  return shapes.flatMap(({ rule, service, pattern, accept }) =>
    [...text.matchAll(pattern)]
      .filter(([value]) => accept === undefined || accept(value))
      .map((match) => candidate(match.index, match[0], rule, service)),
  )
}

/** A candidate of a known form, with its checksum verified where the form has one. */
export function candidate(start: number, value: string, rule: string, service: string): Candidate {
  const genuine = checksumHolds(value)
  const origin = { kind: 'shape', rule, service, ...(genuine === undefined ? {} : { genuine }) } as const
  return { start, end: start + value.length, value, origin }
}

/**
 * Whether the checksum of a GitHub or npm token is right: its last six characters are the CRC-32 of the 30 before, in
 * base 62 (GitHub, “Behind GitHub's new authentication token formats”, 2021). Undefined for other forms.
 */
export function checksumHolds(token: string): boolean | undefined {
  const match = /^(?:gh[pousr]|npm)_([A-Za-z0-9]{30})([A-Za-z0-9]{6})$/.exec(token)
  if (match === null) return undefined
  return base62(crc32(match[1] ?? '')).padStart(6, '0') === match[2]
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function base62(value: number): string {
  let rest = value
  let text = ''
  do {
    text = (digits[rest % 62] ?? '') + text
    rest = Math.floor(rest / 62)
  } while (rest > 0)
  return text
}

/** The keys of jwt.io's example and of Supabase's public role are meant to be seen. */
function isRealJsonWebToken(token: string): boolean {
  const [header = '', payload = ''] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'))
  if (!/"alg"\s*:/.test(header)) return false
  return !/"role"\s*:\s*"anon"|"name"\s*:\s*"John Doe"/.test(payload)
}
