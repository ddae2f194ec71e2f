/** What the host asks of the supervisor. `id` comes back in the reply; what has none is not answered. */
export type Request =
  | {
      readonly do: 'begin'
      readonly id: number
      /** Ports inside whose connections go to a unix socket inside. */
      readonly gateways: readonly { readonly port: number; readonly socket: string }[]
    }
  | {
      readonly do: 'start'
      readonly id: number
      /** Chosen by the host, ascending. */
      readonly process: number
      readonly argv: readonly string[]
      readonly environment: Readonly<Record<string, string>>
    }
  /** Body: bytes for its standard input. */
  | { readonly do: 'input'; readonly process: number; readonly last: boolean }
  | { readonly do: 'kill'; readonly process: number; readonly signal: NodeJS.Signals }
  /** Relays what comes in on an inherited listening socket. */
  | { readonly do: 'expose'; readonly id: number; readonly descriptor: number; readonly port: number }
  /** Connects a port inside with a new connection to the host, which begins with the ticket and a newline. */
  | { readonly do: 'dial'; readonly ticket: string; readonly port: number }
  | { readonly do: 'listening'; readonly id: number }
  | { readonly do: 'read'; readonly id: number; readonly path: string; readonly limit: number }
  /** Body: the content, or the next part of it when `append`. */
  | {
      readonly do: 'write'
      readonly id: number
      readonly path: string
      readonly append: boolean
      readonly executable: boolean
    }
  | { readonly do: 'folder'; readonly id: number; readonly path: string }
  | { readonly do: 'link'; readonly id: number; readonly path: string; readonly target: string }

/** What the supervisor says. The host believes none of it unchecked: the app may have taken its place. */
export type Report =
  | { readonly say: 'done'; readonly id: number }
  | { readonly say: 'failed'; readonly id: number; readonly reason: string }
  /** Body: a part of the content; `done` follows the last. */
  | { readonly say: 'content'; readonly id: number }
  | { readonly say: 'absent'; readonly id: number }
  | { readonly say: 'ports'; readonly id: number; readonly ports: readonly number[] }
  /** Body: what was printed. */
  | { readonly say: 'output'; readonly process: number; readonly stream: 'stdout' | 'stderr' }
  /** More than the host keeps was printed; the rest is thrown away inside. */
  | { readonly say: 'cut'; readonly process: number }
  | {
      readonly say: 'exit'
      readonly process: number
      readonly code: number | null
      readonly signal: NodeJS.Signals | null
    }

/** Bytes of output of one process that are passed on. */
export const maximalOutput = 8 * 1024 * 1024

/** Says something to the host. Resolves when there is room for more. */
export type Say = (report: Report, body?: Uint8Array) => Promise<void>
