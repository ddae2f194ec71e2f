import type { Language, SnapshotFile } from '#bench/apps'

const languages: ReadonlySet<Language> = new Set(['python', 'javascript', 'jsx', 'typescript', 'tsx', 'vue', 'svelte'])

/** Whether imports are read from a file. */
export function isSource(file: SnapshotFile): boolean {
  if (file.kind !== 'text' || file.role === 'vendored' || file.role === 'generated') return false
  // Declarations describe other files and are never run.
  if (/\.pyi$|\.d\.[cm]?ts$/.test(file.path)) return false
  return file.language !== undefined && languages.has(file.language)
}
