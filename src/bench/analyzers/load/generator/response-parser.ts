import { framingOf, MalformedResponse, maximalHead } from './response-head.ts'

/** Where in an answer the next byte belongs. `until-close`: the body ends with the connection. */
type Phase = 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'until-close' | 'done'

const blankLine = Buffer.from('\r\n\r\n')
const maximalLine = 8 * 1024

/** Finds the end of one answer of HTTP/1 after the other (RFC 9112). Bodies are counted, not kept. */
export class ResponseParser {
  #phase: Phase = 'done'
  #bodyless = false
  /** The beginning of a head or line whose end has not come yet. */
  #started = ''
  #left = 0
  #status = 0
  #keepAlive = false
  #silent = true

  get status(): number {
    return this.#status
  }

  /** Whether the connection may carry another request after this answer. */
  get keepAlive(): boolean {
    return this.#keepAlive
  }

  /** Expects an answer; `bodyless` when it answers a HEAD request. */
  begin(bodyless: boolean): void {
    this.#phase = 'head'
    this.#bodyless = bodyless
    this.#started = ''
    this.#silent = true
  }

  /**
   * Takes the next bytes; true when they complete the answer.
   * @throws MalformedResponse when they are no answer, or go on after its end
   */
  feed(bytes: Buffer): boolean {
    this.#silent = false
    let at = 0
    while (at < bytes.length) at = this.#step(bytes, at)
    return this.#phase === 'done'
  }

  /** The connection was ended by the other side: whether that completes the answer, cuts it off, or nothing had come yet. */
  end(): 'complete' | 'cut' | 'silent' {
    if (this.#phase === 'until-close') return 'complete'
    return this.#silent ? 'silent' : 'cut'
  }

  #step(bytes: Buffer, at: number): number {
    switch (this.#phase) {
      case 'head':
        return this.#head(bytes, at)
      case 'body':
      case 'chunk':
        return this.#skip(bytes, at)
      case 'chunk-size':
      case 'chunk-end':
      case 'trailers':
        return this.#line(bytes, at)
      case 'until-close':
        return bytes.length
      case 'done':
        throw new MalformedResponse('Bytes follow the end of the answer.')
    }
  }

  #head(bytes: Buffer, at: number): number {
    const end = this.#started === '' ? bytes.indexOf(blankLine, at) : -1
    if (end !== -1) {
      this.#open(bytes.toString('latin1', at, end))
      return end + blankLine.length
    }
    const before = this.#started.length
    this.#started += bytes.toString('latin1', at, Math.min(bytes.length, at + maximalHead))
    const split = this.#started.indexOf('\r\n\r\n', Math.max(0, before - 3))
    if (split !== -1) {
      const head = this.#started.slice(0, split)
      this.#started = ''
      this.#open(head)
      return at + split + blankLine.length - before
    }
    if (this.#started.length >= maximalHead)
      throw new MalformedResponse(`The head is longer than ${maximalHead} bytes.`)
    return bytes.length
  }

  #open(head: string): void {
    const { status, keepAlive, body } = framingOf(head, this.#bodyless)
    this.#status = status
    this.#keepAlive = keepAlive && body !== 'until-close'
    if (body === 'interim') return
    if (body === 'chunked') this.#phase = 'chunk-size'
    else if (body === 'until-close') this.#phase = 'until-close'
    else {
      this.#left = body
      this.#phase = body === 0 ? 'done' : 'body'
    }
  }

  #skip(bytes: Buffer, at: number): number {
    const taken = Math.min(this.#left, bytes.length - at)
    this.#left -= taken
    if (this.#left === 0) this.#phase = this.#phase === 'chunk' ? 'chunk-end' : 'done'
    return at + taken
  }

  #line(bytes: Buffer, at: number): number {
    const feed = bytes.indexOf(10, at)
    const end = feed === -1 ? bytes.length : feed
    this.#started += bytes.toString('latin1', at, Math.min(end, at + maximalLine))
    if (this.#started.length >= maximalLine)
      throw new MalformedResponse(`A line of a chunk is longer than ${maximalLine}.`)
    if (feed === -1) return end
    if (!this.#started.endsWith('\r')) throw new MalformedResponse('A line of a chunked body does not end in CR LF.')
    const line = this.#started.slice(0, -1)
    this.#started = ''
    this.#finishLine(line)
    return end + 1
  }

  #finishLine(line: string): void {
    if (this.#phase === 'chunk-end') {
      if (line !== '') throw new MalformedResponse('A chunk is longer than it says.')
      this.#phase = 'chunk-size'
    } else if (this.#phase === 'trailers') {
      if (line === '') this.#phase = 'done'
    } else {
      const size = /^([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1]
      if (size === undefined) throw new MalformedResponse('The size of a chunk is no number.')
      this.#left = Number.parseInt(size, 16)
      this.#phase = this.#left === 0 ? 'trailers' : 'chunk'
    }
  }
}
