import { createServer } from 'node:http'

/** A registry of npm and of Python packages on this machine that knows every name: what studies cost apart from the network. */
export async function startRegistry(): Promise<
  AsyncDisposable & { readonly url: string; readonly asked: () => number }
> {
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    const python = /^\/pypi\/[^/]+\/([^/]+)\/json$/.exec(request.url ?? '')
    const version = decodeURIComponent(python?.[1] ?? request.url?.split('/')[2] ?? '1.0.0')
    const body = python
      ? { info: { version, license_expression: 'MIT' } }
      : { version: version.replace('latest', '1.0.0'), license: 'MIT' }
    response.setHeader('content-type', 'application/json')
    response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The registry has no address.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked: () => asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
