import type { AppSnapshot, SnapshotFile } from '#bench/apps'

/** Languages read whole. */
export const code: ReadonlySet<string | undefined> = new Set(['python', 'javascript', 'jsx', 'typescript', 'tsx'])
/** Languages with scripts in them. */
export const pages: ReadonlySet<string | undefined> = new Set(['html', 'jinja', 'ejs', 'vue', 'svelte'])
const others: ReadonlySet<string | undefined> = new Set([
  'css',
  'scss',
  'json',
  'yaml',
  'toml',
  'dockerfile',
  'shell',
  'sql',
  'nginx',
  'ini',
])
const skippedRoles: ReadonlySet<string> = new Set(['test', 'vendored', 'generated', 'lock', 'asset', 'documentation'])

/** The files that are looked at. */
export function targets(app: AppSnapshot): SnapshotFile[] {
  return app.files.filter(
    ({ kind, language, role }) =>
      kind === 'text' && !skippedRoles.has(role) && (code.has(language) || pages.has(language) || others.has(language)),
  )
}
