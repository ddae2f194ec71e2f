/** A Python version after PEP 440, taken apart. */
export interface PythonVersion {
  readonly epoch: number
  readonly release: readonly number[]
  readonly pre?: readonly ['a' | 'b' | 'rc', number]
  readonly post?: number
  readonly dev?: number
  /** Numeric parts compare as numbers and above text (PEP 440, local version identifiers). */
  readonly local?: readonly (string | number)[]
}

const grammar =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/i

const preNames: Readonly<Record<string, 'a' | 'b' | 'rc'>> = {
  a: 'a',
  alpha: 'a',
  b: 'b',
  beta: 'b',
  c: 'rc',
  rc: 'rc',
  pre: 'rc',
  preview: 'rc',
}

/** Parses a version, normalising as PEP 440 says (`1.0-ALPHA.1` is `1.0a1`); undefined when it is none. */
export function parsePythonVersion(text: string): PythonVersion | undefined {
  if (text.length > 200) return undefined
  const match = grammar.exec(text)
  if (match === null) return undefined
  const [, epoch, release = '', pre, preNumber, implicitPost, post, postNumber, dev, devNumber, local] = match
  const preName = pre === undefined ? undefined : preNames[pre.toLowerCase()]
  return {
    epoch: Number(epoch ?? 0),
    release: release.split('.').map(Number),
    ...(preName !== undefined && { pre: [preName, Number(preNumber || 0)] as const }),
    ...(implicitPost !== undefined && { post: Number(implicitPost) }),
    ...(post !== undefined && { post: Number(postNumber || 0) }),
    ...(dev !== undefined && { dev: Number(devNumber || 0) }),
    ...(local !== undefined && {
      local: local
        .toLowerCase()
        .split(/[-_.]/)
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
    }),
  }
}

/** The version as PEP 440 writes it. */
export function formatPythonVersion(version: PythonVersion): string {
  return [
    version.epoch === 0 ? '' : `${version.epoch}!`,
    version.release.join('.'),
    version.pre === undefined ? '' : version.pre.join(''),
    version.post === undefined ? '' : `.post${version.post}`,
    version.dev === undefined ? '' : `.dev${version.dev}`,
    version.local === undefined ? '' : `+${version.local.join('.')}`,
  ].join('')
}

/** Negative when `a` comes before `b`, 0 when they are the same version, as PEP 440 orders them. */
export function comparePythonVersions(a: PythonVersion, b: PythonVersion): number {
  return comparePublic(a, b) || compareLocal(a.local, b.local)
}

function comparePublic(a: PythonVersion, b: PythonVersion): number {
  return (
    a.epoch - b.epoch ||
    compareNumbers(a.release, b.release) ||
    compareNumbers(preKey(a), preKey(b)) ||
    (a.post ?? -1) - (b.post ?? -1) ||
    compareDev(a.dev, b.dev)
  )
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** `1.0.dev1` comes before `1.0a1`, which comes before `1.0`. */
function preKey(version: PythonVersion): readonly number[] {
  if (version.pre !== undefined) return [['a', 'b', 'rc'].indexOf(version.pre[0]), version.pre[1]]
  return version.dev !== undefined && version.post === undefined ? [-1, 0] : [3, 0]
}

/** A development release comes before the release it leads to. */
function compareDev(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0)
  return a - b
}

function compareLocal(a: PythonVersion['local'], b: PythonVersion['local']): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1)
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]]
    if (left === right) continue
    if (left === undefined) return -1
    if (right === undefined) return 1
    if (typeof left === 'number') return typeof right === 'number' ? left - right : 1
    if (typeof right === 'number') return -1
    return left < right ? -1 : 1
  }
  return 0
}

const operators = ['===', '~=', '==', '!=', '<=', '>=', '<', '>'] as const
type Operator = (typeof operators)[number]

/** One clause of a version specifier: `>=2.0`, `==1.*`. */
export interface PythonClause {
  readonly operator: Operator
  readonly version: string
  /** `==1.*` and `!=1.*` compare prefixes. */
  readonly wildcard: boolean
}

