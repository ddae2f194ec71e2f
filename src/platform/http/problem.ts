import { z } from 'zod'

/** How every failure is told (RFC 9457), as `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:assay:error:` and the code.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What happened, with which input.'),
    code: z.string().describe('Stable, kebab-case.'),
    next: z.string().optional().describe('What to do next.'),
    requestId: z.string().describe('Find it in the log.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('One entry per field that was refused.'),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problemSchema>
