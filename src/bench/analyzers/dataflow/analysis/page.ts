import type { Instruction } from '../ir/ir.ts'
import { deepLabels } from './access.ts'
import { definitionOf, type Engine, type Frame, placeOf, reportLabels } from './engine.ts'
import { isMarked } from './external.ts'
import { kindsOf } from './kinds.ts'
import { heapObject } from './state.ts'
import { anything, onlyText, type Value, withoutKinds } from './value.ts'

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
    const written = [...models.facts(`${ref.name}[]=`).sinks, ...models.facts(`${ref.name}.${String(key)}=`).sinks]
    for (const sink of written) {
      if (!isMarked(sink, frame, engine)) continue
      const labels = deepLabels(value, frame)
      reportLabels(labels, kindsOf(...sink.kinds), { ...sink, name: ref.name }, placeOf(instruction, frame), engine)
    }
  }
}

type Markup = Extract<Instruction, { op: 'markup' }>

const addresses: ReadonlySet<string> = new Set(['href', 'src', 'action', 'formAction', 'xlinkHref', 'data', 'srcDoc'])

/** JSX escapes text; raw HTML and addresses that may be scripts are what is left. */
export function meetMarkup(markup: Markup, frame: Frame, engine: Engine): Value {
  for (const attribute of markup.attributes) {
    const value = frame.temps[attribute.value] ?? anything
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
