import type { BrowserContext, Locator, Page } from 'playwright-core'
import type { SandboxedBrowser } from '#bench/browser'
import { messageOf } from '#platform/errors'
import type { PlannedCheck, Verdict } from './check.ts'
import type { BrowserFlow, BrowserStep, Spec, Target } from './format.ts'
import { fillText, initialValues, type Values } from './template.ts'

/** Milliseconds a page has for what a step waits for. */
const patience = 5000

export interface BrowserStage {
  /** Opened when the first flow needs it. */
  browser(): Promise<SandboxedBrowser>
  readonly origin: string
  /** Keeps a picture of the page where a flow failed; returns its name. */
  picture(flow: string, content: Uint8Array): Promise<string>
}

/** The checks a spec asks for in the browser. Each flow is a new visitor. */
export function browserChecks(spec: Spec, stage: BrowserStage): readonly PlannedCheck[] {
  return (spec.browser ?? []).map((flow) => ({
    id: `browser:${flow.id}`,
    title: flow.title,
    kind: 'browser-flow',
    origin: { kind: 'spec', ...(flow.requirement && { requirement: flow.requirement }) },
    async run({ seed, signal }) {
      const values = initialValues([spec.variables, flow.variables], `${seed}\n${flow.id}`)
      const visitor = await (await stage.browser()).visitor({ viewport: { width: 1280, height: 800 } })
      try {
        return await follow(visitor, flow, values, stage, signal)
      } finally {
        await visitor.close().catch(() => undefined)
      }
    },
  }))
}

async function follow(
  visitor: BrowserContext,
  flow: BrowserFlow,
  values: Values,
  stage: BrowserStage,
  signal: AbortSignal,
): Promise<Verdict> {
  const page = await visitor.newPage()
  page.setDefaultTimeout(patience)
  for (const [at, step] of flow.steps.entries()) {
    signal.throwIfAborted()
    const wrong = await take(page, step, values, stage.origin)
    if (wrong === undefined) continue
    const picture = await page.screenshot({ timeout: patience }).catch(() => undefined)
    const artifacts = picture ? [await stage.picture(flow.id, picture)] : []
    return { outcome: 'fail', reason: `Step ${at + 1} of ${flow.steps.length}: ${wrong}`, artifacts }
  }
  return { outcome: 'pass' }
}

/** Takes one step; why it could not be taken, or undefined. */
async function take(page: Page, step: BrowserStep, values: Values, origin: string): Promise<string | undefined> {
  const fill = (text: string): string => fillText(text, values)
  const found = (target: Target): Locator => locate(page, target, values)
  if ('open' in step) {
    const response = await page.goto(`${origin}${fill(step.open)}`).catch(messageOf)
    if (typeof response === 'string') return `${fill(step.open)} cannot be opened: ${firstLine(response)}`
    const status = response?.status() ?? 200
    return status < 400 ? undefined : `${fill(step.open)} is answered with ${status}.`
  }
  if ('fill' in step)
    return tried(found(step.fill).fill(fill(step.with)), `${named(step.fill, values)} cannot be filled in`)
  if ('choose' in step) {
    return tried(found(step.choose).selectOption(fill(step.option)), `${fill(step.option)} cannot be chosen`)
  }
  if ('check' in step) return tried(found(step.check).check(), `${named(step.check, values)} cannot be checked`)
  if ('click' in step) return tried(found(step.click).click(), `${named(step.click, values)} cannot be clicked`)
  if ('press' in step) return tried(page.keyboard.press(step.press), `${step.press} cannot be pressed`)
  if ('absent' in step) {
    return tried(
      found(step.absent).waitFor({ state: 'hidden' }),
      `${named(step.absent, values)} is there, and must not be`,
    )
  }
  const expected = step.expect
  if ('path' in expected) {
    const path = fill(expected.path)
    return tried(
      page.waitForURL((url) => url.pathname === path, { waitUntil: 'commit' }),
      `The browser is not at ${path} but at ${new URL(page.url()).pathname}`,
    )
  }
  return tried(found(expected).waitFor({ state: 'visible' }), `${named(expected, values)} does not appear`)
}

async function tried(action: Promise<unknown>, wrong: string): Promise<string | undefined> {
  try {
    await action
    return undefined
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return `${wrong}.`
    return `${wrong}: ${firstLine(messageOf(error))}`
  }
}

function locate(page: Page, target: Target, values: Values): Locator {
  if ('label' in target) return page.getByLabel(fillText(target.label, values)).first()
  if ('text' in target) return page.getByText(fillText(target.text, values)).first()
  const name = target.name === undefined ? {} : { name: fillText(target.name, values) }
  return page.getByRole(target.role, name).first()
}

function named(target: Target, values: Values): string {
  if ('label' in target) return `The field "${fillText(target.label, values)}"`
  if ('text' in target) return `The text "${fillText(target.text, values)}"`
  return `The ${target.role}${target.name === undefined ? '' : ` "${fillText(target.name, values)}"`}`
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}
