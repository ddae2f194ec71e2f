import { passedToCall, returnedByCall } from './analysis/calls.ts'
import type { Place } from './analysis/value.ts'
import type { FunctionIr, ModuleIr } from './ir/ir.ts'

interface Visited {
  readonly place: Place
  readonly message: string
}

/**
 * How many calls deep each place of a path is, from 0 for the outermost function the path comes through; undefined where
 * that cannot be told, because a value turned up in a function without being handed to it: it was kept in between. A place
 * in a function that was left before goes back to it; one in a function not seen yet enters it, unless a value comes back
 * there, which is one level further out.
 */
export function callDepths(modules: readonly ModuleIr[]): (path: readonly Visited[]) => readonly number[] | undefined {
  const functions = new Map(modules.map((module) => [module.path, byStart(module.functions)]))
  return (path) => {
    const open: (FunctionIr | undefined)[] = []
    const depths: number[] = []
    let outermost = 0
    for (const [at, { place, message }] of path.entries()) {
      const here = innermost(functions.get(place.path) ?? [], place)
      const known = open.lastIndexOf(here)
      if (known >= 0) {
        open.splice(known + 1)
      } else if (at > 0 && message === returnedByCall) {
        outermost -= 1
        open.splice(0, open.length, here)
      } else if (at === 0 || path[at - 1]?.message === passedToCall || isWithin(here, open.at(-1))) {
        open.push(here)
      } else {
        return undefined
      }
      depths.push(outermost + open.length - 1)
    }
    return depths.map((depth) => depth - outermost)
  }
}

/** Whether a function is written inside another: what the outer one knows, it knows. */
function isWithin(inner: FunctionIr | undefined, outer: FunctionIr | undefined): boolean {
  return inner !== undefined && outer !== undefined && inner.parent === outer.id
}

interface Nested {
  readonly ir: FunctionIr
  /** The function it is written in. */
  readonly around: Nested | undefined
}

/** The functions of a file in the order in which they start, outer ones before inner ones. */
function byStart(functions: readonly FunctionIr[]): readonly Nested[] {
  const ordered = functions
    .filter(({ kind }) => kind !== 'module')
    .reverse()
    .sort((a, b) => a.start - b.start || b.end - a.end)
  const nested: Nested[] = []
  let around: Nested | undefined
  for (const ir of ordered) {
    while (around !== undefined && around.ir.end < ir.end) around = around.around
    around = { ir, around }
    nested.push(around)
  }
  return nested
}

/** The smallest function around a place. */
function innermost(functions: readonly Nested[], { start, end }: Place): FunctionIr | undefined {
  let low = 0
  let high = functions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((functions[middle]?.ir.start ?? 0) <= start) low = middle + 1
    else high = middle
  }
  let found = functions[low - 1]
  while (found !== undefined && found.ir.end < end) found = found.around
  return found?.ir
}
