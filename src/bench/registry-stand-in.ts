import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A package registry on the loopback address, for tests. */
export interface RegistryStandIn extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string
}

/** Packages of the starter corpus that a registry really marks as deprecated. */
const deprecated = new Set(['request'])

/**
 * Speaks as much of the npm registry and of PyPI's JSON and simple APIs as analyzers ask: every package exists in every version,
 * except those whose name holds `nonexistent`.
 */
export async function registryStandIn(): Promise<RegistryStandIn> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://stand.in').pathname)
  if (path.includes('nonexistent')) {
    response.writeHead(404).end()
    return
  }
  const [, name = '', version = 'latest'] = /^\/((?:@[^/]+\/)?[^/]+)(?:\/([^/]+))?/.exec(path) ?? []
  const found = version === 'latest' ? '1.0.0' : version
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(
    JSON.stringify({
      name,
      version: found,
      license: 'MIT',
      info: { version: found, license_expression: 'MIT', yanked: false },
      ...(deprecated.has(name) && { deprecated: 'no longer maintained' }),
    }),
  )
}
