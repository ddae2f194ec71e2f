import { type AppSnapshot, readText } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import type { AnalysisContext, AnalysisResult, Coverage } from '../contract.ts'
import { type TextLines, textLines } from '../excerpt.ts'
import { configuration } from './configuration.ts'
import { isSubject } from './files.ts'
import { messageOf } from './messages.ts'
import { type Diagnostic, lint } from './oxlint.ts'
import { ruleOf, syntaxErrorRule, unusedImportRule } from './rules.ts'
import { type Surroundings, sizeOf, surroundingsOf } from './sizing.ts'
import { type Copy, copiesOf } from './working-copy.ts'

/** Bytes; what is larger is a bundle. */
const maximalSize = 2 * 1024 * 1024

/** Runs oxlint once over all files. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const files = app.files.filter(isSubject)
  const gaps = new Map<string, string>()
  const copies: Copy[] = []
  for (const [number, file] of files.entries()) {
    context.signal.throwIfAborted()
    if (file.size > maximalSize) gaps.set(file.path, 'larger than 2 MiB')
    else copies.push(...copiesOf(file, await readText(app, file), number))
  }
  const { diagnostics, failed } = await lint(copies, configuration(), context.scratch, context.signal)

  const byPath = new Map(copies.map((copy) => [copy.path, copy]))
  const copyAt = (path: string): Copy => {
    const copy = byPath.get(path)
    if (copy === undefined) throw new Error(`oxlint reported ${JSON.stringify(path)}, which it was not given.`)
    return copy
  }
  for (const { path, reason } of failed) gaps.set(copyAt(path).original.path, reason)
  const located = diagnostics.map((diagnostic) => ({ diagnostic, copy: copyAt(diagnostic.filename) }))
  const commented = new Set(copies.filter((copy) => copy.honoured).map((copy) => copy.original.path))
  const { findings, silenced, broken } = select(located, commented, await surroundingsOf(app))
  for (const [path, reason] of broken) gaps.set(path, reason)

  const coverage: Coverage = {
    analysed: files.length - gaps.size,
    total: files.length,
    gaps: [...gaps].map(([path, reason]) => ({ path, reason })),
  }
  return { findings, metrics: { 'findings.silenced': silenced }, coverage }
}

interface Located {
  readonly diagnostic: Diagnostic
  readonly copy: Copy
}

interface Selection {
  readonly findings: readonly RawFinding[]
  /** Quality findings that comments in the code silence. */
  readonly silenced: number
  /** Files that do not parse, with the reason. */
  readonly broken: ReadonlyMap<string, string>
}

/** What of oxlint's diagnostics is reported. `commented` are the files with comments that silence rules. */
function select(all: readonly Located[], commented: ReadonlySet<string>, surroundings: Surroundings): Selection {
  const findings: RawFinding[] = []
  const broken = new Map<string, string>()
  let silenced = 0
  const linesOf = memoize((copy: Copy) => textLines(copy.text))
  const unarmed = all.filter(({ copy }) => !copy.honoured)
  const audible = new Set(all.filter(({ copy }) => copy.honoured).map(keyOf))
  const named = new Set<string>()

  for (const located of unarmed) {
    const { diagnostic, copy } = located
    const file = copy.original
    const rule = ruleIdOf(diagnostic)
    const finding = findingOf(rule, located, linesOf(copy))
    if (rule === syntaxErrorRule) {
      if (!broken.has(file.path)) findings.push(finding)
      broken.set(file.path, `does not parse: ${diagnostic.message}`)
      continue
    }
    const known = ruleOf(rule)
    if (known === undefined) throw new Error(`oxlint reported ${rule}, which was not asked for.`)
    const size = sizeOf(known, copy, utf16Offset(copy, spanOf(diagnostic).offset), surroundings)
    if (size === undefined || isUnsure(diagnostic)) continue
    if (rule === 'eslint/no-undef') {
      // One name that is missing is one defect, however often it is used.
      const name = `${file.path} ${finding.message}`
      if (named.has(name)) continue
      named.add(name)
    }
    // Imports do not resolve from the copy in which comments count.
    const heard = !commented.has(file.path) || rule.startsWith('import/') || audible.has(keyOf(located))
    if (heard) findings.push({ ...finding, ...size })
    else if (known.category === 'security') findings.push(silencedInCode({ ...finding, ...size }))
    else silenced += 1
  }
  return { findings, silenced, broken }
}

/** What oxlint says when it cannot tell. */
function isUnsure({ message }: Diagnostic): boolean {
  return message.startsWith('Unable to validate')
}

/** `react-hooks(exhaustive-deps)` → `react/exhaustive-deps`, as the configuration has it. */
function ruleIdOf({ code, message }: Diagnostic): string {
  if (code === undefined) return syntaxErrorRule
  const [, plugin, name] = /^([\w-]+)\(([\w-]+)\)$/.exec(code) ?? []
  const id = plugin === undefined ? code : `${plugin === 'react-hooks' ? 'react' : plugin}/${name}`
  return id === 'eslint/no-unused-vars' && message.includes('imported but never used') ? unusedImportRule : id
}

function findingOf(rule: string, { diagnostic, copy }: Located, lines: TextLines): RawFinding {
  const span = spanOf(diagnostic)
  // A file that ends too early is broken where its text ends, not on the empty lines after it.
  const last = rule === syntaxErrorRule ? Math.max(0, copy.text.trimEnd().length - 1) : copy.text.length
  const start = Math.min(utf16Offset(copy, span.offset), last)
  const end = Math.max(start, utf16Offset(copy, span.offset + span.length))
  const region = lines.region(start, end)
  return {
    rule,
    message: messageOf(rule, diagnostic.message),
    location: { kind: 'file', path: copy.original.path, region },
    evidence: { snippet: lines.excerpt(region) },
  }
}

/** Generated code may not vouch for itself: a silenced security rule is reported all the same, and says so. */
function silencedInCode(finding: RawFinding): RawFinding {
  return {
    ...finding,
    message: `${finding.message} (silenced by a comment in the code)`,
    evidence: { ...finding.evidence, facts: { silenced: true } },
  }
}

/** These name the cause first and the place to change last. */
const lastLabelCounts = new Set(['react-hooks(exhaustive-deps)', 'react(jsx-key)'])

function spanOf({ code = '', labels }: Diagnostic): { readonly offset: number; readonly length: number } {
  return labels.at(lastLabelCounts.has(code) ? -1 : 0)?.span ?? { offset: 0, length: 0 }
}

const bytesOf = memoize((copy: Copy) => Buffer.from(copy.text))
/** Oxlint counts bytes, everything else UTF-16 units. */
function utf16Offset(copy: Copy, byteOffset: number): number {
  const bytes = bytesOf(copy)
  return bytes.length === copy.text.length ? byteOffset : bytes.toString('utf8', 0, byteOffset).length
}

function keyOf({ diagnostic, copy }: Located): string {
  return `${diagnostic.code}:${spanOf(diagnostic).offset}:${copy.original.path}`
}

function memoize<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>()
  return (key) => {
    let value = known.get(key)
    if (value === undefined) {
      value = compute(key)
      known.set(key, value)
    }
    return value
  }
}
