/**
 * Does work on every item, several at a time, and gives the results in the order of the items. The first failure stops
 * the others: it is thrown after all work that had begun has ended.
 *
 * @param work told by its signal when another item has failed
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const results: Result[] = []
  const failures: unknown[] = []
  let next = 0
  async function lane(): Promise<void> {
    while (next < items.length && !either.aborted) {
      const at = next++
      try {
        results[at] = await work(items[at] as Item, either)
      } catch (error) {
        failures.push(error)
        failed.abort()
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  if (failures.length > 0) throw failures[0]
  signal.throwIfAborted()
  return results
}
