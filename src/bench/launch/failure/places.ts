import type { LaunchFailure } from '../contract.ts'
import type { Sight } from './patterns.ts'

type Place = NonNullable<LaunchFailure['location']>

/** Where the app lies in the sandbox. */
const root = '/app/'

/** The innermost frame in the app's own code of the Python traceback that ends at the line. */
export function pythonPlace({ lines, at }: Sight): Place | undefined {
  for (let above = at - 1; above >= 0 && above > at - 120; above--) {
    const line = lines[above] ?? ''
    if (/^Traceback \(most recent call last\)/.test(line)) return undefined
    const match = /^\s*File "([^"]+)", line (\d+)/.exec(line)
    if (match !== null && isOwn(match[1] ?? '')) return { path: own(match[1] ?? ''), line: Number(match[2]) }
  }
  return undefined
}

/** The place Node prints above a syntax error: `file:///app/server.js:12` or `/app/server.js:12`. */
export function nodePlace({ lines, at }: Sight): Place | undefined {
  for (let above = at - 1; above >= 0 && above > at - 12; above--) {
    const match = /^(?:file:\/\/)?(\/app\/\S+?):(\d+)$/.exec((lines[above] ?? '').trim())
    if (match !== null && isOwn(match[1] ?? '')) return { path: own(match[1] ?? ''), line: Number(match[2]) }
  }
  return undefined
}

/** The first frame in the app's own code of the stack under the line, or the place above it. */
export function nodeThrownAt(sight: Sight): Place | undefined {
  const { lines, at } = sight
  let requiredBy: Place | undefined
  for (let below = at + 1; below < lines.length && below < at + 40; below++) {
    const line = lines[below] ?? ''
    const match = /\bat (?:.*\()?(?:file:\/\/)?(\/app\/[^\s()]+?):(\d+):\d+\)?/.exec(line)
    if (match !== null && isOwn(match[1] ?? '')) return { path: own(match[1] ?? ''), line: Number(match[2]) }
    const required = /^- (\/app\/\S+)$/.exec(line)?.[1]
    if (required !== undefined && isOwn(required)) requiredBy ??= { path: own(required) }
  }
  if (requiredBy !== undefined) return requiredBy
  return nodePlace(sight)
}

function isOwn(path: string): boolean {
  return path.startsWith(root) && !/\/(?:node_modules|site-packages|\.venv|venv)\//.test(path)
}

function own(path: string): string {
  return path.slice(root.length)
}
