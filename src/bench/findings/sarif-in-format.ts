import { z } from 'zod'

const text = z.object({ text: z.string().optional(), markdown: z.string().optional() })
const properties = z.record(z.string(), z.unknown()).optional()
const level = z.enum(['none', 'note', 'warning', 'error']).optional()
const region = z.object({
  startLine: z.number().optional(),
  startColumn: z.number().optional(),
  endLine: z.number().optional(),
  endColumn: z.number().optional(),
  snippet: text.optional(),
})
const location = z.object({
  physicalLocation: z
    .object({
      artifactLocation: z.object({ uri: z.string().optional(), index: z.int().optional() }).optional(),
      region: region.optional(),
    })
    .optional(),
  message: text.optional(),
})
const rule = z.object({
  id: z.string(),
  name: z.string().optional(),
  shortDescription: text.optional(),
  fullDescription: text.optional(),
  help: text.optional(),
  helpUri: z.string().optional(),
  messageStrings: z.record(z.string(), text).optional(),
  defaultConfiguration: z.object({ level }).optional(),
  relationships: z
    .array(
      z.object({
        target: z.object({
          id: z.string().optional(),
          toolComponent: z.object({ name: z.string().optional() }).optional(),
        }),
      }),
    )
    .optional(),
  properties,
})
const flowLocation = z.object({
  location: location.optional(),
  index: z.int().optional(),
  nestingLevel: z.int().min(0).optional(),
})
const result = z.object({
  ruleId: z.string().optional(),
  ruleIndex: z.int().optional(),
  rule: z.object({ id: z.string().optional(), index: z.int().optional() }).optional(),
  kind: z.string().optional(),
  level,
  message: z.object({
    text: z.string().optional(),
    id: z.string().optional(),
    arguments: z.array(z.string()).optional(),
  }),
  locations: z.array(location).optional(),
  relatedLocations: z.array(location).optional(),
  codeFlows: z.array(z.object({ threadFlows: z.array(z.object({ locations: z.array(flowLocation) })) })).optional(),
  webRequest: z
    .object({
      method: z.string().optional(),
      target: z.string().optional(),
      parameters: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  suppressions: z.array(z.object({ kind: z.string() })).optional(),
  properties,
})
/** What is read of a SARIF 2.1.0 log; everything else in it is passed over. */
export const logSchema = z.object({
  version: z.literal('2.1.0'),
  runs: z.array(
    z.object({
      tool: z.object({
        driver: z.object({
          name: z.string(),
          version: z.string().optional(),
          semanticVersion: z.string().optional(),
          rules: z.array(rule).optional(),
        }),
        extensions: z.array(z.object({ rules: z.array(rule).optional() })).optional(),
      }),
      artifacts: z.array(z.object({ location: z.object({ uri: z.string().optional() }).optional() })).optional(),
      threadFlowLocations: z.array(flowLocation).optional(),
      invocations: z
        .array(
          z.object({
            executionSuccessful: z.boolean().optional(),
            toolExecutionNotifications: z.array(z.object({ level, message: text })).optional(),
          }),
        )
        .optional(),
      results: z.array(result).nullish(),
    }),
  ),
})
export type Run = z.infer<typeof logSchema>['runs'][number]
export type GivenRule = z.infer<typeof rule>
export type GivenResult = z.infer<typeof result>
export type GivenLocation = z.infer<typeof location>
export type GivenRegion = z.infer<typeof region>
export type GivenLevel = z.infer<typeof level>
