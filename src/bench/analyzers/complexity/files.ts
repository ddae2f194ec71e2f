import type { SnapshotFile } from '#bench/apps'

const programs: ReadonlySet<string> = new Set(['python', 'javascript', 'jsx', 'typescript', 'tsx', 'vue', 'svelte'])

/** Whether a file is measured. */
export function isTarget(file: SnapshotFile): boolean {
  return file.kind === 'text' && file.role === 'source' && file.language !== undefined && programs.has(file.language)
}
