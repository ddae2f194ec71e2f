import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { AppSnapshot } from '#bench/apps'
import { parseSpec, type Spec } from '#bench/specs'
import { InvalidInput } from '#platform/errors'

const optionsSchema = z.strictObject({
  /** The text of a spec. */
  spec: z.string().optional(),
  /** Same seed, same random values. */
  seed: z.string().optional(),
  /** False: only what the spec says is checked. */
  derived: z.boolean().optional(),
})

export interface ConformanceOptions {
  readonly spec: Spec | undefined
  readonly seed: string
  readonly derived: boolean
}

/** The file in an app that holds its spec. */
export const specFile = /^assay\.spec\.ya?ml$/

/**
 * What is to be checked: the spec of the options, else the one the app brings, and what is derived.
 * @throws InvalidInput, InvalidSpec
 */
export async function readOptions(
  app: AppSnapshot,
  given: Readonly<Record<string, unknown>>,
): Promise<ConformanceOptions> {
  const options = optionsSchema.safeParse(given)
  if (!options.success) {
    throw new InvalidInput(`The options of conformance are wrong: ${z.prettifyError(options.error)}`, {
      next: 'Give spec (the text of a spec), seed or derived.',
    })
  }
  const { spec, seed = '1', derived = true } = options.data
  if (spec !== undefined) return { spec: parseSpec(spec, 'the spec of the options'), seed, derived }
  const file = app.files.find(({ path }) => specFile.test(path))
  const text = file && (await readFile(join(app.root, file.path), 'utf8'))
  return { spec: file && text !== undefined ? parseSpec(text, file.path) : undefined, seed, derived }
}
