import type { Instruction } from '../ir/ir.ts'
import { newObject } from './access.ts'
import { deepLabels } from './deep-labels.ts'
import { definitionOf, type Engine, type Frame, placeOf, reportLabels } from './engine.ts'
import { kindsOf } from './kinds.ts'
import { isMarked, setMark } from './sinks.ts'
import { heapObject, joinStates } from './state.ts'
import { anything, joinValues, labelled, nothing, onlyText, type Value, withoutKinds } from './value.ts'

type SetInstruction = Extract<Instruction, { op: 'set' }>

/** Setting a property that runs or shows what it is given: `element.innerHTML = x`. */
export function meetProperty(
  instruction: SetInstruction,
  object: Value,
  key: string | number | undefined,
  value: Value,
  frame: Frame,
  engine: Engine,
): void {
  if (typeof key === 'string') {
    const definition = definitionOf(instruction.object, frame)
    const { text } = frame.facts.module
    const name =
      definition === undefined ? '' : text.slice(definition.start, Math.min(definition.end, definition.start + 120))
    for (const property of engine.models(frame.facts.module.path).property(key)) {
      if (property.object !== undefined && !property.object.test(name)) continue
      if (object.refs.some((ref) => ref.kind === 'object')) continue
      reportLabels(
        value.labels,
        kindsOf(...property.kinds),
        { rule: property.rule, name: `${name}.${key}` },
        placeOf(instruction, frame),
        engine,
      )
    }
  }
  for (const ref of object.refs) {
    if (ref.kind !== 'external') continue
    const models = engine.models(frame.facts.module.path)
    const facts = models.facts(`${ref.name}.${String(key)}=`)
    const args = { positional: [value], named: new Map<string, Value>(), more: undefined, temps: [] }
    for (const mark of facts.marks) setMark(mark, args, frame, engine)
    const written = [...models.facts(`${ref.name}[]=`).sinks, ...facts.sinks]
    for (const sink of written) {
      if (!isMarked(sink, frame, engine)) continue
      const labels = deepLabels(value, frame)
      reportLabels(labels, kindsOf(...sink.kinds), { ...sink, name: ref.name }, placeOf(instruction, frame), engine)
    }
  }
}

/** A component of the app gets its attributes as properties. */
function callComponent(markup: Markup, frame: Frame, engine: Engine): boolean {
  const component = markup.component === undefined ? undefined : frame.temps[markup.component]
  if (component === undefined || component.refs.every(({ kind }) => kind !== 'function')) return false
  const fields = new Map<string | number, Value>()
  let rest: Value = nothing
  for (const { name, value } of markup.attributes) {
    const given = frame.temps[value] ?? anything
    if (name !== undefined) fields.set(name, given)
    else rest = joinValues(rest, labelled(deepLabels(given, frame)))
  }
  const children = markup.children.map((child) => frame.temps[child] ?? anything)
  fields.set(
    'children',
    children.reduce<Value>((all, each) => joinValues(all, each), nothing),
  )
  const properties = newObject({ kind: 'object', fields, rest }, `${markup.dst} properties`, frame, engine)
  callHandler(component, [properties], markup, frame, engine)
  return true
}

/** A function the page calls with an event: it runs once, with what it knew last of the variables around it. */
function noteHandler(value: Value, engine: Engine): void {
  for (const ref of value.refs) if (ref.kind === 'function') engine.handlers.add(ref.id)
}

/** Runs a component of the page; what it changes may have happened or not. */
function callHandler(value: Value, given: readonly Value[], markup: Markup, frame: Frame, engine: Engine): void {
  const before = frame.state
  let after = before
  const args = { positional: given, named: new Map<string, Value>(), more: undefined, temps: [] }
  for (const ref of value.refs.slice(0, 4)) {
    if (ref.kind !== 'function') continue
    frame.state = before
    engine.call(ref.id, ref.self, args, ref.closure, frame, markup)
    if (frame.state !== undefined && after !== undefined) after = joinStates(after, frame.state)
  }
  frame.state = after
}

type Markup = Extract<Instruction, { op: 'markup' }>

const addresses: ReadonlySet<string> = new Set(['href', 'src', 'action', 'formAction', 'xlinkHref', 'data', 'srcDoc'])

/** JSX escapes text; raw HTML and addresses that may be scripts are what is left. */
export function meetMarkup(markup: Markup, frame: Frame, engine: Engine): Value {
  const isComponent = callComponent(markup, frame, engine)
  for (const attribute of markup.attributes) {
    const value = frame.temps[attribute.value] ?? anything
    if (!isComponent && /^on[A-Z]/.test(attribute.name ?? '')) noteHandler(value, engine)
    const sink = { rule: 'cross-site-scripting' as const, name: `<${markup.tag} ${attribute.name ?? ''}>` }
    const place = placeOf(markup, frame)
    if (attribute.name === 'dangerouslySetInnerHTML') {
      const [ref] = value.refs
      const object = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
      const html = object?.fields.get('__html') ?? value
      reportLabels(html.labels, kindsOf('html'), sink, place, engine)
    } else if (attribute.name === 'srcDoc') reportLabels(value.labels, kindsOf('html'), sink, place, engine)
    else if (attribute.name !== undefined && addresses.has(attribute.name) && /^[a-z]/.test(markup.tag)) {
      if (onlyText(value) === undefined && !/^(?:img|source|video|audio)$/.test(markup.tag)) {
        reportLabels(value.labels, kindsOf('script-url'), sink, place, engine)
      }
    }
  }
  return withoutKinds(anything, kindsOf('html'))
}
