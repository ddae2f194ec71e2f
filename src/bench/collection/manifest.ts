import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { printable } from '#bench/apps'
import { InvalidInput, messageOf } from '#platform/errors'

const segment = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be plain text')

/** `assay.yaml` at the top of an imported folder, or given with the import. */
const manifestSchema = z.strictObject({
  /** Where an app's folder lies: literal segments and `{model}`, `{app}`, `{spec}`, `{sample}`, one to a segment or part of one. */
  layout: z.string().min(1).optional(),
  /** App → spec it was asked to fulfil. */
  specs: z.record(segment, segment).optional(),
  /** Folders beside the models that hold no apps. */
  exclude: z.array(segment).optional(),
  /** Apps one by one, instead of a layout. */
  apps: z
    .array(
      z.strictObject({
        path: z.string().min(1),
        name: segment.optional(),
        model: segment.optional(),
        spec: segment.optional(),
        sample: z.int().min(0).optional(),
      }),
    )
    .min(1)
    .optional(),
})
export type Manifest = z.infer<typeof manifestSchema>

const manifestNames = ['assay.yaml', 'assay.yml']
/** Bytes. */
const manifestLimit = 1_000_000

/**
 * The manifest given with an import, or the one at the top of the folder; undefined when there is none.
 * @throws InvalidInput saying what is wrong where
 */
export async function readManifest(root: string, given: string | undefined): Promise<Manifest | undefined> {
  let text = given
  let origin = 'the manifest given'
  for (const name of manifestNames) {
    if (text !== undefined) break
    origin = join(root, name)
    text = await readManifestFile(origin)
  }
  if (text === undefined) return undefined
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    throw new InvalidInput(`${origin} is not valid YAML: ${messageOf(error)}`, { next: 'Correct it.' })
  }
  const parsed = manifestSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new InvalidInput(`${origin}: ${issue?.path.join('.') || 'manifest'}: ${issue?.message}.`, {
    next: 'Keys understood: layout, specs, exclude, apps.',
  })
}

/** The text of a manifest that lies in the import; undefined when there is none. Links are not followed. */
async function readManifestFile(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw unreadable(path, error)
  })
  if (!found?.isFile()) return undefined
  if (found.size > manifestLimit)
    throw new InvalidInput(`${path} is larger than ${manifestLimit / 1000} kB.`, {
      next: 'Describe the apps by a layout.',
    })
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error)
  })
}

/** An error for what cannot be read in an import. */
export function unreadable(path: string, error: unknown): InvalidInput {
  return new InvalidInput(`Cannot read ${printable(path)}: ${messageOf(error)}.`, {
    next: 'Give the user who runs Assay read permission, and import again.',
    cause: error,
  })
}
