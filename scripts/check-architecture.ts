/** Checks the arrows of ARCHITECTURE.md from the import statements. Exit code 1 when one is violated. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { checkArchitecture } from './architecture/check.ts'

/** Every TypeScript source of the project: path from `root`, with `/` → text. */
export function readSources(root: string): Map<string, string> {
  const sources = new Map<string, string>()
  for (const folder of ['src', 'web', 'scripts', 'benchmarks']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')
      if (!entry.isFile() || !/\.tsx?$/.test(path) || /(^|\/)(dist|node_modules|fixtures)\//.test(path)) continue
      sources.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  return sources
}

if (import.meta.main) {
  const sources = readSources(join(import.meta.dirname, '..'))
  const violations = checkArchitecture(sources)
  for (const { path, line, message, rule } of violations) console.log(`${path}:${line}  ${message}  (${rule})`)
  console.log(
    violations.length === 0
      ? `The architecture holds: ${sources.size} files.`
      : `${violations.length} violations in ${sources.size} files; the rules are in ARCHITECTURE.md.`,
  )
  process.exitCode = violations.length === 0 ? 0 : 1
}
