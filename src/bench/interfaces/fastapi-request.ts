import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import type { Field } from './interface.ts'
import { type PythonModule, type PythonWorld, resolvePython } from './python-modules.ts'
import { answered, environmentIn, listed, type Read } from './python-request.ts'

/** What a FastAPI handler reads: pydantic models are the body, plain parameters not in the path are the query. */
export function fastapiRead(handler: CodeNode, path: string, module: PythonModule, world: PythonWorld): Read {
  const body = new Map<string, boolean>()
  const query = new Map<string, boolean>()
  let open = false
  for (const parameter of fieldOf(handler, 'parameters')?.children ?? []) {
    const name = textOf(fieldOf(parameter, 'name') ?? parameter.children[0] ?? parameter)
    const type = fieldOf(parameter, 'type')
    const value = fieldOf(parameter, 'value')
    const typeText = type === undefined ? '' : textOf(type)
    const valueText = value === undefined ? '' : textOf(value)
    if (/\bDepends\b|\bSecurity\b|\bHeader\b|\bCookie\b/.test(valueText + typeText)) {
      open ||= /OAuth2PasswordRequestForm/.test(typeText + valueText)
      continue
    }
    if (/^(?:Request|Response|WebSocket|BackgroundTasks|UploadFile|dict\b|Dict\b|Any\b)/.test(typeText)) {
      open = true
      continue
    }
    const model = type === undefined ? undefined : modelFields(typeText, module, world)
    if (model !== undefined) for (const field of model) body.set(field.name, field.required)
    else if (/\b(?:Body|Form|File)\(/.test(valueText + typeText)) body.set(name, /\((?:\.\.\.|\s*\))/.test(valueText))
    else if (
      !path.includes(`:${name}`) &&
      name !== 'self' &&
      /^(?:str|int|float|bool|Optional|date|datetime|UUID|Literal)\b/.test(typeText)
    ) {
      query.set(name, value === undefined || /^Query\(\.\.\./.test(valueText))
    } else if (!path.includes(`:${name}`)) open = true
  }
  return {
    request: { body: listed(body), query: listed(query), open },
    ...answered(handler),
    environment: environmentIn(handler),
  }
}

/** The fields of a pydantic model by its name, with those it inherits; undefined when it is not one of the app's. */
function modelFields(name: string, module: PythonModule, world: PythonWorld, depth = 0): Field[] | undefined {
  const plain = /^(?:Annotated\[)?([A-Za-z_]\w*)/.exec(name)?.[1]
  if (plain === undefined || depth > 4) return undefined
  const node = module.classes.get(plain)
  const place = node === undefined ? imported(plain, module, world) : { node, module }
  if (place?.node.type !== 'class_definition') return undefined
  const fields = new Map<string, boolean>()
  for (const base of fieldOf(place.node, 'superclasses')?.children ?? []) {
    for (const field of modelFields(textOf(base), place.module, world, depth + 1) ?? [])
      fields.set(field.name, field.required)
  }
  if (/\balias(?:_generator)?\s*=/.test(textOf(place.node))) return undefined
  for (const statement of fieldOf(place.node, 'body')?.children ?? []) {
    const assignment = statement.type === 'expression_statement' ? statement.children[0] : undefined
    const left = assignment?.type === 'assignment' ? fieldOf(assignment, 'left') : undefined
    if (assignment === undefined || left?.type !== 'identifier' || fieldOf(assignment, 'type') === undefined) continue
    const right = fieldOf(assignment, 'right')
    fields.set(
      textOf(left),
      right === undefined || /^Field\(\s*(?:\.\.\.|(?:\w+\s*=(?!.*\bdefault))|\))/.test(textOf(right)),
    )
  }
  return [...fields].map(([field, required]) => ({ name: field, required }))
}

function imported(
  name: string,
  module: PythonModule,
  world: PythonWorld,
): { readonly node: CodeNode; readonly module: PythonModule } | undefined {
  const node: CodeNode = {
    ...module.source.root,
    type: 'identifier',
    start: 0,
    end: name.length,
    source: name,
    children: [],
  }
  return resolvePython({ module, node }, world)
}
