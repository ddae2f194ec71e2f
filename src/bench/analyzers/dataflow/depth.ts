import { returnedByCall } from './analysis/calls.ts'
import type { Place } from './analysis/value.ts'
import type { FunctionIr, ModuleIr } from './ir/ir.ts'

interface Visited {
  readonly place: Place
  readonly message: string
}

/**
 * How many calls deep each place of a path is, from 0 for the outermost function the path comes through. A place in
 * a function that was left before goes back to it; one in a function not seen yet enters it, unless a value comes back
 * there, which is one level further out.
 */
export function callDepths(modules: readonly ModuleIr[]): (path: readonly Visited[]) => number[] {
  const functions = new Map(modules.map((module) => [module.path, module.functions]))
  return (path) => {
    const open: (FunctionIr | undefined)[] = []
    let outermost = 0
    const depths = path.map(({ place, message }) => {
      const here = innermost(functions.get(place.path) ?? [], place)
      const known = open.lastIndexOf(here)
      if (known >= 0) {
        open.splice(known + 1)
      } else if (open.length > 0 && message === returnedByCall) {
        outermost -= 1
        open.splice(0, open.length, here)
      } else {
        open.push(here)
      }
      return outermost + open.length - 1
    })
    return depths.map((depth) => depth - outermost)
  }
}

/** The smallest function around a place. */
function innermost(functions: readonly FunctionIr[], { start, end }: Place): FunctionIr | undefined {
  let found: FunctionIr | undefined
  for (const candidate of functions) {
    if (candidate.kind === 'module' || candidate.start > start || candidate.end < end) continue
    if (found === undefined || candidate.end - candidate.start < found.end - found.start) found = candidate
  }
  return found
}
