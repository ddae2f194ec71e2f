import { dirname, join } from 'node:path/posix'
import type { BlockId, FunctionId, FunctionIr, Instruction, ModuleIr, Slot, Temp, Terminator } from '../ir/ir.ts'

/** A function with what the analysis asks about it again and again. */
export interface FunctionFacts {
  readonly ir: FunctionIr
  readonly module: ModuleIr
  /** Temporary → the instruction that computes it. */
  readonly definitions: readonly (Instruction | undefined)[]
  /** Block → its place in an order in which blocks come after those that lead to them. */
  readonly order: readonly number[]
  /** The blocks in that order. */
  readonly byOrder: readonly BlockId[]
  /** Slots it stores to itself. */
  readonly stored: ReadonlySet<Slot>
  /** Block → how many edges lead there. */
  readonly incoming: readonly number[]
  /** Slot → the values it is given, in order of the blocks. */
  readonly stores: ReadonlyMap<Slot, readonly { readonly value: Temp; readonly block: BlockId }[]>
  /** Temporary → the access path it is, once asked; null when it is none. */
  readonly paths: (AccessPath | null | undefined)[]
}

/** What an expression like `req.query.next` stands for. */
export interface AccessPath {
  readonly number: number
  /** The variable it starts at. */
  readonly slot: Slot | undefined
}

/** The modules of an app and the functions in them. */
export interface Program {
  readonly modules: ReadonlyMap<string, ModuleIr>
  function(id: FunctionId): FunctionFacts
  /** Variables of modules. */
  readonly moduleSlots: ReadonlySet<Slot>
  /** Every function, in order of file and place. */
  readonly functions: readonly FunctionIr[]
  /** The module an import written in a file means, when it is one of the app. */
  resolve(specifier: string, from: string): string | undefined
  /** Where the `__init__.py` is, or would be, of a folder of the app that a Python import names. */
  packageOf(name: string, from: string): string | undefined
}

export function programOf(modules: readonly ModuleIr[]): Program {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const byId = new Map<FunctionId, { ir: FunctionIr; module: ModuleIr }>()
  for (const module of modules) for (const ir of module.functions) byId.set(ir.id, { ir, module })
  const known = new Map<FunctionId, FunctionFacts>()
  const folders = new Set(modules.filter(({ language }) => language === 'python').map(({ path }) => dirname(path)))
  return {
    modules: byPath,
    functions: modules.flatMap((module) => module.functions),
    moduleSlots: new Set(
      modules.flatMap(({ functions }) => functions.flatMap(({ kind, slots }) => (kind === 'module' ? slots : []))),
    ),
    function(id) {
      let facts = known.get(id)
      if (facts === undefined) {
        const found = byId.get(id)
        if (found === undefined) throw new Error(`No function ${id}.`)
        facts = factsOf(found.ir, found.module)
        known.set(id, facts)
      }
      return facts
    },
    resolve(specifier, from) {
      return byPath.get(from)?.language === 'python'
        ? resolvePython(specifier, from, byPath)
        : resolveScript(specifier, from, byPath)
    },
    packageOf(name, from) {
      const folder = foldersAbove(from)
        .map((each) => join(each, name))
        .find((each) => folders.has(each))
      return folder === undefined ? undefined : join(folder, '__init__.py')
    },
  }
}

function factsOf(ir: FunctionIr, module: ModuleIr): FunctionFacts {
  const definitions: (Instruction | undefined)[] = []
  const stores = new Map<Slot, { value: Temp; block: BlockId }[]>()
  ir.blocks.forEach(({ instructions }, block) => {
    for (const instruction of instructions) {
      if ('dst' in instruction) definitions[instruction.dst] = instruction
      else if (instruction.op === 'store') {
        const { slot, value } = instruction
        const others = stores.get(slot)
        if (others === undefined) stores.set(slot, [{ value, block }])
        else others.push({ value, block })
      }
    }
  })
  const incoming = ir.blocks.map(() => 0)
  for (const block of ir.blocks) {
    for (const to of nextBlocks(block.end)) incoming[to] = (incoming[to] ?? 0) + 1
    if (block.handler !== undefined) incoming[block.handler] = (incoming[block.handler] ?? 0) + 1
  }
  const order = orderOf(ir)
  const byOrder: BlockId[] = []
  order.forEach((place, block) => {
    if (place < ir.blocks.length) byOrder[place] = block
  })
  return { ir, module, definitions, stored: new Set(stores.keys()), incoming, order, byOrder, stores, paths: [] }
}

export function nextBlocks(end: Terminator): readonly BlockId[] {
  if (end.kind === 'jump') return [end.to]
  return end.kind === 'branch' ? [end.then, end.else] : []
}

/** Reverse post-order of the graph, handlers included. */
function orderOf(ir: FunctionIr): number[] {
  const order = ir.blocks.map(() => ir.blocks.length)
  let next = ir.blocks.length
  const seen = new Set<BlockId>([0])
  const open: { block: BlockId; successors: BlockId[] }[] = [{ block: 0, successors: successors(ir, 0) }]
  while (open.length > 0) {
    const top = open[open.length - 1]
    if (top === undefined) break
    const to = top.successors.pop()
    if (to === undefined) {
      order[top.block] = --next
      open.pop()
    } else if (!seen.has(to)) {
      seen.add(to)
      open.push({ block: to, successors: successors(ir, to) })
    }
  }
  return order
}

function successors(ir: FunctionIr, id: BlockId): BlockId[] {
  const block = ir.blocks[id]
  if (block === undefined) return []
  return [...nextBlocks(block.end), ...(block.handler === undefined ? [] : [block.handler])]
}

/** `.models` and `package.models`, looked for beside the file and in every folder above. */
function resolvePython(specifier: string, from: string, modules: ReadonlyMap<string, ModuleIr>): string | undefined {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0
  const parts = specifier.slice(dots).split('.').filter(Boolean)
  let folder = dirname(from)
  if (dots > 0) {
    for (let up = 1; up < dots; up++) folder = dirname(folder)
    return pythonFile(join(folder, ...parts), modules)
  }
  if (parts.length === 0) return undefined
  for (;;) {
    const found = pythonFile(join(folder, ...parts), modules)
    if (found !== undefined) return found
    if (folder === '.' || folder === '/') return undefined
    folder = dirname(folder)
  }
}

function pythonFile(path: string, modules: ReadonlyMap<string, ModuleIr>): string | undefined {
  return [`${path}.py`, join(path, '__init__.py')].find((candidate) => modules.has(candidate))
}

const scriptEndings = [
  '',
  '.ts',
  '.tsx',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.mts',
  '.cts',
  '/index.ts',
  '/index.tsx',
  '/index.js',
  '/index.jsx',
]

function resolveScript(specifier: string, from: string, modules: ReadonlyMap<string, ModuleIr>): string | undefined {
  const bases = specifier.startsWith('.')
    ? [join(dirname(from), specifier)]
    : /^[@~]\//.test(specifier)
      ? foldersAbove(from).flatMap((folder) => [
          join(folder, specifier.slice(2)),
          join(folder, 'src', specifier.slice(2)),
        ])
      : []
  for (const base of bases) {
    for (const stem of [base, base.replace(/\.[cm]?jsx?$/, '')]) {
      const found = scriptEndings.map((ending) => stem + ending).find((candidate) => modules.has(candidate))
      if (found !== undefined) return found
    }
  }
  return undefined
}

function foldersAbove(path: string): string[] {
  const folders: string[] = []
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.push(folder)
    if (folder === '.' || folder === '/') return folders
  }
}
