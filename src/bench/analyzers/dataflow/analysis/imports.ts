import type { Span } from '../ir/ir.ts'
import { externalNamed } from './access.ts'
import type { Engine, Frame } from './engine.ts'
import { externalValue, refValue, type Value } from './value.ts'

/** Python's own functions and types: `from module import *` rarely hides them. */
const builtins: ReadonlySet<string> = new Set(
  'abs all any ascii bin bool bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ __name__ __file__ Exception ValueError KeyError TypeError IndexError RuntimeError OSError IOError AttributeError NotImplementedError StopIteration FileNotFoundError PermissionError ConnectionError TimeoutError ImportError ModuleNotFoundError ZeroDivisionError BaseException AssertionError'.split(
    ' ',
  ),
)

/** A name nothing in the file defines: what `from module import *` gave it, or one of the platform. */
export function globalNamed(name: string, span: Span, frame: Frame, engine: Engine): Value {
  const { path, language } = frame.facts.module
  const given = language === 'python' && !builtins.has(name) ? starred(path, name, frame, engine) : undefined
  return given ?? externalNamed(name, span, frame, engine)
}

/** What the modules of which a file takes or hands on everything offer under a name. */
export function starred(path: string, name: string, frame: Frame, engine: Engine, depth = 0): Value | undefined {
  const everything = engine.offered(path, '*', frame)
  if (everything === undefined || depth > 4) return undefined
  const libraries: string[] = []
  for (const ref of everything.refs) {
    if (ref.kind === 'external') libraries.push(ref.name)
    else if (ref.kind === 'module' && ref.path !== path) {
      const found = engine.offered(ref.path, name, frame) ?? starred(ref.path, name, frame, engine, depth + 1)
      if (found !== undefined) return found
    }
  }
  const models = engine.models(path)
  const library = libraries.find((each) => models.mentions(`${each}.${name}`)) ?? libraries.at(-1)
  return library === undefined ? undefined : externalNamed(`${library}.${name}`, { start: 0, end: 0 }, frame, engine)
}

/** A module inside a package: what `helpers.db` is after `import helpers.db`. */
export function submodule(path: string, name: string, frame: Frame, engine: Engine): Value | undefined {
  if (!path.endsWith('__init__.py')) return undefined
  const folder = path.slice(0, -'__init__.py'.length)
  const inside = [`${folder}${name}.py`, `${folder}${name}/__init__.py`].find((each) =>
    engine.program.modules.has(each),
  )
  if (inside === undefined) return undefined
  engine.load(inside, frame)
  return refValue({ kind: 'module', path: inside, key: `m${inside}` })
}

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
  if (name === undefined && from.language === 'python' && !module.includes('.')) {
    const folder = engine.program.packageOf(module, from.path)
    if (folder !== undefined) return refValue({ kind: 'module', path: folder, key: `m${folder}` })
  }
  const plain = module.replace(/^node:/, '')
  // A module is no global of the same name: `require('request')`.
  if ((name === undefined || name === 'default') && !plain.includes('.')) return externalValue(plain)
  return externalNamed(name === undefined || name === 'default' ? plain : `${plain}.${name}`, span, frame, engine)
}
