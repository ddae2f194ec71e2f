import type { SnapshotFile } from '#bench/apps'

/** Lock files hold digests by the thousand, and vendored code is not the author's. */
export function isSubject(file: SnapshotFile): boolean {
  return file.encoding !== undefined && file.role !== 'lock' && file.role !== 'vendored' && file.size > 0
}
