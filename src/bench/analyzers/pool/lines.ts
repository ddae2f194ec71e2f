import type { Duplex } from 'node:stream'

export interface LineChannel {
  send(value: unknown): void
}

/**
 * JSON values over a stream, one to a line. Node's own IPC is no choice here: a malformed frame on it is an exception
 * nobody can catch, and would end the server with the analyzer.
 *
 * @param limit bytes of one line; more counts as garbage
 * @param receive called with every value, and with undefined for what is not JSON or too long
 */
export function lineChannel(stream: Duplex, limit: number, receive: (value: unknown) => void): LineChannel {
  let parts: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    let rest = chunk
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      const line = Buffer.concat([...parts, rest.subarray(0, end)]).toString('utf8')
      rest = rest.subarray(end + 1)
      parts = []
      size = 0
      receive(parse(line))
    }
    parts.push(rest)
    size += rest.length
    if (size > limit) {
      parts = []
      size = 0
      stream.destroy()
      receive(undefined)
    }
  })
  return { send: (value) => void stream.write(`${JSON.stringify(value)}\n`) }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // Garbage: the receiver's schema says so.
    return undefined
  }
}
