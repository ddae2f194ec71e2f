import type { BrowserContext } from 'playwright-core'
import type { Exchange } from '#bench/findings'
import { type Reachable, send } from '#bench/launch'
import { messageOf } from '#platform/errors'
import type { AnalysisContext } from '../contract.ts'
import { type Looking, lookAt, type PageLink, type PageReport } from './look.ts'

export interface Tour {
  readonly pages: readonly PageReport[]
  /** Links of the app that are answered with an error, with the answer. */
  readonly dead: readonly { readonly link: PageLink; readonly page: string; readonly exchange: Exchange }[]
  /** Pages that could not be looked at, or not wholly, with the reason. */
  readonly gaps: readonly { readonly path: string; readonly reason: string }[]
  /** Pages there were links to, looked at or not. */
  readonly known: number
}

export interface TourLimits {
  /** How names of pictures begin: `page`. */
  readonly name: string
  readonly pages: number
  /** Milliseconds after which no further page is begun. */
  readonly time: number
  readonly controlsPerPage: number
}

export const tourLimits: TourLimits = { name: 'page', pages: 8, time: 40_000, controlsPerPage: 12 }
/** Whoever is signed in looks at the start page again, and at what strangers do not see. */
export const signedInLimits: TourLimits = { name: 'signed-in', pages: 5, time: 25_000, controlsPerPage: 12 }
/** Milliseconds one page may take, all in all. */
const pageTime = 40_000
/** Links asked for, over all pages. */
const linksAtMost = 60

/**
 * Goes from the start page along the links of the app, breadth first, one page of each kind before another of the same.
 * @param before a tour whose pages, but for the start page, are not looked at again
 */
export async function takeTour(
  visitor: BrowserContext,
  app: Reachable,
  { keep, signal }: Pick<AnalysisContext, 'keep' | 'signal'>,
  limits: TourLimits = tourLimits,
  before?: Tour,
): Promise<Tour> {
  const pages: PageReport[] = []
  const gaps: { path: string; reason: string }[] = []
  const dead: Tour['dead'][number][] = []
  const asked = new Map<string, Exchange>()
  const queue = ['/']
  const known = new Set(queue)
  const kinds = new Set(['/', ...(before?.pages.map(({ path }) => path) ?? [])].map(kindOf))
  const clicked = new Set<string>()
  const end = performance.now() + limits.time
  while (queue.length > 0 && pages.length < limits.pages && performance.now() < end) {
    signal.throwIfAborted()
    const path = queue.shift() ?? '/'
    const looking = { origin: app.origin, clicked, deadline: end, controlsAtMost: limits.controlsPerPage, keep, signal }
    const report = await onePage(visitor, path, `${limits.name}-${pages.length + 1}`, looking)
    if (typeof report === 'string') {
      signal.throwIfAborted()
      gaps.push({ path, reason: report })
      continue
    }
    pages.push(report)
    for (const link of report.links) {
      const target = localPath(link.href, app.origin)
      if (target === undefined) continue
      if (!asked.has(target) && asked.size < linksAtMost) {
        const exchange = await follow(visitor, app, target, signal)
        asked.set(target, exchange)
        if (isDead(exchange)) dead.push({ link, page: path, exchange })
      }
      const exchange = asked.get(target)
      if (known.has(target) || exchange === undefined || !isPage(exchange) || link.download || leaves(target)) continue
      known.add(target)
      if (kinds.has(kindOf(target))) continue
      kinds.add(kindOf(target))
      queue.push(target)
    }
  }
  gaps.push(
    ...queue.map((path) => ({ path, reason: `Only ${limits.pages} pages are looked at, in ${limits.time / 1000} s.` })),
  )
  return { pages, dead, gaps, known: known.size }
}

/** The report, or why there is none. */
async function onePage(
  visitor: BrowserContext,
  path: string,
  name: string,
  looking: Omit<Looking, 'page'>,
): Promise<PageReport | string> {
  const page = await visitor.newPage()
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(() => resolve(`It did not come to rest within ${pageTime / 1000} s.`), pageTime)
  try {
    // A page whose script never ends answers nothing, not even that it is asked to stop.
    return await Promise.race([late, lookAt(path, name, { ...looking, page })])
  } catch (error) {
    const [line = ''] = messageOf(error).split('\n', 1)
    return line.replace(/^page\.goto: /, '').replace(/^Timeout (\d+)000ms exceeded\.$/, 'It was not there within $1 s.')
  } finally {
    clearTimeout(timer)
    await page.close().catch(() => undefined)
  }
}

/** Through the app's own socket, with the visitor's cookies: the browser would run what it gets. */
async function follow(visitor: BrowserContext, app: Reachable, path: string, signal: AbortSignal): Promise<Exchange> {
  const cookies = await visitor.cookies(app.origin)
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  return send(app, {
    purpose: 'follows the link',
    method: 'GET',
    path,
    headers: [['accept', 'text/html,*/*'], ...(cookie ? ([['cookie', cookie]] as const) : [])],
    signal,
    keep: 2000,
  })
}

function isDead({ response }: Exchange): boolean {
  if (response === undefined) return true
  return response.status >= 400 && response.status !== 401 && response.status !== 403
}

function isPage({ response }: Exchange): boolean {
  const type = response?.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return response !== undefined && response.status < 300 && /html/i.test(type)
}

/** Links that would end the visit. */
function leaves(path: string): boolean {
  return /log-?_?out|sign-?_?out/i.test(path)
}

/** Path and query of a link inside the app. */
function localPath(href: string, origin: string): string | undefined {
  if (!URL.canParse(href)) return undefined
  const url = new URL(href)
  return url.origin === origin ? `${url.pathname}${url.search}` : undefined
}

/** Pages that differ only by an id or by the values of their query are of one kind. */
function kindOf(path: string): string {
  const [place = '', query = ''] = path.split('?', 2)
  const names = [...new URLSearchParams(query).keys()].sort().join('&')
  return `${place.replace(/\/(?:\d+|[0-9a-f-]{16,})(?=\/|$)/gi, '/:')}?${names}`
}
