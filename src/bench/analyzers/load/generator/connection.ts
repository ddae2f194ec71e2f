import { connect, type NetConnectOpts, type Socket } from 'node:net'
import type { Target } from './request.ts'
import { MalformedResponse } from './response-head.ts'
import { ResponseParser } from './response-parser.ts'

/**
 * Why a request got no answer. `refused`: no connection; `reset`: the connection broke; `closed`: it was ended before the answer
 * was complete; `timeout`: no complete answer in time; `malformed`: what came is no HTTP; `not-sent`: it never got a connection.
 */
export const failures = ['refused', 'reset', 'closed', 'timeout', 'malformed', 'not-sent'] as const
export type Failure = (typeof failures)[number]

export type Outcome =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What a connection tells its owner. */
export interface ConnectionEvents {
  /** The request it was given came to this; it can take another when `reusable`, else it is gone. */
  settled(connection: Connection, outcome: Outcome, reusable: boolean): void
  /** It ended while it had nothing to do. */
  gone(connection: Connection): void
}

/** Read into by all connections: a callback looks at its bytes before the next one runs. */
const shared = Buffer.allocUnsafe(64 * 1024)
const refusals = new Set(['ECONNREFUSED', 'ENOENT', 'EAGAIN', 'ENOTSOCK'])

/** One connection that carries one request at a time and is kept alive between them. */
export class Connection {
  readonly #socket: Socket
  readonly #events: ConnectionEvents
  readonly #parser = new ResponseParser()
  #connected = false
  #busy = false
  #over = false

  constructor(target: Target, events: ConnectionEvents) {
    this.#events = events
    const onread = { buffer: shared, callback: (size: number) => this.#read(size) }
    const options: NetConnectOpts =
      'path' in target.address ? { ...target.address, onread } : { ...target.address, noDelay: true, onread }
    this.#socket = connect(options)
    this.#socket.on('connect', () => {
      this.#connected = true
    })
    this.#socket.on('end', () => this.#ended())
    this.#socket.on('error', (error) => this.#fail(this.#failureOf(error)))
    this.#socket.on('close', () => this.#fail('closed'))
  }

  /** Sends a request; what comes of it is told once, by `settled`. Only when the last one is settled. */
  send(bytes: Buffer, bodyless: boolean): void {
    this.#busy = true
    this.#parser.begin(bodyless)
    this.#socket.write(bytes)
  }

  /** Gives up the request under way, if any, for this reason, and ends the connection. */
  fail(failure: Failure): void {
    this.#fail(failure)
  }

  /** Ends the connection without telling. */
  destroy(): void {
    this.#over = true
    this.#socket.destroy()
  }

  #read(size: number): boolean {
    if (this.#over) return true
    let complete: boolean
    try {
      complete = this.#parser.feed(shared.subarray(0, size))
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error
      this.#fail('malformed')
      return true
    }
    if (complete) this.#answer(this.#parser.keepAlive)
    return true
  }

  #answer(reusable: boolean): void {
    this.#busy = false
    if (!reusable) this.destroy()
    this.#events.settled(this, { kind: 'answered', status: this.#parser.status }, reusable)
  }

  #ended(): void {
    if (this.#over) return
    if (this.#busy && this.#parser.end() === 'complete') this.#answer(false)
    else this.#fail('closed')
  }

  #fail(failure: Failure): void {
    if (this.#over) return
    this.destroy()
    const busy = this.#busy
    this.#busy = false
    if (busy) this.#events.settled(this, { kind: 'failed', failure }, false)
    else this.#events.gone(this)
  }

  #failureOf(error: Error): Failure {
    if (this.#connected) return 'reset'
    return 'code' in error && typeof error.code === 'string' && refusals.has(error.code) ? 'refused' : 'not-sent'
  }
}
