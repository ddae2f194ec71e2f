import { type AppSnapshot, readText } from '#bench/apps'
import type { Manifest } from '#bench/manifests'

/** The Python the app says it runs on, and where it says so. */
export interface PythonTarget {
  readonly version: string
  readonly file: string
}

/** Looks for `FROM python:3.12`, `.python-version`, `runtime.txt`, and the lower bound in a manifest, in this order. */
export async function pythonTarget(
  app: AppSnapshot,
  manifests: readonly Manifest[],
): Promise<PythonTarget | undefined> {
  for (const file of app.files) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1)
    const pattern = file.language === 'dockerfile' ? /^FROM\s+(?:\S+\/)?python:(3\.\d+)/im : versionFiles[name]
    if (pattern === undefined || file.kind !== 'text') continue
    const version = pattern.exec(await readText(app, file))?.[1]
    if (version !== undefined) return { version, file: file.path }
  }
  const declaring = manifests.find((manifest) => manifest.python !== undefined)
  return declaring?.python === undefined ? undefined : { version: declaring.python, file: declaring.path }
}

const versionFiles: Readonly<Record<string, RegExp | undefined>> = {
  '.python-version': /^(3\.\d+)/m,
  'runtime.txt': /^python-(3\.\d+)/m,
}
