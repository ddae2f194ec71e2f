import type { SnapshotFile } from '#bench/apps'

/** What a file configures. */
export type Kind = 'dockerfile' | 'compose' | 'nginx'

/** What a file configures, if anything. */
export function kindOf(file: SnapshotFile): Kind | undefined {
  if (file.kind !== 'text' || file.role === 'vendored' || file.role === 'test' || file.role === 'documentation')
    return undefined
  if (file.language === 'dockerfile') return 'dockerfile'
  if (file.language === 'nginx') return 'nginx'
  return file.language === 'yaml' && /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/i.test(file.path)
    ? 'compose'
    : undefined
}
