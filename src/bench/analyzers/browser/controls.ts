import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import type { Confidence } from '#bench/findings'
import type { Recorder } from './record.ts'
import { type World, WorldEnded } from './world.ts'

const controlSchema = z.object({ selector: z.string(), name: z.string(), html: z.string() })
export type Control = z.infer<typeof controlSchema>

/** A control that was clicked, twice on fresh loads, without anything happening. */
export interface DeadControl extends Control {
  /** `low` where a handler runs and may have had no reason to do anything. */
  readonly confidence: Confidence
}

export interface ControlsResult {
  readonly clicked: number
  readonly dead: readonly DeadControl[]
}

/** Milliseconds a click has to show an effect. */
const patience = 600
const clickTimeout = 1500

interface Stage {
  readonly page: Page
  readonly world: World
  readonly recorder: Recorder
  /** Loads the page anew and enters its world. */
  reload(): Promise<void>
  readonly signal: AbortSignal
}

/**
 * Clicks each control that was not clicked on a page before. One that does nothing is tried again on a fresh load, where the
 * picture of the page must stay the same, too.
 * @param seen what was clicked on pages before, by name and selector; added to
 * @param deadline on the clock of `performance.now()`
 */
export async function clickControls(
  stage: Stage,
  seen: Set<string>,
  atMost: number,
  deadline: number,
): Promise<ControlsResult> {
  const { world, page, signal } = stage
  const found = await world.ask('assay.controls()', z.array(controlSchema))
  const fresh = found.filter(({ name, selector }) => !seen.has(`${selector} ${name}`)).slice(0, atMost)
  const dead: DeadControl[] = []
  let clicked = 0
  await typeIntoFields(stage)
  const start = page.url()
  for (const control of fresh) {
    signal.throwIfAborted()
    if (performance.now() > deadline) break
    seen.add(`${control.selector} ${control.name}`)
    const first = await click(stage, control)
    if (first !== undefined) clicked++
    if (first === false) {
      await stage.reload()
      await typeIntoFields(stage)
      const still = await looksTheSame(stage, control)
      if (still) dead.push({ ...control, confidence: await confidenceIn(stage, control) })
    }
    // What the click set off is over; the next control is tried on the page as it was.
    if (first !== false && (page.url() !== start || (await isCovered(stage, fresh[fresh.indexOf(control) + 1])))) {
      await stage.reload()
      await typeIntoFields(stage)
    }
  }
  return { clicked, dead }
}

/** Whether a click did anything; undefined when the control cannot be clicked now. */
async function click({ page, world, recorder }: Stage, { selector }: Control): Promise<boolean | undefined> {
  const control = page.locator(`css=${selector}`).first()
  try {
    await control.hover({ timeout: clickTimeout })
    await world.ask(`assay.watchChanges(${JSON.stringify(selector)})`, z.unknown())
    const before = recorder.activity()
    await control.click({ timeout: clickTimeout, noWaitAfter: true })
    const until = performance.now() + patience
    while (performance.now() < until) {
      if (recorder.activity() > before || (await world.ask('assay.hasChanged()', z.boolean()))) return true
      await sleep(60)
    }
    return false
  } catch (error) {
    if (error instanceof WorldEnded) return true
    if (error instanceof Error && error.name === 'TimeoutError') return undefined
    throw error
  }
}

async function looksTheSame(stage: Stage, control: Control): Promise<boolean> {
  const { page } = stage
  const locator = page.locator(`css=${control.selector}`).first()
  try {
    await locator.hover({ timeout: clickTimeout })
    await locator.focus({ timeout: clickTimeout })
    const before = await page.screenshot({ animations: 'allow', caret: 'hide' })
    if ((await click(stage, control)) !== false) return false
    return before.equals(await page.screenshot({ animations: 'allow', caret: 'hide' }))
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return false
    throw error
  }
}

/** With no handler near or far nothing can ever happen; a handler of its own may have seen no reason to do anything. */
async function confidenceIn({ page, world }: Stage, { selector }: Control): Promise<Confidence> {
  const { own, delegated } = await world.clickHandlers(selector)
  const framework = await page.evaluate<string>(`(${frameworkHandler})(${JSON.stringify(selector)})`)
  if (own > 0 || framework === 'has') return 'low'
  return delegated > 0 && framework === 'unknown' ? 'medium' : 'high'
}

/**
 * What the framework that made an element says of its click handler. It runs among the page's own scripts, as that is where
 * frameworks keep it: the page could lie, about itself.
 */
const frameworkHandler = `(selector) => {
  let known = false
  for (let at = document.querySelector(selector); at; at = at.parentElement) {
    for (const key of Object.keys(at)) {
      if (key.startsWith('__reactProps$')) {
        known = true
        const props = at[key]
        if (['onClick', 'onMouseDown', 'onPointerDown', 'onMouseUp'].some((name) => props[name])) return 'has'
        if (at.localName === 'form' && props.onSubmit) return 'has'
      }
      if (key === '__click' || key === '_vei') return 'has'
    }
  }
  return known ? 'none' : 'unknown'
}`

async function typeIntoFields({ page, world }: Stage): Promise<void> {
  const fields = await world.ask('assay.fields()', z.array(z.object({ selector: z.string(), text: z.string() })))
  for (const { selector, text } of fields) {
    // What vanishes while others are filled in, or takes no such text, stays empty.
    await page
      .locator(`css=${selector}`)
      .first()
      .fill(text, { timeout: 500 })
      .catch(() => undefined)
  }
}

/** Whether something has been put over the control a click would come to next. */
async function isCovered({ page }: Stage, next: Control | undefined): Promise<boolean> {
  if (next === undefined) return false
  try {
    await page.locator(`css=${next.selector}`).first().click({ trial: true, timeout: 300 })
    return false
  } catch {
    // Hidden, covered or gone.
    return true
  }
}
