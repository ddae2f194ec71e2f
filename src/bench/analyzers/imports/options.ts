import { z } from 'zod'
import { InvalidInput } from '#platform/errors'

const optionsSchema = z.strictObject({
  /** Address of the npm registry; default: `npm_config_registry`, else registry.npmjs.org. */
  npmRegistry: z.url({ protocol: /^https?$/ }).exactOptional(),
  /** Address of the Python index; default pypi.org. */
  pypiRegistry: z.url({ protocol: /^https?$/ }).exactOptional(),
})

/** @throws InvalidInput naming the wrong option */
export function readOptions(options: Readonly<Record<string, unknown>>): z.infer<typeof optionsSchema> {
  const result = optionsSchema.safeParse(options)
  if (result.success) return result.data
  throw new InvalidInput(`Options of the analyzer imports: ${z.prettifyError(result.error)}`, {
    next: 'Known options: npmRegistry, pypiRegistry.',
  })
}
