import type { Language, SnapshotFile } from '#bench/apps'

const subjects: ReadonlySet<Language> = new Set(['javascript', 'jsx', 'typescript', 'tsx', 'vue', 'svelte'])

/** Whether oxlint looks at a file. */
export function isSubject(file: SnapshotFile): boolean {
  return (
    file.language !== undefined &&
    subjects.has(file.language) &&
    file.encoding !== undefined &&
    file.role !== 'vendored' &&
    file.role !== 'generated' &&
    file.role !== 'lock'
  )
}
