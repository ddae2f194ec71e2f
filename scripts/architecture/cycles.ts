/**
 * One cycle for every knot of a graph (strongly connected component, Tarjan 1972), the shortest through its first node.
 * @param graph node → nodes it leads to; those that are no key lead nowhere
 */
export function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  for (const knot of knotsOf(graph)) {
    const start = [...knot].sort()[0]
    if (start === undefined) continue
    const cycle = shortestCycle(graph, start, knot)
    if (cycle !== undefined) cycles.push(cycle)
  }
  return cycles
}

function knotsOf(graph: ReadonlyMap<string, readonly string[]>): Set<string>[] {
  const knots: Set<string>[] = []
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const visit = (node: string): void => {
    order.set(node, order.size)
    low.set(node, order.get(node) ?? 0)
    stack.push(node)
    for (const next of graph.get(node) ?? []) {
      if (!graph.has(next)) continue
      if (!order.has(next)) visit(next)
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0))
    }
    if (low.get(node) === order.get(node)) knots.push(new Set(stack.splice(stack.indexOf(node))))
  }
  for (const node of graph.keys()) if (!order.has(node)) visit(node)
  return knots
}

function shortestCycle(
  graph: ReadonlyMap<string, readonly string[]>,
  start: string,
  within: ReadonlySet<string>,
): string[] | undefined {
  let paths = [[start]]
  const seen = new Set<string>()
  while (paths.length > 0) {
    const longer: string[][] = []
    for (const path of paths) {
      for (const next of graph.get(path.at(-1) ?? '') ?? []) {
        if (next === start) return path
        if (!within.has(next) || seen.has(next)) continue
        seen.add(next)
        longer.push([...path, next])
      }
    }
    paths = longer
  }
  return undefined
}
