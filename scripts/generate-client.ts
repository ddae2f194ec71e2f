/** Writes docs/openapi.json and the types of the web client from the declared routes. `--check` only compares. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeApi } from '../src/server/describe.ts'
import { clientTypes } from './client-types.ts'

const root = join(import.meta.dirname, '..')

/** Path → content of every generated file. */
export function generatedFiles(): Readonly<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const document = describeApi(version)
  return {
    'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'web/src/api/client.gen.ts': clientTypes(document),
  }
}

/** The generated files whose content on disk differs. */
export function outdatedFiles(): string[] {
  return Object.entries(generatedFiles())
    .filter(([path, content]) => readIfThere(join(root, path)) !== content)
    .map(([path]) => path)
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const outdated = outdatedFiles()
    if (outdated.length > 0) {
      console.error(`Out of date: ${outdated.join(', ')}. Run: node scripts/generate-client.ts`)
      process.exitCode = 1
    }
  } else {
    for (const [path, content] of Object.entries(generatedFiles())) writeFileSync(join(root, path), content)
  }
}
