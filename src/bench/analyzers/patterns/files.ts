import type { SnapshotFile } from '#bench/apps'

const programs: ReadonlySet<string> = new Set(['python', 'javascript', 'jsx', 'typescript', 'tsx', 'vue', 'svelte'])
const pages: ReadonlySet<string> = new Set(['html', 'jinja', 'ejs'])
const roles: ReadonlySet<string> = new Set(['source', 'config', 'template'])

/** Whether the rules look at a file. */
export function isTarget(file: SnapshotFile): boolean {
  if (file.kind !== 'text' || file.language === undefined || !roles.has(file.role)) return false
  return programs.has(file.language) || pages.has(file.language)
}
