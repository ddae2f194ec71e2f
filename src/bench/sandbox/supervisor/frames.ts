/** One message between host and supervisor: a JSON head and bytes that belong to it. */
export interface Frame {
  readonly head: unknown
  readonly body: Buffer
}

/** Bytes a head may take; a command line with its environment is the longest. */
export const maximalHead = 4 * 1024 * 1024
/** Bytes a body may take; longer contents go in several frames. */
export const maximalBody = 256 * 1024

/** Two lengths of four bytes each, big endian: of the head and of the body. */
const prefix = 8

/** The bytes of a frame. @throws RangeError when it is longer than the other side accepts */
export function encodeFrame(head: object, body: Uint8Array = Buffer.alloc(0)): Buffer {
  const text = Buffer.from(JSON.stringify(head))
  if (text.length > maximalHead || body.length > maximalBody) throw new RangeError('The message is too long.')
  const lengths = Buffer.alloc(prefix)
  lengths.writeUInt32BE(text.length, 0)
  lengths.writeUInt32BE(body.length, 4)
  return Buffer.concat([lengths, text, body])
}

/**
 * Takes a stream apart into frames.
 *
 * @param receive called with every frame, and with undefined for what is none; after that nothing more comes
 * @returns what to call with every piece of the stream
 */
export function frameReader(receive: (frame: Frame | undefined) => void): (piece: Buffer) => void {
  let pieces: Buffer[] = []
  let held = 0
  let wanted = prefix
  let broken = false

  const next = (): void => {
    const all = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
    let start = 0
    while (all.length - start >= prefix) {
      const headLength = all.readUInt32BE(start)
      const bodyLength = all.readUInt32BE(start + 4)
      if (headLength > maximalHead || bodyLength > maximalBody) {
        end()
        return
      }
      wanted = prefix + headLength + bodyLength
      if (all.length - start < wanted) break
      const bodyStart = start + prefix + headLength
      const head = parse(all.toString('utf8', start + prefix, bodyStart))
      if (head === undefined) {
        end()
        return
      }
      receive({ head, body: all.subarray(bodyStart, bodyStart + bodyLength) })
      start += wanted
      wanted = prefix
    }
    const rest = all.subarray(start)
    pieces = rest.length === 0 ? [] : [rest]
    held = rest.length
  }

  const end = (): void => {
    broken = true
    pieces = []
    receive(undefined)
  }

  return (piece) => {
    if (broken) return
    pieces.push(piece)
    held += piece.length
    if (held >= wanted) next()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not ours: the caller is told by undefined, which no JSON text means.
    return undefined
  }
}
