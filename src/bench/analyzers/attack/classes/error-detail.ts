import type { Exchange } from '#bench/findings'
import { bodyOf } from '../http/answer.ts'
import { draftOf } from '../http/request.ts'
import type { Endpoint } from '../inventory/endpoint.ts'
import { matchPath } from '../inventory/endpoint.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Trial } from '../proof.ts'
import { isAmong } from '../session/routes.ts'
import { isDebugger } from './debug-console.ts'

/** Endpoints that are sent something broken on purpose. */
const limit = 25

/** Demands a stack trace with a place in a file, in an answer to anybody. The first of an app says it for all. */
export const errorDetail: AttackClass = {
  id: 'error-detail',
  async attack(lab): Promise<Trial> {
    for (const endpoint of lab.endpoints.slice(0, limit)) await breakIt(lab, endpoint)
    const shown = lab.parts.traffic.filter(
      (exchange) => traceIn(bodyOf(exchange)) !== undefined && !isDebugger(exchange) && !echoed(exchange),
    )
    // An endpoint of the app says more than an address that happens to fail.
    const [first] = shown.toSorted(
      (one, other) => Number(endpointOf(lab, other) !== undefined) - Number(endpointOf(lab, one) !== undefined),
    )
    if (first === undefined) return { proofs: [], tried: lab.parts.traffic.length }
    const endpoint = endpointOf(lab, first)
    const path = new URL(first.request.url).pathname
    const trace = traceIn(bodyOf(first)) ?? ''
    return {
      proofs: [
        {
          rule: 'error-detail',
          endpoint: endpoint ?? { method: first.request.method, path, parameters: [], origins: ['link'], open: false },
          message: `The answer shows a stack trace: ${trace.slice(0, 120)}.`,
          exchanges: [first],
          shows: trace,
        },
      ],
      tried: lab.parts.traffic.length,
    }
  },
}

async function breakIt(lab: Lab, endpoint: Endpoint): Promise<void> {
  if (isAmong(endpoint, lab.accounts.logout) || !lab.timeLeft()) return
  if (endpoint.parameters.some(({ place }) => place === 'json') || (endpoint.open && endpoint.method !== 'GET')) {
    const draft = draftOf(endpoint, { fields: new Map() })
    await lab.parts.client.send(
      { ...draft, headers: [['content-type', 'application/json']], body: '{"a":' },
      { purpose: 'sends broken JSON', visitor: lab.visitor.copy() },
    )
  }
  const [parameter] = endpoint.parameters.filter(({ place }) => place === 'path' || place === 'query')
  if (parameter !== undefined)
    await lab.submit(endpoint, 'sends a text where something else is meant', {
      set: [[parameter, '%\u0000[]"']],
      keep: false,
    })
  const [field] = endpoint.parameters.filter(({ place }) => place === 'json')
  if (field !== undefined)
    await lab.submit(endpoint, 'sends a list where a text is meant', { set: [[field, [[]]]], keep: false })
}

const traces = [
  /File \\?"[^"\n]{1,200}", line \d+/,
  /File &(?:quot|#34);[^\n]{1,200}?&(?:quot|#34);, line \d+/,
  /\bat (?:async )?(?:[\w.<>[\] ]{1,80} \()?(?:file:\/\/)?\/[\w./-]{1,200}:\d+:\d+\)?/,
]

/** The line of a stack trace in a text, undefined when there is none. */
export function traceIn(text: string): string | undefined {
  for (const pattern of traces) {
    const found = pattern.exec(text)
    if (found !== null) return found[0]
  }
  return undefined
}

/** The trace came with the request. */
function echoed({ request }: Exchange): boolean {
  return traceIn(`${request.url} ${request.body ?? ''}`) !== undefined
}

function endpointOf(lab: Lab, { request }: Exchange): Endpoint | undefined {
  const path = new URL(request.url).pathname
  return lab.endpoints.find(
    ({ method, path: pattern }) =>
      method === request.method && (pattern === path || matchPath(pattern, path) !== undefined),
  )
}
