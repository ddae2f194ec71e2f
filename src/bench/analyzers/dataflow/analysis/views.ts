import { type Template, type TemplateOutput, templateOf } from '../frontend/templates.ts'
import type { Instruction } from '../ir/ir.ts'
import { elementOf, readKey } from './access.ts'
import { deepLabels } from './deep-labels.ts'
import { type CallArguments, definitionOf, type Engine, type Frame, placeOf, reportLabels } from './engine.ts'
import { kindsOf } from './kinds.ts'
import { heapObject } from './state.ts'
import { externalValue, joinValues, nothing, onlyText, type Place, stepped, type Value } from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>

const rendering =
  /(?:^|[.?])(?:render_template|render_template_string|render|renderFile|renderView|TemplateResponse|render_to_string|render_to_response|render_async|view|viewAsync|render_block)$/
const deepestInclude = 4
/** Kinds each way of printing lets through. */
const through: Readonly<Record<TemplateOutput['how'], number>> = {
  escaped: 0,
  raw: kindsOf('html'),
  code: kindsOf('html', 'code'),
  address: kindsOf('script-url'),
}

/** A view renders a template of the app: what the template prints without escaping is looked at. */
export function meetView(name: string, call: Call, args: CallArguments, frame: Frame, engine: Engine): void {
  if (!rendering.test(name)) return
  const isText = name.endsWith('render_template_string')
  const texts = args.positional.flatMap((value) => onlyText(value) ?? [])
  const given = [
    ...texts,
    ...[...args.named].flatMap(([key, value]) => (key === 'name' ? (onlyText(value) ?? []) : [])),
  ]
  const template = isText
    ? given[0] === undefined
      ? undefined
      : templateOf('inline.html', given[0])
    : findTemplate([...given, ...loadedName(call, frame)], frame, engine)
  if (template === undefined) return
  const context = contextOf(args, frame)
  const isBare = /^(?:jinja2\.Environment|jinja2\.Template)\b/.test(name)
  const place = placeOf(call, frame)
  printed(template, { context, args, isBare, call, place, isText, frame, engine }, new Set(), 0)
}

interface View {
  readonly context: readonly Value[]
  readonly args: CallArguments
  /** Made by an environment that does not escape. */
  readonly isBare: boolean
  readonly call: Call
  readonly place: Place
  /** The template is the text of the call itself. */
  readonly isText: boolean
  readonly frame: Frame
  readonly engine: Engine
}

function printed(template: Template, view: View, seen: Set<string>, depth: number): void {
  const { engine, frame } = view
  if (seen.has(template.path) || depth > deepestInclude) return
  seen.add(template.path)
  const isEscaping = !view.isBare && !engine.unescaped.has(frame.facts.module.language) && template.escapes
  for (const output of template.outputs) {
    const how = output.byDefault && output.how === 'escaped' && !isEscaping ? 'raw' : output.how
    if (through[how] === 0) continue
    for (const names of output.names) {
      const value = shownValue(names, view)
      if (value === undefined) continue
      const start = view.isText ? view.place.start : output.start
      const end = view.isText ? view.place.end : output.end
      const place: Place = view.isText ? view.place : { path: template.path, start, end }
      const labels = stepped(deepLabels(value, frame, 1), view.place, 'rendered in a template')
      const sink = { rule: 'cross-site-scripting' as const, name: `{{ ${names.join('.')} }} in ${template.path}` }
      reportLabels(labels, through[how], sink, place, engine)
    }
  }
  for (const other of template.others) {
    const found = findTemplate([other], frame, engine)
    if (found !== undefined) printed(found, view, seen, depth + 1)
  }
}

/** What a name of the template stands for. */
function shownValue(names: readonly string[], view: View): Value | undefined {
  const [root = '', ...rest] = names
  const { frame, engine, call, args } = view
  let value = args.named.get(root)
  for (const each of view.context) {
    for (const ref of each.refs) {
      const object = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
      const own =
        object?.fields.get(root) ?? (object !== undefined && object.rest !== nothing ? object.rest : undefined)
      if (own !== undefined) value = joinValues(value, own)
    }
    if (each.labels.length > 0) value = joinValues(value, readKey(each, root, false, call, frame, engine))
  }
  value ??= ambient(root, view)
  for (const key of rest) {
    if (value === undefined) return undefined
    const index = /^\d+$/.test(key) ? Number(key) : key
    value = key === '[]' ? elementOf(value, false, call, frame) : readKey(value, index, true, call, frame, engine)
  }
  return value
}

/** What templates see without being given it. */
function ambient(root: string, { frame, engine, call }: View): Value | undefined {
  const { language, text } = frame.facts.module
  if (language === 'python') {
    const isDjango = /^\s*(?:from|import)\s+django\b/m.test(text)
    if (root === 'request') return externalValue(isDjango ? 'django.Request' : 'flask.request')
    if (root === 'session' || root === 'g') return isDjango ? undefined : externalValue(`flask.${root}`)
    return undefined
  }
  const locals = readKey(externalValue('express.Response.locals'), root, true, call, frame, engine)
  return locals.labels.length > 0 ? locals : undefined
}

/** Objects that hold the names a template sees. */
function contextOf(args: CallArguments, frame: Frame): Value[] {
  const named = ['context', 'ctx', 'dictionary', 'variables'].flatMap((key) => args.named.get(key) ?? [])
  const all = [...args.positional, ...named]
  if (args.more !== undefined) all.push(args.more)
  return all.filter(
    ({ refs, labels }) =>
      refs.some(
        (ref) => ref.kind === 'object' && frame.state !== undefined && heapObject(frame.state, ref.at) !== undefined,
      ) || labels.length > 0,
  )
}

/** `env.get_template('a.html').render(…)`: the name given to the call that loaded it. */
function loadedName(call: Call, frame: Frame): string[] {
  let definition = definitionOf(call.receiver, frame)
  if (definition?.op === 'load') {
    const { slot } = definition
    const stores = frame.facts.ir.blocks.flatMap(({ instructions }) =>
      instructions.flatMap((each) => (each.op === 'store' && each.slot === slot ? [each.value] : [])),
    )
    definition = stores.length === 1 ? definitionOf(stores[0], frame) : undefined
  }
  if (definition?.op !== 'call') return []
  const [first] = definition.arguments
  const name = first === undefined ? undefined : onlyText(frame.temps[first.value])
  return name === undefined ? [] : [name]
}

function findTemplate(names: readonly string[], frame: Frame, engine: Engine): Template | undefined {
  for (const name of names) {
    if (name === '' || name.length > 200) continue
    const bare = name.replace(/^\.?\//, '')
    let best: Template | undefined
    for (const template of engine.templates) {
      const matches =
        template.path === bare ||
        template.path.endsWith(`/${bare}`) ||
        new RegExp(`(?:^|/)${bare.replace(/[^\w/-]/g, '\\$&')}\\.\\w{2,10}$`).test(template.path)
      if (matches && (best === undefined || nearer(template.path, best.path, frame.facts.module.path))) best = template
    }
    if (best !== undefined) return best
  }
  return undefined
}

/** Whether the first path has more of its folders in common with the file than the second. */
function nearer(first: string, second: string, file: string): boolean {
  const common = (path: string): number => {
    let length = 0
    while (length < path.length && path[length] === file[length]) length += 1
    return length
  }
  return common(first) > common(second)
}
