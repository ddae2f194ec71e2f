import type { Exchange } from '#bench/findings'
import type { Scene, Verdict } from './check.ts'
import type { DeclaredAnswer, FlowStep, StatusExpectation } from './format.ts'
import { selectJson } from './json-path.ts'
import { judge } from './judge.ts'
import { statusIs } from './status.ts'
import { newVisitor, sendAs, type Visitor } from './visitor.ts'

/** A step of a flow; a derived one is less sure of what it sends. */
export interface PlannedStep extends FlowStep {
  /** Answers that may be due to what Assay made up for the request: then the flow is not applicable instead of failed. */
  readonly undecided?: StatusExpectation
}

export interface FlowRequest {
  readonly steps: readonly PlannedStep[]
  /** Changed by what steps capture. */
  readonly values: Map<string, string>
  /** Who begins; the other sessions of the flow begin as strangers. */
  readonly visitor?: Visitor
  /** What the spec declares of an answer. */
  declared?(method: string, path: string, status: number): DeclaredAnswer | undefined
}

/** Takes the steps in order, up to the first that goes wrong. */
export async function runFlow(scene: Scene, flow: FlowRequest): Promise<Verdict> {
  const visitors = new Map<string, Visitor>()
  if (flow.visitor) visitors.set('', flow.visitor)
  for (const step of flow.steps) {
    const session = step.session ?? ''
    const visitor = visitors.get(session) ?? newVisitor()
    visitors.set(session, visitor)
    const { values } = flow
    const exchange = await sendAs(visitor, scene.app, step.request, {
      purpose: step.name,
      values,
      signal: scene.signal,
    })
    scene.record(exchange)
    const status = exchange.response?.status
    const path = new URL(exchange.request.url).pathname
    const declared = status === undefined ? undefined : flow.declared?.(step.request.method, path, status)
    const wrong =
      (await judge(exchange, step.expect ?? {}, values, declared)) ?? capture(step, exchange, visitor, values)
    if (wrong === undefined) continue
    if (status !== undefined && step.undecided !== undefined && statusIs(status, step.undecided)) {
      return { outcome: 'not_applicable', reason: `${wrong} What Assay made up for the request may be at fault.` }
    }
    return { outcome: 'fail', reason: `${capitalised(step.name)}: ${wrong}`, at: exchange }
  }
  return { outcome: 'pass' }
}

function capture(
  step: PlannedStep,
  { response }: Exchange,
  visitor: Visitor,
  values: Map<string, string>,
): string | undefined {
  for (const [name, sources] of Object.entries(step.capture ?? {})) {
    const value = [sources]
      .flat()
      .map((source) => valueAt(source, response, visitor))
      .find((each) => each !== undefined)
    if (value === undefined) return `The answer has nothing at ${[sources].flat().join(' or ')} for {{${name}}}.`
    values.set(name, value)
  }
  return undefined
}

/** The value a capture takes from an answer. @throws InvalidInput for a JSON path that is not understood */
export function valueAt(source: string, response: Exchange['response'], visitor: Visitor): string | undefined {
  if (source.startsWith('cookie:')) return visitor.cookies.get(source.slice('cookie:'.length))
  if (source.startsWith('header:')) {
    const name = source.slice('header:'.length).toLowerCase()
    return response?.headers.find(([key]) => key.toLowerCase() === name)?.[1]
  }
  const [value] = selectJson(source, jsonOf(response)).filter((each) => each !== null && typeof each !== 'object')
  return value === undefined ? undefined : String(value)
}

function jsonOf(response: Exchange['response']): unknown {
  try {
    return JSON.parse(response?.body ?? '')
  } catch {
    // No JSON has no values.
    return undefined
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
