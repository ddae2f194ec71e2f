import type { DependencySource, LockedPackage, Manifest } from './manifest.ts'
import { ManifestSyntaxError } from './manifest.ts'

/**
 * Reads a yarn.lock, of Yarn 1 and of Yarn 2 and later (which writes YAML of the same outline).
 * @throws ManifestSyntaxError when an entry has no version
 */
export function parseYarnLock(path: string, folder: string, text: string): Manifest {
  const locked: LockedPackage[] = []
  let entry: { readonly name: string; readonly line: number; version?: string; source: DependencySource } | undefined
  const finish = () => {
    if (entry === undefined || entry.name === '__metadata') return
    if (entry.version === undefined) throw new ManifestSyntaxError(`${entry.name} has no version`, entry.line, 1)
    if (entry.version !== '0.0.0-use.local') {
      const { name, version, line, source } = entry
      locked.push({ ecosystem: 'npm', name, version, kind: 'runtime', source, hoisted: true, file: path, line })
    }
  }
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trimEnd()
    if (content === '' || content.startsWith('#')) continue
    if (!content.startsWith(' ')) {
      finish()
      if (!content.endsWith(':'))
        throw new ManifestSyntaxError('an entry must end with a colon', index + 1, content.length)
      entry = { name: nameOfEntry(content.slice(0, -1)), line: index + 1, source: 'registry' }
      continue
    }
    const field = /^ {2}(version|resolved|resolution):? +"?([^"]+)"?$/.exec(content)
    if (entry === undefined || field === null) continue
    const [, key, value = ''] = field
    if (key === 'version') entry.version = value
    else if (/(?:@|^)git[+@:]|\.git#|codeload\.github\.com/.test(value)) entry.source = 'git'
    else if (/@(?:workspace|link|portal|file):/.test(value)) entry.source = 'path'
  }
  finish()
  return { path, folder, format: 'yarn.lock', ecosystem: 'npm', declarations: [], locked, problems: [] }
}

/** `"@scope/x@^1.0.0", "@scope/x@~1.2.0"` and `x@npm:^1.0.0` name `@scope/x` and `x`. */
function nameOfEntry(header: string): string {
  const first = (header.split(',')[0] ?? '').trim().replace(/^"|"$/g, '')
  const at = first.indexOf('@', 1)
  return at === -1 ? first : first.slice(0, at)
}
