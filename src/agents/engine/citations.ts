import { InvalidCitation } from './errors.ts'

/**
 * Every list named `cites` in a result holds numbers of steps. What an agent asserts must come from a step of its own execution
 * that gave something.
 *
 * @param finished numbers of the steps that finished with an output
 * @throws InvalidCitation naming where the first wrong one stands
 */
export function checkCitations(result: unknown, finished: ReadonlySet<number>, path = 'result'): void {
  if (Array.isArray(result)) {
    for (const [index, item] of result.entries()) checkCitations(item, finished, `${path}[${index}]`)
    return
  }
  if (typeof result !== 'object' || result === null) return
  for (const [key, value] of Object.entries(result)) {
    if (key === 'cites') checkList(value, finished, `${path}.cites`)
    else checkCitations(value, finished, `${path}.${key}`)
  }
}

function checkList(cites: unknown, finished: ReadonlySet<number>, path: string): void {
  if (!Array.isArray(cites) || cites.length === 0)
    throw new InvalidCitation(`${path} names no step: what is asserted there rests on nothing.`)
  for (const step of cites) {
    if (!finished.has(step)) throw new InvalidCitation(`${path} names step ${String(step)}, which gave nothing.`)
  }
}
