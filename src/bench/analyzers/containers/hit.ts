import type { Severity } from '#bench/findings'

/** One place where a rule saw a defect; offsets in the text. */
export interface ContainerHit {
  readonly rule: string
  readonly message: string
  readonly start: number
  readonly end: number
  readonly severity?: Severity
  readonly subject?: string
}

const secretVariable =
  /(?:^|_)(?:PASSWORD|PASSWD|PASS|PWD|SECRET|SECRET_KEY|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)(?:_BASE)?$/i

/** Whether an environment variable holds a secret written out: not empty, not taken from elsewhere, not a path or switch. */
export function isWrittenSecret(name: string, value: string): boolean {
  if (!secretVariable.test(name) || /(?:^|_)(?:FILE|PATH|URL|ALLOW_EMPTY|RANDOM)/i.test(name)) return false
  return value !== '' && !value.includes('$') && !/^(?:true|false|yes|no|0|1|null)$|^\/|^<.*>$/i.test(value)
}

/** A URL with user and password in it. */
export function hasPasswordInUrl(value: string): boolean {
  return /^[a-z][a-z0-9+]*:\/\/[^:/@\s$]+:[^@/\s$]+@/i.test(value)
}

const developmentServer =
  /\bflask\b.{0,60}\brun\b.{0,60}--(?:debug|reload)|--debug\b.{0,40}\bflask\b|\b(?:npm|pnpm|yarn|bun)(?:["',\s]+run)?["',\s]+(?:dev|start:dev|develop)\b|\bnodemon\b|\bvite["',\s]+(?:--host|dev)|\bnext["',\s]+dev\b|\bmanage\.py["',\s]+runserver\b|--reload\b|\bfastapi["',\s]+dev\b|\bts-node-dev\b/

/** The development server a command starts. */
export function developmentServerIn(command: string): string | undefined {
  return developmentServer.exec(command.slice(0, 1000))?.[0]
}

/** Whether an environment variable switches debugging on. */
export function isDebugSetting(name: string, value: string): boolean {
  if (/^(?:FLASK_DEBUG|DJANGO_DEBUG|APP_DEBUG|DEBUG)$/.test(name)) return /^(?:1|true|yes|on)$/i.test(value)
  return name === 'FLASK_ENV' && value === 'development'
}

/** Whether an image is named without a version: `python`, `python:latest`; digests, versions and variables are. */
export function isUnpinned(image: string): boolean {
  if (image === '' || image === 'scratch' || image.includes('$') || image.includes('@sha256:')) return false
  const tag = /:([^/:]+)$/.exec(image)?.[1]
  return tag === undefined || tag === 'latest'
}
