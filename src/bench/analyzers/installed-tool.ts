import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'

export interface InstalledTool {
  readonly version: string
  /** The package's folder. */
  readonly folder: string
}

const manifestSchema = z.object({ version: z.string() })

/** The installed npm package of that name, or undefined when it is not installed. */
export function installedTool(packageName: string): InstalledTool | undefined {
  const manifest = manifestOf(packageName)
  if (manifest === undefined) return undefined
  const { version } = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')))
  return { version, folder: dirname(manifest) }
}

/** A file of an installed tool. */
export function toolFile(tool: InstalledTool, path: string): string {
  return join(tool.folder, path)
}

function manifestOf(packageName: string): string | undefined {
  try {
    return findPackageJSON(packageName, import.meta.url)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}
