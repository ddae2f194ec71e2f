import type { SnapshotFile } from '#bench/apps'

/** Whether pyright reads a file. */
export function isPython(file: SnapshotFile): boolean {
  return file.language === 'python' && isRead(file)
}

/** Whether tsc reads a file. */
export function isTypeScript(file: SnapshotFile): boolean {
  return (file.language === 'typescript' || file.language === 'tsx') && isRead(file)
}

function isRead(file: SnapshotFile): boolean {
  return file.encoding !== undefined && file.role !== 'vendored' && file.role !== 'lock'
}
