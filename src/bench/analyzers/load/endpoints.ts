import type { AppSnapshot } from '#bench/apps'
import type { Exchange } from '#bench/findings'
import { interfacesOf, type Route, tagsIn } from '#bench/interfaces'
import { type Reachable, send } from '#bench/launch'

/** One address that is loaded. */
export interface Endpoint {
  readonly path: string
  /** The route of the source that serves it, where it is known. */
  readonly route?: { readonly file: string; readonly line: number }
  /** The request that showed it answers. */
  readonly probe: Exchange
}

export interface Endpoints {
  readonly chosen: readonly Endpoint[]
  /** Those left out, each with the reason. */
  readonly left: readonly { readonly path: string; readonly reason: string }[]
}

const onTheWire = /^\/[\x21-\x7e]*$/
/** More would leave too few requests for each. */
const mostEndpoints = 10
/** What ends the app or the session would be measured once and spoil the rest. */
const ending = /(?:^|[/_-])(?:log-?out|sign-?out|shut-?down|exit|quit|kill|restart|crash|reset)(?:[/_-]|$)/i

/**
 * What is loaded: the start page, the routes without parameters and what the start page links to, as far as they answer a GET
 * with 2xx; or, when paths are given, just those, whatever they answer.
 */
export async function chooseEndpoints(
  app: AppSnapshot,
  reachable: Reachable,
  given: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Endpoints> {
  const routes = (await interfacesOf(app, signal)).routes.filter(answersGet)
  const candidates = new Set(given ?? ['/', ...plainPaths(routes)])
  const chosen: Endpoint[] = []
  const left: { path: string; reason: string }[] = []
  // A set goes on through what is added meanwhile.
  for (const path of candidates) {
    const reason = given === undefined ? unfit(path, chosen.length) : undefined
    if (reason !== undefined) {
      left.push({ path, reason })
      continue
    }
    const probe = await send(reachable, { purpose: 'shows that the address answers', method: 'GET', path, signal })
    if (path === '/' && given === undefined) for (const linked of linksIn(probe)) candidates.add(linked)
    const status = probe.response?.status
    if (given !== undefined || (status !== undefined && status >= 200 && status < 300)) {
      const route = routes.find((one) => one.path === path)
      chosen.push({ path, probe, ...(route === undefined ? {} : { route: { file: route.file, line: route.line } }) })
    } else left.push({ path, reason: status === undefined ? `GET: ${probe.failure}` : `GET answers ${status}` })
  }
  return { chosen, left }
}

/** The routes that are written out in full. */
function plainPaths(routes: readonly Route[]): readonly string[] {
  return routes.flatMap(({ path, mounted }) => (mounted && onTheWire.test(path) && !/[:*<{]/.test(path) ? [path] : []))
}

/** What a page links to on the same origin by an absolute path. */
function linksIn({ response }: Exchange): readonly string[] {
  const type = response?.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  if (response === undefined || !type.startsWith('text/html')) return []
  return tagsIn(response.body).flatMap(({ name, attributes }) => {
    const [path = ''] = name === 'a' ? (attributes.get('href') ?? '').split('#') : []
    return onTheWire.test(path) && !path.startsWith('//') ? [path] : []
  })
}

function answersGet({ method }: Route): boolean {
  return method === 'GET' || method === 'ALL'
}

function unfit(path: string, chosen: number): string | undefined {
  if (ending.test(path)) return 'its name says that it ends something'
  return chosen >= mostEndpoints ? `${mostEndpoints} addresses are loaded already` : undefined
}
