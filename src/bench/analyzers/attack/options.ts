import { z } from 'zod'
import { findingSchema } from '#bench/findings'
import { InvalidInput } from '#platform/errors'
import { classIds } from './rules.ts'

const optionsSchema = z.strictObject({
  /** Which classes to try; all when left out. */
  classes: z
    .array(z.enum(classIds))
    .min(1)
    .default([...classIds]),
  /** Requests a second at most. */
  requestsPerSecond: z.number().min(1).max(5000).default(1000),
  /** Seconds for all attacks together; what is not tried by then is said. */
  seconds: z.number().min(1).max(600).default(40),
  /** Decides every random choice; another seed makes other words and numbers. */
  seed: z.int().default(1),
  /** A finding whose attack alone is made again. */
  replay: findingSchema.pick({ witnesses: true, evidence: true }).optional(),
})

export type AttackOptions = z.infer<typeof optionsSchema>

/** The options of an analysis. @throws InvalidInput for options there are not */
export function readOptions(options: Readonly<Record<string, unknown>>): AttackOptions {
  const parsed = optionsSchema.safeParse(options)
  if (parsed.success) return parsed.data
  const [problem] = parsed.error.issues
  throw new InvalidInput(`Options of the analyzer attack: ${problem?.path.join('.') ?? ''} ${problem?.message ?? ''}`, {
    next: `Known options: ${Object.keys(optionsSchema.shape).join(', ')}. docs/attack.md explains them.`,
  })
}
