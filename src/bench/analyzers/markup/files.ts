import type { SnapshotFile } from '#bench/apps'

const pages: ReadonlySet<string> = new Set(['html', 'jinja', 'ejs', 'vue', 'svelte'])
/** Languages whose markup is JSX. */
export const components: ReadonlySet<string> = new Set(['jsx', 'tsx', 'javascript'])
const roles: ReadonlySet<string> = new Set(['source', 'template', 'config'])

/** Whether there may be markup in a file. */
export function isTarget(file: SnapshotFile): boolean {
  if (file.kind !== 'text' || file.language === undefined || !roles.has(file.role)) return false
  return pages.has(file.language) || components.has(file.language)
}
