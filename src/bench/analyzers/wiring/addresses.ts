import type { RawFinding } from '#bench/findings'
import type { Call } from '#bench/interfaces'
import { findingAt, type Wiring } from './finding.ts'
import { isLocal } from './requests.ts'

/** Whether the frontend can reach the backend at all: ports, proxies, CORS. */
export function judgeAddresses(wiring: Wiring): RawFinding[] {
  const routes = wiring.routes.filter(({ mounted }) => mounted)
  // Frameworks that serve their own pages need none of this.
  if (routes.length === 0 || routes.every(({ framework }) => framework === 'next' || framework === 'sveltekit'))
    return []
  const calls = wiring.calls.filter(
    ({ server, via, method }) => !server && via !== 'form' && via !== 'link' && method !== 'WS',
  )
  return [...wrongPorts(wiring, calls), ...missingProxy(wiring, calls), ...missingCors(wiring, calls)]
}

function wrongPorts(wiring: Wiring, calls: readonly Call[]): RawFinding[] {
  const { listeners } = wiring.delivery
  if (listeners.length === 0) return []
  const ports = new Set(listeners.map(({ port }) => port))
  const reported = new Set<string>()
  return calls.flatMap((call): RawFinding[] => {
    const port = localPort(call)
    if (port === undefined || ports.has(port) || mentionsPort(wiring, port, call.file)) return []
    const key = `${call.file} ${port}`
    if (reported.has(key)) return []
    reported.add(key)
    const [listener] = listeners.toSorted((one, other) => Number(other.explicit) - Number(one.explicit))
    if (listener === undefined) return []
    return [
      findingAt(
        wiring,
        'wrong-port',
        call,
        `Requests go to ${call.origin}, but the backend listens on port ${[...ports].join(', ')}.`,
        {
          subject: String(port),
          confidence: listener.explicit ? 'high' : 'medium',
          related: [
            {
              ...listener,
              message: `The backend listens on port ${listener.port}${listener.explicit ? '' : ', the default'}.`,
            },
          ],
        },
      ),
    ]
  })
}

/** Another file sets this port up (a compose file, a start script, the development server, a README): someone may listen. */
function mentionsPort({ sources, texts }: Wiring, port: number, file: string): boolean {
  const word = new RegExp(`\\b${port}\\b`)
  for (const [path, text] of sources.other) if (!/lock/.test(path) && word.test(text)) return true
  return [...texts].some(
    ([path, text]) =>
      path !== file &&
      /\.config\.[cm]?[jt]s$|\.py$|server|\bindex\.[jt]s$/.test(path) &&
      word.test(text) &&
      !/frontend|client/.test(path.replace(/\.config\.[cm]?[jt]s$/, '')),
  )
}

function localPort({ origin }: Call): number | undefined {
  if (origin === undefined || !isLocal(origin)) return undefined
  const port = /:(\d+)$/.exec(origin)?.[1]
  return port === undefined ? undefined : Number(port)
}

function missingProxy(wiring: Wiring, calls: readonly Call[]): RawFinding[] {
  const { delivery, sources } = wiring
  if (delivery.ownDevServer === undefined || delivery.proxies.length > 0 || delivery.servesFrontend) return []
  if ([...sources.other.values()].some((text) => /proxy_pass|reverse_proxy|ProxyPass|rewrites/.test(text))) return []
  const folder = delivery.ownDevServer.split('/').slice(0, -1).join('/')
  const relative = calls.filter(
    (call) =>
      call.origin === undefined &&
      !call.baseUnknown &&
      call.path !== undefined &&
      (folder === '' || call.file.startsWith(`${folder}/`)) &&
      isServed(call, wiring),
  )
  const first = relative[0]
  if (first === undefined) return []
  return [
    findingAt(
      wiring,
      'missing-proxy',
      first,
      `${first.path} is requested from the page's own origin, the development server, which has no proxy to the backend${relative.length > 1 ? ` (${relative.length} such requests)` : ''}.`,
      {
        subject: 'proxy',
        related: [
          {
            file: delivery.ownDevServer,
            line: 1,
            message: 'The development server is configured here, without a proxy.',
          },
        ],
      },
    ),
  ]
}

/** Only what the backend has a route for was meant for the backend. */
function isServed({ path }: Call, { routes }: Wiring): boolean {
  const first = path?.split('/').slice(0, 2).join('/')
  return routes.some((route) => route.path.split('/').slice(0, 2).join('/') === first && first !== '/')
}

function missingCors(wiring: Wiring, calls: readonly Call[]): RawFinding[] {
  const { delivery, sources } = wiring
  if (delivery.cors.length > 0 || delivery.servesFrontend) return []
  const ports = new Set(delivery.listeners.map(({ port }) => port))
  const across = calls.filter((call) => {
    const port = localPort(call)
    return port !== undefined && (ports.size === 0 || ports.has(port))
  })
  const first = across[0]
  if (first === undefined) return []
  // A page inside the backend's own templates or static folder has the backend's origin.
  if (/(?:^|\/)(?:templates|static|public|views)\//.test(first.file)) return []
  const backend = sources.components.find(({ role }) => role === 'backend')
  if (backend === undefined) return []
  return [
    findingAt(
      wiring,
      'missing-cors',
      first,
      `${first.origin} is another origin than the page's, and the backend sets up no CORS${across.length > 1 ? ` (${across.length} such requests)` : ''}.`,
      {
        subject: 'cors',
        related: [{ file: backend.evidence, line: 1, message: 'The backend, without CORS.' }],
      },
    ),
  ]
}
