import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEvents, type ServerEvent } from './event-stream.ts'

async function read(...chunks: (string | Uint8Array)[]): Promise<ServerEvent[]> {
  async function* stream() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
  }
  return Array.fromAsync(readEvents(stream()))
}

describe('readEvents', () => {
  it('reads events with their ids, skips comments, drops what the end cut off', async () => {
    const text = 'retry: 2000\n\n: still here\n\nid: 7\nevent: progress\ndata: {"a":1}\n\ndata: x\ndata: y\n\ndata: cut'
    expect(await read(text)).toEqual([
      { id: '7', event: 'progress', data: '{"a":1}' },
      { id: '7', event: 'message', data: 'x\ny' },
    ])
  })

  it('takes CR LF, LF and CR for line ends, also when a chunk ends between CR and LF', async () => {
    const expected = [{ id: undefined, event: 'study', data: '1' }]
    expect(await read('event: study\r', '\ndata: 1\r\n\r', '\n')).toEqual(expected)
    expect(await read('event: study\rdata: 1\r\r')).toEqual(expected)
  })

  it('reads the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ event: fc.stringMatching(/^[a-z]{1,8}$/), data: fc.json() }), { maxLength: 5 }),
        fc.array(fc.nat(400), { maxLength: 6 }),
        async (events, cuts) => {
          const text = events.map(({ event, data }, at) => `id: ${at}\nevent: ${event}\ndata: ${data}\n\n`).join('')
          const bytes = new TextEncoder().encode(text)
          const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b)
          const chunks = ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end))
          expect(await read(...chunks)).toEqual(events.map((event, at) => ({ id: String(at), ...event })))
        },
      ),
      { seed: 3, numRuns: 50 },
    )
  })
})
