import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where `check` and `doctor` keep canary results and downloads (XDG Base Directory Specification). */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'assay')
}

/** Its parts. */
export function cacheParts(cache: string): { readonly canaries: string; readonly downloads: string } {
  return { canaries: join(cache, 'canaries'), downloads: join(cache, 'downloads') }
}
