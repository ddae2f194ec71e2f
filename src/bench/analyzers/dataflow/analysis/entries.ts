import type { EntryModel } from '../models/model.ts'
import { externalNamed } from './access.ts'
import { declaredInput } from './declarations.ts'
import type { CallArguments, Engine, Frame } from './engine.ts'
import { exceptionName } from './exceptions.ts'
import { madeAt } from './external.ts'
import { kindsOf, outsideKinds } from './kinds.ts'
import type { FunctionFacts } from './program.ts'
import { anything, type Value } from './value.ts'

/** What the framework passes to a function that answers requests. */
export function entryArguments(
  entry: { readonly model: EntryModel; readonly route: string },
  facts: FunctionFacts,
  frame: Frame,
  engine: Engine,
): CallArguments {
  const { parameters } = entry.model
  if (parameters.by === 'position') {
    const { ir } = facts
    const count = ir.parameters.length
    const isError = count > parameters.types.length && parameters.types.length === 3
    const positional = parameters.types.map((type) => {
      const value = externalNamed(type, { start: ir.start, end: ir.start + 1 }, frame, engine)
      const isThing = engine.models(facts.module.path).facts(type).thing
      return madeAt(value, isThing ? `${facts.module.path}:${ir.start}` : undefined)
    })
    if (isError) positional.unshift(externalNamed(exceptionName, { start: ir.start, end: ir.start + 1 }, frame, engine))
    const { others } = parameters
    const named = new Map<string, Value>()
    if (others !== undefined) {
      for (const { name, kind } of ir.parameters.slice(parameters.types.length)) {
        const isNumber = /(?:^|_)(?:pk|id)$/.test(name)
        if (kind === 'plain')
          named.set(
            name,
            isNumber ? anything : externalNamed(others, { start: ir.start, end: ir.start + 1 }, frame, engine),
          )
      }
      return { positional, named, more: undefined, temps: [] }
    }
    return { positional, named: new Map(), more: anything, temps: [] }
  }
  const named = new Map<string, Value>()
  if (parameters.by === 'path') {
    for (const { name, converter } of routeParameters(entry.route)) {
      named.set(name, pathSegment(name, converter, facts, engine))
    }
    if (declaresInput(facts)) {
      for (const { name } of facts.ir.parameters)
        if (!named.has(name)) named.set(name, outside(declaredInput, name, facts, engine, outsideKinds))
    }
  } else {
    for (const parameter of facts.ir.parameters) {
      if (parameter.kind === 'plain' || parameter.kind === 'keyword-only') {
        named.set(parameter.name, outside(declaredInput, parameter.name, facts, engine, outsideKinds))
      }
    }
  }
  return { positional: [], named, more: undefined, temps: [] }
}

/** A route of an app made elsewhere, in a file without Flask, that declares texts: FastAPI fills them from the request. */
function declaresInput({ ir, module }: FunctionFacts): boolean {
  if (/\b(?:flask|quart|request)\b/i.test(module.text)) return false
  const header =
    /\([\s\S]{0,500}?\)\s*(?:->[^:\n]{1,100})?:/.exec(module.text.slice(ir.start, ir.start + 800))?.[0] ?? ''
  return /\w\s*:\s*(?:str|Optional\[str\]|str\s*\|)/.test(header)
}

/** The parameters of a route as Flask writes them: `/users/<int:id>/<name>`. */
export function routeParameters(route: string): { readonly name: string; readonly converter: string }[] {
  return [...route.matchAll(/<(?:(\w{1,40})(?:\([^<>]{0,80}\))?:)?(\w{1,60})>/g)].map((match) => ({
    converter: match[1] ?? 'string',
    name: match[2] ?? '',
  }))
}

function pathSegment(name: string, converter: string, facts: FunctionFacts, engine: Engine): Value {
  if (converter === 'int' || converter === 'float' || converter === 'uuid' || converter === 'any') return anything
  const value = outside('the path of the address', name, facts, engine, outsideKinds & ~kindsOf('structure'))
  if (converter === 'path') return value
  // Without slashes a segment rarely leaves its folder: possible, not sure.
  const doubt = kindsOf('path', 'redirect', 'ssrf')
  return { ...value, labels: value.labels.map((label) => ({ ...label, sure: label.sure & ~doubt })) }
}

function outside(input: string, name: string, facts: FunctionFacts, engine: Engine, kinds: number): Value {
  const { ir, module } = facts
  const header = module.text.slice(ir.start, ir.start + 2000)
  const found = new RegExp(`[(,\\s]${name}\\b`).exec(header)
  const start = found === null ? ir.start : ir.start + found.index + 1
  const source = engine.source({ path: module.path, start, end: start + name.length }, input)
  return { ...anything, labels: [{ source, kinds, sure: kinds, aspect: 'whole', steps: undefined }] }
}