/** The clauses of a specifier such as `>=2.0,<3` (all must hold); undefined when it is malformed. `''` has none. */
export function parsePythonSpecifier(text: string): readonly PythonClause[] | undefined {
  const clauses: PythonClause[] = []
  const trimmed = text.trim()
  if (trimmed === '') return clauses
  const parts = trimmed.split(',').map((part) => part.trim())
  if (parts.at(-1) === '' && parts.length > 1) parts.pop()
  for (const part of parts) {
    const operator = operators.find((candidate) => part.startsWith(candidate))
    if (operator === undefined) return undefined
    const written = part.slice(operator.length).trim()
    const wildcard = (operator === '==' || operator === '!=') && written.endsWith('.*')
    const version = wildcard ? written.slice(0, -2) : written
    if (operator === '===' ? version === '' || /\s/.test(version) : parsePythonVersion(version) === undefined) {
      return undefined
    }
    if (operator === '~=' && (parsePythonVersion(version)?.release.length ?? 0) < 2) return undefined
    clauses.push({ operator, version, wildcard })
  }
  return clauses
}

/** Whether a version meets every clause (PEP 440, version specifiers). Pre-releases are judged like any other. */
export function satisfiesPython(version: PythonVersion, clauses: readonly PythonClause[]): boolean {
  return clauses.every((clause) => satisfiesClause(version, clause))
}

function satisfiesClause(version: PythonVersion, { operator, version: written, wildcard }: PythonClause): boolean {
  if (operator === '===') return formatPythonVersion(version) === written.toLowerCase()
  const bound = parsePythonVersion(written)
  if (bound === undefined) return false
  const { local, ...publicVersion } = version
  if (operator === '==' || operator === '!=') {
    const equal = wildcard
      ? hasPrefix(publicVersion, bound)
      : comparePythonVersions(bound.local === undefined ? publicVersion : version, bound) === 0
    return equal === (operator === '==')
  }
  const order = comparePublic(publicVersion, bound)
  if (operator === '<=') return order <= 0
  if (operator === '>=') return order >= 0
  if (operator === '~=') return order >= 0 && hasPrefix(publicVersion, compatiblePrefix(bound))
  if (operator === '<') {
    // `<1.0` leaves out 1.0's own pre-releases.
    const ownPreRelease = isPreRelease(version) && !isPreRelease(bound) && sameRelease(version, bound)
    return order < 0 && !ownPreRelease
  }
  // `>1.0` leaves out 1.0.post1 and 1.0+local.
  const ownPost = version.post !== undefined && bound.post === undefined && sameRelease(version, bound)
  return order > 0 && !ownPost && !(local !== undefined && sameRelease(version, bound) && order <= 0)
}

function compatiblePrefix(bound: PythonVersion): PythonVersion {
  return { epoch: bound.epoch, release: bound.release.slice(0, -1) }
}

function hasPrefix(version: PythonVersion, prefix: PythonVersion): boolean {
  if (version.epoch !== prefix.epoch) return false
  if (prefix.pre !== undefined || prefix.post !== undefined) {
    return (
      compareNumbers(version.release, prefix.release) === 0 &&
      (prefix.pre === undefined || compareNumbers(preKey(version), preKey(prefix)) === 0) &&
      (prefix.post === undefined || version.post === prefix.post)
    )
  }
  return prefix.release.every((part, index) => (version.release[index] ?? 0) === part)
}

function isPreRelease(version: PythonVersion): boolean {
  return version.pre !== undefined || version.dev !== undefined
}

function sameRelease(a: PythonVersion, b: PythonVersion): boolean {
  return a.epoch === b.epoch && compareNumbers(a.release, b.release) === 0
}

/** The one version a specifier allows: `==1.2.3` alone or beside other clauses; undefined otherwise. */
export function pinnedPythonVersion(clauses: readonly PythonClause[]): string | undefined {
  return clauses.find((clause) => (clause.operator === '==' && !clause.wildcard) || clause.operator === '===')?.version
}
