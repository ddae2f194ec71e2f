import { z } from 'zod'
import { handlerMessage, type RawFinding } from '#bench/findings'
import { asEvidence } from './http/answer.ts'
import { type Endpoint, places } from './inventory/endpoint.ts'
import type { Proof } from './proof.ts'

/** The fact of a finding that holds what {@link targetOf} reads. */
const targetFact = 'target'

/** A proof as the analyzer reports it: where, what was sent and seen, and the code that answers. */
export function findingOf(proof: Proof): RawFinding {
  const { endpoint, parameter, exchanges, shows = '', observed = [], family } = proof
  return {
    rule: proof.rule,
    message: proof.message,
    location: {
      kind: 'endpoint',
      method: endpoint.method,
      url: endpoint.path,
      ...(parameter && { parameter: parameter.name }),
    },
    ...(proof.severity && { severity: proof.severity }),
    ...(proof.confidence && { confidence: proof.confidence }),
    evidence: {
      exchanges: exchanges.slice(0, 4).map((exchange) => asEvidence(exchange, shows)),
      ...(observed.length > 0 && { observed: [...observed] }),
      ...(endpoint.handler && {
        related: [
          {
            location: {
              kind: 'file',
              path: endpoint.handler.path,
              region: { startLine: endpoint.handler.startLine, endLine: endpoint.handler.endLine },
            },
            message: handlerMessage,
          },
        ],
      }),
      facts: { ...(family !== undefined && { payload: family }), [targetFact]: targetText(endpoint, parameter?.name) },
    },
  }
}

const parameterSchema = z.object({
  name: z.string(),
  place: z.enum(places),
  required: z.boolean(),
  sample: z.string().optional(),
  type: z.string().optional(),
  token: z.literal(true).optional(),
})
const targetSchema = z.object({
  endpoint: z.object({
    method: z.string(),
    path: z.string(),
    parameters: z.array(parameterSchema),
    page: z.string().optional(),
    open: z.boolean(),
  }),
  parameter: z.string().optional(),
})

/** What has to be known to attack the same place again. */
export interface FoundTarget {
  readonly endpoint: Endpoint
  readonly parameter?: string
}

function targetText({ method, path, parameters, page, open }: Endpoint, parameter: string | undefined): string {
  return JSON.stringify({
    endpoint: { method, path, parameters, open, ...(page !== undefined && { page }) },
    ...(parameter !== undefined && { parameter }),
  })
}

/** The place a finding of this analyzer is about; undefined when the finding does not say it. */
export function targetOf(
  facts: Readonly<Record<string, string | number | boolean>> | undefined,
): FoundTarget | undefined {
  const text = facts?.[targetFact]
  if (typeof text !== 'string') return undefined
  const parsed = targetSchema.safeParse(JSON.parse(text))
  if (!parsed.success) return undefined
  const { endpoint, parameter } = parsed.data
  const { page, ...rest } = endpoint
  const parameters = endpoint.parameters.map(({ name, place, required, sample, type, token }) => ({
    name,
    place,
    required,
    ...(sample !== undefined && { sample }),
    ...(type !== undefined && { type }),
    ...(token && { token }),
  }))
  return {
    endpoint: { ...rest, parameters, origins: [], ...(page !== undefined && { page }) },
    ...(parameter !== undefined && { parameter }),
  }
}
