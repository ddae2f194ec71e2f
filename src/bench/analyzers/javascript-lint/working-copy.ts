import type { SnapshotFile } from '#bench/apps'
import { plainPath } from '../plain-path.ts'
import { honouredFolder, moduleFolder, scriptFolder } from './configuration.ts'
import type { LintFile } from './oxlint.ts'

/** A file of the app as oxlint gets it. */
export interface Copy extends LintFile {
  readonly original: SnapshotFile
  /** Whether names at the top of the file are its own; those of a classic script belong to the page. */
  readonly module: boolean
  /** Whether comments that silence rules stand as they are. */
  readonly honoured: boolean
}

/**
 * The copies of one file: with comments that silence rules disarmed, and, where there are any, once more as it stands.
 * Names that other programs choke on are replaced; `number` keeps them apart.
 */
export function copiesOf(original: SnapshotFile, text: string, number: number): Copy[] {
  const module = isModule(original, text)
  const inPlace = `${module ? moduleFolder : scriptFolder}/${plainPath(original.path, number)}`
  const disarmed = text.replace(
    /(eslint|oxlint)-(disable|enable)/g,
    (_, tool: string, word: string) => `${tool}_${word}`,
  )
  const copy: Copy = { path: inPlace, text: disarmed, original, module, honoured: false }
  if (disarmed === text) return [copy]
  return [copy, { path: `${honouredFolder}/${inPlace}`, text, original, module, honoured: true }]
}

/** Only plain `.js` can be a classic script. */
function isModule(file: SnapshotFile, text: string): boolean {
  if (file.language !== 'javascript' || /\.[cm]js$/i.test(file.path)) return true
  return /^[ \t]*(?:import\b|export\b)|\brequire[ \t]{0,4}\(|\bmodule\.exports\b|\bexports\.\w/m.test(text)
}
