/** Where requests go: a unix socket of this machine, or a port of its loopback; `host` is what the Host field says. */
export interface Target {
  readonly address: { readonly path: string } | { readonly host: string; readonly port: number }
  readonly host: string
}

/** One kind of request of a load. */
export interface LoadRequest {
  readonly method: 'GET' | 'HEAD'
  /** With the query, as it goes on the wire: `/search?q=a`. */
  readonly path: string
}

/** The bytes of a request. @throws RangeError when the path could not stand in a request line */
export function bytesOf({ method, path }: LoadRequest, host: string): Buffer {
  if (!/^\/[\x21-\x7e]*$/.test(path)) throw new RangeError(`${JSON.stringify(path)} cannot stand in a request line.`)
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: assay-load\r\nAccept: */*\r\n\r\n`,
    'latin1',
  )
}
