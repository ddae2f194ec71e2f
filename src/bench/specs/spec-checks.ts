import type { PlannedCheck } from './check.ts'
import { runFlow } from './flow.ts'
import type { DeclaredAnswer, Endpoint, Flow, Spec } from './format.ts'
import { initialValues } from './template.ts'

/**
 * The checks a spec asks for by requests: its flows, and every GET endpoint without parameters, whose answer must be one of
 * those declared. Whatever a flow requests is held to what its endpoint declares, too.
 */
export function specChecks(spec: Spec): readonly PlannedCheck[] {
  const endpoints = spec.endpoints ?? []
  return [
    ...endpoints.map((endpoint) => endpointCheck(endpoint)),
    ...(spec.flows ?? []).map((flow) => flowCheck(spec, flow)),
  ]
}

function endpointCheck(endpoint: Endpoint): PlannedCheck {
  const { method, path, answers } = endpoint
  const statuses = Object.keys(answers).map(Number)
  return {
    id: `endpoint:${method} ${path}`,
    title: `${method} ${path} answers as declared`,
    kind: 'endpoint',
    origin: { kind: 'spec' },
    endpoint: { method, path },
    async run(scene) {
      if (method !== 'GET' || path.includes('{')) {
        return { outcome: 'not_applicable', reason: 'Only flows know what to send here.' }
      }
      return runFlow(scene, {
        steps: [{ name: 'asks for it', request: { method, path }, expect: { status: statuses } }],
        values: new Map(),
        declared: (_method, _path, status) => answers[status],
      })
    },
  }
}

function flowCheck(spec: Spec, flow: Flow): PlannedCheck {
  const { id, title, requirement, steps, variables } = flow
  return {
    id: `flow:${id}`,
    title,
    kind: 'acceptance',
    origin: { kind: 'spec', ...(requirement && { requirement }) },
    run: (scene) =>
      runFlow(scene, {
        steps,
        values: initialValues([spec.variables, variables], `${scene.seed}\n${id}`),
        declared: (method, path, status) => declaredAnswer(spec.endpoints ?? [], method, path, status),
      }),
  }
}

/** What the endpoint that serves a request declares of an answer with this status. Exact paths go before parameters. */
export function declaredAnswer(
  endpoints: readonly Endpoint[],
  method: string,
  path: string,
  status: number,
): DeclaredAnswer | undefined {
  const serving = endpoints.filter((endpoint) => endpoint.method === method && serves(endpoint.path, path))
  const [closest] = serving.toSorted((one, other) => parameters(one.path) - parameters(other.path))
  return closest?.answers[status]
}

function serves(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')]
  return (
    wanted.length === given.length && wanted.every((segment, at) => segment === given[at] || /^\{\w+\}$/.test(segment))
  )
}

function parameters(template: string): number {
  return template.split('{').length - 1
}
