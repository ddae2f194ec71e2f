import { dirname, join, normalize } from 'node:path/posix'
import type { Declaration, DependencyKind, Manifest, ManifestProblem } from './manifest.ts'
import { normalisePythonName } from './manifest.ts'
import { parseRequirement, urlSource } from './requirement.ts'

/** Options of pip that take a value and say nothing about what is needed. */
const ignoredOptions =
  /^(?:--(?:constraint|no-binary|only-binary|prefer-binary|require-hashes|pre|trusted-host|use-feature|no-index|find-links|hash|config-settings|global-option|install-option)\b|-[cf]\b)/

/**
 * Reads a pip requirements file. `include` gives the text of another file of the app named by `-r`; what it does not
 * know is a problem of the line. Each file is read once, so that a ring of includes ends.
 */
export function parseRequirements(
  path: string,
  folder: string,
  text: string,
  include: (path: string) => string | undefined,
): Manifest {
  const declarations: Declaration[] = []
  const problems: ManifestProblem[] = []
  let otherIndex = false
  const seen = new Set<string>()

  const read = (file: string, content: string, kind: DependencyKind) => {
    seen.add(file)
    for (const { text: logical, line } of logicalLines(content)) {
      const problem = (column: number, message: string) => problems.push({ file, line, column, message })
      const included = /^(?:-r|--requirement)[\s=]*(\S+)/.exec(logical)?.[1]
      if (included !== undefined) {
        const target = normalize(join(dirname(file), included))
        if (seen.has(target)) continue
        const inner = include(target)
        if (inner === undefined) problem(1, `includes ${included}, which is not in the app`)
        else read(target, inner, kind)
        continue
      }
      if (/^(?:-i\b|--index-url\b|--extra-index-url\b)/.test(logical)) {
        if (!/https?:\/\/pypi\.org\//.test(logical)) otherIndex = true
        continue
      }
      if (ignoredOptions.test(logical)) continue
      const editable = /^(?:-e|--editable)[\s=]*(\S+)/.exec(logical)?.[1]
      const address =
        editable ?? (/^(?:(?:git|hg|svn|bzr)\+|https?:|file:|\.{0,2}\/|\.$|\.\[)\S*/.exec(logical)?.[0] || undefined)
      if (address !== undefined) {
        const named = /[#&]egg=([A-Za-z0-9._-]+)/.exec(address)?.[1]
        if (named === undefined) continue
        const name = normalisePythonName(named)
        declarations.push({ ecosystem: 'pypi', name, specifier: address, kind, source: urlSource(address), file, line })
        continue
      }
      if (logical.startsWith('-')) {
        problem(1, `"${logical.slice(0, 40)}" is no option pip knows in a requirements file`)
        continue
      }
      const result = parseRequirement(withoutOptions(logical))
      if (result.kind === 'malformed') problem(result.column, result.message)
      else declarations.push({ ...result.requirement, kind, file, line })
    }
  }
  read(path, text, kindOfFile(path))
  return {
    path,
    folder,
    format: 'requirements',
    ecosystem: 'pypi',
    declarations,
    locked: [],
    problems,
    ...(otherIndex ? { otherIndex: true } : {}),
  }
}

/** Requirements files named after development are not installed where the app runs. */
function kindOfFile(path: string): DependencyKind {
  return /(?:^|[/_.-])(?:dev|develop|development|test|tests|testing|lint|docs?|ci|local)(?:[_.-]|\.txt|\.in|$)/i.test(
    path,
  )
    ? 'dev'
    : 'runtime'
}

/** Lines joined over trailing backslashes, without comments (a `#` at the start or after white space). */
function* logicalLines(content: string): Generator<{ readonly text: string; readonly line: number }> {
  let pending = ''
  let start = 1
  for (const [index, raw] of content.split('\n').entries()) {
    const line = raw.replace(/\r$/, '')
    if (pending === '') start = index + 1
    if (line.endsWith('\\')) {
      pending += `${line.slice(0, -1)} `
      continue
    }
    const text = withoutComment(pending + line).trim()
    pending = ''
    if (text !== '') yield { text, line: start }
  }
  const rest = withoutComment(pending).trim()
  if (rest !== '') yield { text: rest, line: start }
}

function withoutComment(line: string): string {
  for (let at = line.indexOf('#'); at !== -1; at = line.indexOf('#', at + 1)) {
    if (at === 0 || line[at - 1] === ' ' || line[at - 1] === '\t') return line.slice(0, at)
  }
  return line
}

/** The requirement before per-requirement options such as `--hash=sha256:…`. */
function withoutOptions(line: string): string {
  const at = line.search(/\s--[a-z]/)
  return at === -1 ? line : line.slice(0, at)
}
