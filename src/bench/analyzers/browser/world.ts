import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import type { z } from 'zod'

/**
 * A world beside the scripts of a page, where Assay's own code sees the document and the page does not see the code. It ends
 * with the document: {@link enter} makes it anew after each navigation.
 */
export class World {
  readonly #session: CDPSession
  #context: number | undefined

  private constructor(session: CDPSession) {
    this.#session = session
  }

  static async of(page: Page): Promise<World> {
    const session = await page.context().newCDPSession(page)
    await session.send('Page.enable')
    return new World(session)
  }

  /** Makes the world in the document the page shows now. */
  async enter(): Promise<void> {
    const { frameTree } = await this.#session.send('Page.getFrameTree')
    const { executionContextId } = await this.#session.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
      worldName: 'assay',
    })
    this.#context = executionContextId
    await this.#evaluate(instruments())
  }

  /** The value of an expression, which is awaited, in the world. @throws WorldEnded when the page went elsewhere */
  async ask<Schema extends z.ZodType>(expression: string, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await this.#evaluate(expression))
  }

  /** What axe-core offers, once per world. */
  async bringAxe(): Promise<void> {
    await this.#evaluate(axe())
  }

  /** How many handlers of clicks there are on the element and around it, and whether others may handle for it. */
  async clickHandlers(selector: string): Promise<{ readonly own: number; readonly delegated: number }> {
    const own = await this.#handlers(
      `(() => { const found = []; for (let at = document.querySelector(${JSON.stringify(selector)}); at && at !== document.body; at = at.parentElement) found.push(at); return found })()`,
    )
    const delegated = await this.#handlers('[document.body, document.documentElement, document, window]')
    return { own, delegated }
  }

  async #handlers(list: string): Promise<number> {
    const { result } = await this.#session.send('Runtime.evaluate', { expression: list, ...this.#here() })
    if (result.objectId === undefined) return 0
    const { result: properties } = await this.#session.send('Runtime.getProperties', {
      objectId: result.objectId,
      ownProperties: true,
    })
    let count = 0
    for (const { name, value } of properties) {
      if (!/^\d+$/.test(name) || value?.objectId === undefined) continue
      const { listeners } = await this.#session.send('DOMDebugger.getEventListeners', { objectId: value.objectId })
      count += listeners.filter(({ type }) => clickEvents.has(type)).length
    }
    return count
  }

  async #evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#session
      .send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true, ...this.#here() })
      .catch((error: unknown) => {
        throw new WorldEnded('The page went elsewhere.', { cause: error })
      })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }

  #here(): { readonly contextId: number } {
    if (this.#context === undefined) throw new Error('The world was not entered yet.')
    return { contextId: this.#context }
  }
}

/** The document the world belonged to is no more. */
export class WorldEnded extends Error {}

const clickEvents: ReadonlySet<string> = new Set([
  'click',
  'mousedown',
  'mouseup',
  'pointerdown',
  'pointerup',
  'touchstart',
  'touchend',
  'submit',
])

let read: { readonly instruments: string; readonly axe: string } | undefined

function sources(): { readonly instruments: string; readonly axe: string } {
  read ??= {
    instruments: readFileSync(join(import.meta.dirname, 'page', 'instruments.js'), 'utf8'),
    axe: readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
  }
  return read
}

const instruments = (): string => `${sources().instruments};undefined`
const axe = (): string => `${sources().axe};undefined`
