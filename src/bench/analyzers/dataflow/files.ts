import type { SnapshotFile } from '#bench/apps'

const programs: ReadonlySet<string> = new Set([
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
const roles: ReadonlySet<string> = new Set(['source', 'config', 'template'])

/** Whether a file is read as a program. */
export function isTarget(file: SnapshotFile): boolean {
  return file.kind === 'text' && file.language !== undefined && roles.has(file.role) && programs.has(file.language)
}
