import type { Span } from '../ir/ir.ts'
import { externalNamed } from './access.ts'
import type { Engine, Frame } from './engine.ts'
import { refValue, type Value } from './value.ts'

/** What an import answers: a module of the app, something it offers, or a thing of a library by its qualified name. */
export function externalModule(
  module: string,
  name: string | undefined,
  span: Span,
  frame: Frame,
  engine: Engine,
): Value {
  const from = frame.facts.module
  const path = engine.program.resolve(module, from.path)
  if (path !== undefined) {
    engine.load(path, frame)
    if (name !== undefined && from.language === 'python') {
      const submodule = engine.program.resolve(`${module}${module.endsWith('.') ? '' : '.'}${name}`, from.path)
      if (submodule !== undefined && !engine.program.modules.get(path)?.names.has(name)) {
        engine.load(submodule, frame)
        return refValue({ kind: 'module', path: submodule, key: `m${submodule}` })
      }
    }
    return name === undefined ? refValue({ kind: 'module', path, key: `m${path}` }) : engine.exported(path, name, frame)
  }
  if (name !== undefined && from.language === 'python') {
    const submodule = engine.program.resolve(`${module}${module.endsWith('.') ? '' : '.'}${name}`, from.path)
    if (submodule !== undefined) {
      engine.load(submodule, frame)
      return refValue({ kind: 'module', path: submodule, key: `m${submodule}` })
    }
  }
  const plain = module.replace(/^node:/, '')
  return externalNamed(name === undefined || name === 'default' ? plain : `${plain}.${name}`, span, frame, engine)
}
