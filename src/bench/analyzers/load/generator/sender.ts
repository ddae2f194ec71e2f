import { Connection, type Outcome } from './connection.ts'
import { bytesOf, type LoadRequest, type Target } from './request.ts'

/** One request that is due. */
export interface Exchange {
  /** Which of the load's requests it is. */
  readonly request: number
  /** When it should start, in milliseconds since the load began: what its latency counts from. */
  readonly intended: number
}

export interface SenderOptions {
  readonly target: Target
  readonly requests: readonly LoadRequest[]
  /** Connections at one time. */
  readonly connections: number
  /** Milliseconds from the intended start after which a request has failed. */
  readonly timeout: number
  /** Called once for every request submitted, never from within `submit`. */
  readonly settled: (exchange: Exchange, outcome: Outcome) => void
}

/**
 * Sends requests over a bounded number of connections. What finds none free waits in line: its latency goes on counting, and
 * when it has waited for the whole timeout it is settled as `not-sent`.
 */
export class Sender {
  readonly #options: SenderOptions
  readonly #bytes: readonly Buffer[]
  readonly #bodyless: readonly boolean[]
  readonly #free: Connection[] = []
  readonly #busy = new Map<Connection, Exchange>()
  #line: Exchange[] = []
  #lineHead = 0
  #opened = 0

  constructor(options: SenderOptions) {
    this.#options = options
    this.#bytes = options.requests.map((request) => bytesOf(request, options.target.host))
    this.#bodyless = options.requests.map(({ method }) => method === 'HEAD')
  }

  /** Connections opened so far. */
  get opened(): number {
    return this.#opened
  }

  /** Requests that wait for a connection. */
  get waiting(): number {
    return this.#line.length - this.#lineHead
  }

  submit(exchange: Exchange): void {
    // The one used last: those behind it may be closed by the app, as it pleases.
    const free = this.#free.pop()
    if (free !== undefined) this.#send(free, exchange)
    else if (this.#busy.size < this.#options.connections) this.#send(this.#open(), exchange)
    else this.#line.push(exchange)
  }

  /** Settles what is over its time; to be called every now and then. */
  sweep(now: number): void {
    const latest = now - this.#options.timeout
    for (
      let head = this.#line[this.#lineHead];
      head !== undefined && head.intended <= latest;
      head = this.#line[this.#lineHead]
    ) {
      this.#lineHead += 1
      this.#options.settled(head, { kind: 'failed', failure: 'not-sent' })
    }
    // After the line: a connection that fails takes the next request from it.
    for (const [connection, { intended }] of this.#busy) if (intended <= latest) connection.fail('timeout')
  }

  /** Ends all connections, settling nothing. */
  close(): void {
    for (const connection of [...this.#free, ...this.#busy.keys()]) connection.destroy()
    this.#free.length = 0
    this.#busy.clear()
    this.#line = []
    this.#lineHead = 0
  }

  #open(): Connection {
    this.#opened += 1
    return new Connection(this.#options.target, {
      settled: (connection, outcome, reusable) => this.#settle(connection, outcome, reusable),
      gone: (connection) => {
        const at = this.#free.indexOf(connection)
        if (at !== -1) this.#free.splice(at, 1)
      },
    })
  }

  #send(connection: Connection, exchange: Exchange): void {
    const bytes = this.#bytes[exchange.request]
    if (bytes === undefined) throw new RangeError(`There is no request ${exchange.request}.`)
    this.#busy.set(connection, exchange)
    connection.send(bytes, this.#bodyless[exchange.request] === true)
  }

  #settle(connection: Connection, outcome: Outcome, reusable: boolean): void {
    const exchange = this.#busy.get(connection)
    if (exchange === undefined) return
    this.#busy.delete(connection)
    if (reusable) this.#free.push(connection)
    // Those in line first: what is submitted on hearing of the outcome came later.
    const next = this.#line[this.#lineHead]
    if (next !== undefined) {
      this.#takeFromLine()
      this.submit(next)
    }
    this.#options.settled(exchange, outcome)
  }

  #takeFromLine(): void {
    this.#lineHead += 1
    if (this.#lineHead < 1024) return
    this.#line = this.#line.slice(this.#lineHead)
    this.#lineHead = 0
  }
}
