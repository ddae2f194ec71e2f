import type { FunctionIr } from '../ir/ir.ts'
import type { EntryModel } from '../models/model.ts'
import { holds } from './access.ts'
import type { Engine } from './engine.ts'

/** What the parameters of a function are by their names, when they follow a framework's custom. */
export function conventionOf(ir: FunctionIr, engine: Engine): EntryModel | undefined {
  const { module } = engine.program.function(ir.id)
  const found = engine
    .models(module.path)
    .conventions.find(
      ({ names, function: name, within }) =>
        names.every((each, at) => each.test(ir.parameters[at]?.name ?? '')) &&
        (name?.test(ir.name) ?? true) &&
        (within === undefined || holds(module, within)),
    )
  if (found === undefined) return undefined
  const { types, others } = found
  return { names: [], parameters: { by: 'position', types, ...(others !== undefined && { others }) } }
}
