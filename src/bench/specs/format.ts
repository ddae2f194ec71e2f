import { z } from 'zod'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const idSchema = z
  .string()
  .regex(/^[a-zA-Z0-9][\w.-]{0,79}$/, 'use letters, digits, ".", "_" and "-"')
  .describe('Unique within its list.')

const pathSchema = z
  .string()
  .regex(/^\//, 'begin with "/"')
  .max(2000)
  .describe('Path below the origin of the app; {{name}} is replaced by a variable.')

/** A status, a class of them, everything below one, or a list of these: `201`, `2xx`, `<500`, `[200, 204]`. */
const oneStatusSchema = z.union([
  z.int().min(100).max(599),
  z.string().regex(/^(?:[1-5]xx|<[1-6]00)$/, 'use 201, 2xx or <500'),
])
const statusSchema = z.union([oneStatusSchema, z.array(oneStatusSchema).min(1)])
export type StatusExpectation = z.infer<typeof statusSchema>

const jsonSchemaSchema = z.record(z.string(), z.json())

/** Fields an answer must have, or a JSON Schema it must satisfy. */
const answerSchema = z.union([z.array(z.string()), jsonSchemaSchema])
export type DeclaredAnswer = z.infer<typeof answerSchema>

/** What a value at a JSON path must be: itself, or one of these. */
const valueSchema = z.union([
  z.strictObject({ contains: z.json() }).describe('A text with this part, or a list with this element.'),
  z.strictObject({ lacks: z.json() }),
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({ length: z.int().min(0) }),
  z.strictObject({ equals: z.json() }),
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
])
export type ValueExpectation = z.infer<typeof valueSchema>

const expectationSchema = z.strictObject({
  status: statusSchema.optional().describe('Default: any below 400.'),
  schema: answerSchema.optional().describe('JSON Schema of the answer, or the names of its fields.'),
  json: z.record(z.string(), valueSchema).optional().describe('JSON path → what must be there.'),
  headers: z.record(z.string(), z.string()).optional().describe('Header → a text it must contain.'),
  contains: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('Texts the body must contain.'),
  lacks: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('Texts the body must not contain.'),
})
export type Expectation = z.infer<typeof expectationSchema>

const requestSchema = z.strictObject({
  method: z.enum(methods),
  path: pathSchema,
  query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  json: z.json().optional().describe('Sent as application/json.'),
  form: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .optional()
    .describe('Sent as a form would be.'),
  text: z.string().optional().describe('Sent as it is; give the content type in headers.'),
  bearer: z.string().optional().describe('Token for the header Authorization.'),
})
export type SpecRequest = z.infer<typeof requestSchema>

const sourceSchema = z
  .string()
  .regex(/^(?:\$|header:|cookie:)/, 'use a JSON path ($.id), header:NAME or cookie:NAME')
  .describe('A JSON path ($.id, $..token), header:NAME or cookie:NAME.')

const stepSchema = z.strictObject({
  name: z.string().min(1).max(200).describe('What the step is for: "signs in".'),
  session: z.string().optional().describe('Whose cookies are sent and kept; default: one for the whole flow.'),
  request: requestSchema,
  expect: expectationSchema.optional(),
  capture: z
    .record(z.string().regex(/^\w+$/), z.union([sourceSchema, z.array(sourceSchema).min(1)]))
    .optional()
    .describe('Variable → where its value is taken from; of several places, the first that has one.'),
})
export type FlowStep = z.infer<typeof stepSchema>

/** Roles of WAI-ARIA an element may be found by. */
const roles = [
  'alert',
  'alertdialog',
  'article',
  'banner',
  'blockquote',
  'button',
  'caption',
  'cell',
  'checkbox',
  'code',
  'columnheader',
  'combobox',
  'complementary',
  'contentinfo',
  'definition',
  'dialog',
  'document',
  'emphasis',
  'feed',
  'figure',
  'form',
  'generic',
  'grid',
  'gridcell',
  'group',
  'heading',
  'img',
  'insertion',
  'link',
  'list',
  'listbox',
  'listitem',
  'log',
  'main',
  'marquee',
  'math',
  'menu',
  'menubar',
  'menuitem',
  'menuitemcheckbox',
  'menuitemradio',
  'meter',
  'navigation',
  'none',
  'note',
  'option',
  'paragraph',
  'presentation',
  'progressbar',
  'radio',
  'radiogroup',
  'region',
  'row',
  'rowgroup',
  'rowheader',
  'scrollbar',
  'search',
  'searchbox',
  'separator',
  'slider',
  'spinbutton',
  'status',
  'strong',
  'switch',
  'tab',
  'table',
  'tablist',
  'tabpanel',
  'term',
  'textbox',
  'time',
  'timer',
  'toolbar',
  'tooltip',
  'tree',
  'treegrid',
  'treeitem',
] as const

const roleTargetSchema = z.strictObject({ role: z.enum(roles), name: z.string().optional() })
const targetSchema = z.union([
  z.strictObject({ label: z.string() }).describe('A field by its label.'),
  roleTargetSchema.describe('An element by its role and accessible name.'),
  z.strictObject({ text: z.string() }).describe('An element by its text.'),
])
export type Target = z.infer<typeof targetSchema>

const browserStepSchema = z.union([
  z.strictObject({ open: pathSchema }),
  z.strictObject({ fill: targetSchema, with: z.string() }),
  z.strictObject({ choose: targetSchema, option: z.string() }),
  z.strictObject({ check: targetSchema }),
  z.strictObject({ click: targetSchema }),
  z.strictObject({ press: z.string().describe('A key: Enter, Escape, Tab.') }),
  z.strictObject({ expect: z.union([targetSchema, z.strictObject({ path: z.string() })]) }),
  z.strictObject({ absent: targetSchema }),
])
export type BrowserStep = z.infer<typeof browserStepSchema>

const randomKinds = ['email', 'word', 'text', 'number', 'uuid', 'password'] as const
const variableSchema = z.union([z.string(), z.number(), z.strictObject({ random: z.enum(randomKinds) })])
export type Variable = z.infer<typeof variableSchema>
export type RandomKind = (typeof randomKinds)[number]

const variablesSchema = z.record(z.string().regex(/^\w+$/, 'use letters, digits and "_"'), variableSchema)

const flowHead = {
  id: idSchema,
  title: z.string().min(1).max(200),
  requirement: z.string().optional().describe('The id of the requirement it proves.'),
  variables: variablesSchema.optional(),
}

const flowSchema = z.strictObject({ ...flowHead, steps: z.array(stepSchema).min(1) })
export type Flow = z.infer<typeof flowSchema>

const browserFlowSchema = z.strictObject({ ...flowHead, steps: z.array(browserStepSchema).min(1) })
export type BrowserFlow = z.infer<typeof browserFlowSchema>

const endpointSchema = z.strictObject({
  method: z.enum(methods),
  path: z.string().regex(/^\//, 'begin with "/"').describe('Parameters in braces: /api/notes/{id}.'),
  query: z.array(z.string()).optional().describe('Names of query parameters.'),
  body: z.array(z.string()).optional().describe('Names of the fields of the body.'),
  answers: z
    .record(z.string().regex(/^[1-5]\d\d$/, 'use a status: 200'), answerSchema)
    .describe('Status → fields of the answer, or its JSON Schema.'),
})
export type Endpoint = z.infer<typeof endpointSchema>

/** What an app was asked to be, and the checks that show whether it is. */
export const specSchema = z.strictObject({
  $schema: z.string().optional(),
  name: idSchema,
  title: z.string().optional(),
  summary: z.string().optional(),
  requirements: z.array(z.strictObject({ id: idSchema, text: z.string() })).optional(),
  endpoints: z.array(endpointSchema).optional(),
  data: z.record(z.string(), z.json()).optional().describe('The data model, for people.'),
  acceptance: z
    .array(z.strictObject({ id: idSchema, requirement: z.string().optional(), check: z.string() }))
    .optional()
    .describe('Checks in words, for people and reviewers.'),
  variables: variablesSchema.optional().describe('For all flows.'),
  flows: z.array(flowSchema).optional(),
  browser: z.array(browserFlowSchema).optional(),
})
export type Spec = z.infer<typeof specSchema>

/** The format as JSON Schema, for editors and other programs. */
export function specJsonSchema(): unknown {
  return z.toJSONSchema(specSchema, { io: 'input' })
}
