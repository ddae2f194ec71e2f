import { z } from 'zod'
import { InvalidInput } from '#platform/errors'
import { kindNames } from './analysis/kinds.ts'
import type { Condition, Model, SinkModel } from './models/model.ts'
import { type RuleId, rules } from './models/rules.ts'

const kind = z.enum([...kindNames, 'path', 'redirect', 'url', 'ldap', 'structure', 'all'])
const kinds = z.array(kind).min(1, 'must name at least one kind')
const name = z
  .string()
  .regex(
    /^(?:\?\.)?[^\s.?]+(?:\.[^\s.?]+)*$/,
    'must be a qualified name such as acme.db.run, or ?.run for any receiver',
  )
  .refine((text) => /[^.*?()]/.test(text), 'must name something: * alone would be every name there is')
const names = z.array(name).min(1, 'must name at least one thing')
const rule = z.custom<RuleId>((id) => typeof id === 'string' && rules.has(id), {
  error: ({ input }) => `there is no rule ${String(input)}; the rules are ${[...rules.keys()].sort().join(', ')}`,
})
const pattern = z.string().superRefine((text, context) => {
  try {
    new RegExp(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    context.addIssue(`must be a regular expression: ${error.message}`)
  }
})
const position = z.int().min(0)
const argument = z.union(
  [position, z.string().min(1), z.array(z.union([position, z.string().min(1)])).min(1)],
  'must be the position of an argument from 0, its name, or a list of both',
)
const condition = z.strictObject({
  argument,
  field: z.string().min(1).optional(),
  is: z
    .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .min(1)
    .optional(),
  matches: pattern.optional(),
  given: z.boolean().optional(),
  unknown: z.boolean().optional(),
})
const when = z.array(condition).min(1).optional()

const modelSchema = z.strictObject({
  sources: z
    .array(z.strictObject({ names, input: z.string().min(1), kinds: kinds.optional(), without: kinds.optional() }))
    .optional(),
  sinks: z
    .array(
      z.strictObject({
        names,
        rule,
        kinds,
        arguments: z.array(argument).min(1, 'must name at least one argument'),
        element: z.literal('first').optional(),
        fields: z.array(z.string().min(1)).min(1).optional(),
        deep: z.literal(true).optional(),
        when,
        receiver: pattern.optional(),
        confidence: z.enum(['medium', 'low']).optional(),
        fix: z.string().min(1).optional(),
      }),
    )
    .optional(),
  sanitizers: z.array(z.strictObject({ names, removes: kinds, resolves: z.literal(true).optional(), when })).optional(),
  propagators: z
    .array(
      z.strictObject({
        names,
        arguments: z
          .array(z.union([position, z.literal('receiver')]))
          .min(1)
          .optional(),
        aspect: z.enum(['whole', 'host']).optional(),
      }),
    )
    .optional(),
  guards: z
    .array(
      z.strictObject({
        names,
        argument: z.union([position, z.literal('receiver')]),
        answer: z.boolean().optional(),
        removes: kinds,
        everything: z.literal(true).optional(),
      }),
    )
    .optional(),
})

const modelsSchema = z.strictObject({
  python: z.array(modelSchema).optional(),
  javascript: z.array(modelSchema).optional(),
})
/** What a team says of its own libraries: data only, so that it can be sent to a worker and is part of the cache key. */
export type GivenModels = z.input<typeof modelsSchema>
type GivenModel = z.output<typeof modelSchema>

export interface OwnModels {
  readonly python: readonly Model[]
  readonly javascript: readonly Model[]
}

/**
 * The models of `assay.config.ts` or of a study's options, checked.
 * @param at what stands before the name of a wrong field: `dataflow`
 * @throws InvalidInput naming every wrong field and what is expected there
 */
export function readModels(given: unknown, at: string): OwnModels {
  const parsed = modelsSchema.safeParse(given ?? {})
  if (!parsed.success) {
    throw new InvalidInput(`The models for the data flow are not valid: ${issuesOf(parsed.error, at)}.`, {
      next: 'docs/data-flow-models.md says what each field means.',
    })
  }
  const { python = [], javascript = [] } = parsed.data
  return { python: python.map(modelOf), javascript: javascript.map(modelOf) }
}

/**
 * The options of the analyzer: `models`, as in `assay.config.ts` under `dataflow`.
 * @throws InvalidInput when there is another option, or a model is wrong
 */
export function readOptions(options: Readonly<Record<string, unknown>>): OwnModels {
  const { models, ...others } = options
  const unknown = Object.keys(others)
  if (unknown.length > 0)
    throw new InvalidInput(`dataflow has no option ${unknown.join(', ')}.`, { next: 'Known options: models.' })
  return readModels(models, 'models')
}

function issuesOf({ issues }: z.ZodError, at: string): string {
  return issues
    .map((issue) => {
      if (issue.code === 'unrecognized_keys')
        return `unknown field ${issue.keys.map((key) => fieldName(at, [...issue.path, key])).join(', ')}`
      return `${fieldName(at, issue.path)}: ${issue.message}`
    })
    .join('; ')
}

/** `dataflow.python[0].sinks[1].rule`. */
function fieldName(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    at,
  )
}

function modelOf({ sources = [], sinks = [], sanitizers = [], propagators = [], guards = [] }: GivenModel): Model {
  return {
    sources: sources,
    sinks: sinks.map(
      ({ when: conditions, receiver, ...sink }): SinkModel => ({
        ...sink,
        ...(conditions !== undefined && { when: conditions.map(conditionOf) }),
        ...(receiver !== undefined && { receiver: new RegExp(receiver) }),
      }),
    ),
    sanitizers: sanitizers.map(({ when: conditions, ...sanitizer }) => ({
      ...sanitizer,
      ...(conditions !== undefined && { when: conditions.map(conditionOf) }),
    })),
    passes: propagators,
    guards: guards,
  }
}

function conditionOf({ matches, ...others }: z.output<typeof condition>): Condition {
  return { ...others, ...(matches !== undefined && { matches: new RegExp(matches) }) }
}
