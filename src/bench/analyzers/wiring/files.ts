import type { AppSnapshot, SnapshotFile } from '#bench/apps'

const codeLanguages: ReadonlySet<string | undefined> = new Set([
  'python',
  'javascript',
  'jsx',
  'typescript',
  'tsx',
  'vue',
  'svelte',
  'html',
  'jinja',
  'ejs',
])
const skippedRoles: ReadonlySet<string> = new Set(['test', 'vendored', 'generated', 'lock', 'asset'])

/** The files whose parts are compared. */
export function codeFiles(app: AppSnapshot): SnapshotFile[] {
  return app.files.filter(
    ({ kind, language, role }) => kind === 'text' && codeLanguages.has(language) && !skippedRoles.has(role),
  )
}
