import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import type { Artifact } from '../contract.ts'
import { type Violation, violationsOn } from './accessibility.ts'
import { type ControlsResult, clickControls } from './controls.ts'
import { type Complaints, recordPage } from './record.ts'
import { World } from './world.ts'

const linkSchema = z.object({
  href: z.string(),
  written: z.string(),
  text: z.string(),
  selector: z.string(),
  html: z.string(),
  download: z.boolean(),
})
export type PageLink = z.infer<typeof linkSchema>

const vitalsSchema = z.object({
  largestPaint: z.number(),
  layoutShift: z.number(),
  slowestInteraction: z.number().nullable(),
})
export type Vitals = z.infer<typeof vitalsSchema>

const overflowSchema = z.object({
  beyond: z.number(),
  elements: z.array(z.object({ selector: z.string(), html: z.string() })),
})

/** What one page showed. */
export interface PageReport {
  /** Path and query asked for. */
  readonly path: string
  readonly status: number | undefined
  readonly complaints: Complaints
  /** Scripts or styles from elsewhere are missing here, so the page is not what its users see. */
  readonly incomplete: { readonly scripts: boolean; readonly styles: boolean }
  readonly links: readonly PageLink[]
  /** Links to a place inside the page that is not there. */
  readonly lostPlaces: readonly PageLink[]
  readonly violations: readonly Violation[]
  readonly vitals: Vitals
  readonly overflow: z.infer<typeof overflowSchema>
  readonly controls: ControlsResult
  /** Names of its pictures, by size and scheme: `1440-light`. */
  readonly pictures: ReadonlyMap<string, string>
}

export interface Looking {
  readonly page: Page
  readonly origin: string
  /** Controls clicked on pages before. */
  readonly clicked: Set<string>
  /** On the clock of `performance.now()`: controls are clicked until then. */
  readonly deadline: number
  readonly controlsAtMost: number
  keep(artifact: Artifact, content: Uint8Array): Promise<void>
  readonly signal: AbortSignal
}

const wide = { width: 1440, height: 900 }
const narrow = { width: 390, height: 844 }
/** Milliseconds for a page to be there, for what it is made of, and for what it then still requests. */
const loadTimeout = 15_000
const resourceTimeout = 8000
const settleTimeout = 1500

/** Looks at one page from all sides. @throws Error when the browser cannot show it at all */
export async function lookAt(path: string, name: string, looking: Looking): Promise<PageReport> {
  const { page, origin, keep, signal } = looking
  const recorder = recordPage(page, origin)
  const world = await World.of(page)
  await page.setViewportSize(wide)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const load = async (): Promise<number | undefined> => {
    const response = await page.goto(`${origin}${path}`, { waitUntil: 'domcontentloaded', timeout: loadTimeout })
    await settle(page)
    await world.enter()
    return response?.status()
  }
  const status = await load()
  // Entries made before the observers began reach them with a delay.
  await sleep(100)
  const onLoad = await world.ask('assay.vitals()', vitalsSchema)
  const links = await world.ask('assay.links()', z.array(linkSchema))
  const lostPlaces = await placesThatAreLost(world, links, page.url())
  const complaints = await recorder.take()
  const incomplete = incompleteness(complaints)
  const violations = await violationsOn(
    world,
    incomplete.styles ? ['color-contrast', 'target-size', 'link-in-text-block'] : [],
  )
  signal.throwIfAborted()
  const pictures = new Map<string, string>()
  const picture = async (size: number, scheme: 'light' | 'dark'): Promise<void> => {
    const file = `${name}-${size}-${scheme}.png`
    const title = `${path} at ${size} pixels, ${scheme}`
    await keep(
      { name: file, title, mediaType: 'image/png' },
      await page.screenshot({ animations: 'disabled', timeout: loadTimeout }),
    )
    pictures.set(`${size}-${scheme}`, file)
  }
  await picture(1440, 'light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(1440, 'dark')
  await page.setViewportSize(narrow)
  await picture(390, 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await picture(390, 'light')
  const overflow = await world.ask('assay.overflow()', overflowSchema)
  await page.setViewportSize(wide)
  let slowest: number | null = null
  // Interactions are forgotten with the document, and told only after the next frame.
  const noteInteractions = async (): Promise<void> => {
    await sleep(50)
    const { slowestInteraction } = await world.ask('assay.vitals()', vitalsSchema).catch(() => onLoad)
    if (slowestInteraction !== null) slowest = Math.max(slowest ?? 0, slowestInteraction)
  }
  const reload = async (): Promise<void> => {
    await noteInteractions()
    await load()
  }
  const controls = incomplete.scripts
    ? { clicked: 0, dead: [] }
    : await clickControls(
        { page, world, recorder, reload, signal },
        looking.clicked,
        looking.controlsAtMost,
        looking.deadline,
      )
  await noteInteractions()
  return {
    path,
    status,
    complaints: merged(complaints, await recorder.take()),
    incomplete,
    links,
    lostPlaces,
    violations,
    vitals: { ...onLoad, slowestInteraction: slowest },
    overflow,
    controls,
    pictures,
  }
}

/** Waits until a page has nothing more to ask for, but not for ever: some ask for as long as they live. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('load', { timeout: resourceTimeout }).catch(() => undefined)
  await page.waitForLoadState('networkidle', { timeout: settleTimeout }).catch(() => undefined)
}

async function placesThatAreLost(world: World, links: readonly PageLink[], at: string): Promise<readonly PageLink[]> {
  const lost: PageLink[] = []
  const [page] = at.split('#', 1)
  for (const link of links) {
    const [target, fragment] = link.href.split('#', 2)
    // "#/…" and "#!…" are addresses of apps that resolve them themselves.
    if (target !== page || fragment === undefined || /^[/!]/.test(fragment) || !/^[^?&=]*$/.test(fragment)) continue
    if (!(await world.ask(`assay.hasPlace(${JSON.stringify(fragment)})`, z.boolean()))) lost.push(link)
  }
  return lost
}

function incompleteness({ foreign }: Complaints): PageReport['incomplete'] {
  return {
    scripts: foreign.some(({ kind }) => kind === 'script'),
    styles:
      foreign.some(({ kind, url }) => kind === 'stylesheet' && !/\/\/fonts\./.test(url)) ||
      foreign.some(({ url }) => /tailwind/.test(url)),
  }
}

function merged(one: Complaints, other: Complaints): Complaints {
  return {
    errors: [...one.errors, ...other.errors],
    logged: [...one.logged, ...other.logged],
    failed: [...one.failed, ...other.failed],
    foreign: [...one.foreign, ...other.foreign],
  }
}
