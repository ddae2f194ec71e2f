import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inParallel } from './parallel.ts'

const never = new AbortController().signal

test('results come in the order of the items, with no more at once than allowed', async () => {
  let running = 0
  let most = 0
  const results = await inParallel([30, 1, 20, 1, 1], 2, never, async (item) => {
    most = Math.max(most, ++running)
    await sleep(item)
    running -= 1
    return item * 2
  })
  expect(results).toEqual([60, 2, 40, 2, 2])
  expect(most).toBe(2)
})

test('the first failure is thrown after what had begun has ended, and nothing else begins', async () => {
  const begun: number[] = []
  let stopped = false
  const all = inParallel([0, 1, 2, 3], 2, never, async (item, signal) => {
    begun.push(item)
    if (item === 0) throw new Error('first')
    signal.addEventListener('abort', () => {
      stopped = true
    })
    await sleep(5)
    signal.throwIfAborted()
  })
  await expect(all).rejects.toThrow('first')
  expect(begun).toEqual([0, 1].slice(0, begun.length))
  expect(stopped || begun.length === 1).toBe(true)
})

test('an aborted signal ends it', async () => {
  const stop = new AbortController()
  const all = inParallel([1, 2, 3], 1, stop.signal, async () => stop.abort(new Error('enough')))
  await expect(all).rejects.toThrow('enough')
  expect(await inParallel([], 3, never, async () => 1)).toEqual([])
})
