import { messageOf, Unavailable } from '#platform/errors'

const ours: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE'])

/** A failure of the disk Assay writes to, told as such; any other error as it is. */
export function asDiskFailure(error: unknown, folder: string): unknown {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string' && ours.has(error.code)))
    return error
  return new Unavailable(`Cannot write to ${folder}: ${messageOf(error)}.`, {
    next: 'Free space on the disk and import again; nothing was kept.',
    cause: error,
  })
}
