import type { SnapshotFile } from '#bench/apps'

/** Whether ruff looks at a file. */
export function isSubject(file: SnapshotFile): boolean {
  return (
    file.language === 'python' &&
    file.encoding !== undefined &&
    file.role !== 'vendored' &&
    file.role !== 'generated' &&
    file.role !== 'lock'
  )
}
