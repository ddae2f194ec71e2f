import type { PlannedCheck } from '../check.ts'
import { randomValue } from '../random.ts'
import { newVisitor } from '../visitor.ts'
import { ask, broken } from './plan.ts'

/** A path nobody serves is answered with 404. Where the browser resolves paths, the server has to answer with its page. */
export const unknownPathCheck: PlannedCheck = {
  id: 'unknown-path',
  title: 'An unknown path is answered with 404',
  kind: 'unknown-path',
  origin: { kind: 'derived', from: 'what every app must do' },
  endpoint: { method: 'GET', path: '/*' },
  async run(scene) {
    const path = `/${randomValue('word', scene.seed)}-${randomValue('number', scene.seed)}`
    const unknown = await ask(scene, newVisitor(), 'asks for a path nobody serves', { method: 'GET', path })
    const wrong = broken(unknown)
    if (wrong !== undefined) return { outcome: 'fail', reason: wrong }
    const status = unknown.response?.status ?? 0
    if (status === 404 || status === 410) return { outcome: 'pass' }
    if (status >= 300)
      return {
        outcome: 'not_applicable',
        reason: `Unknown paths are answered with ${status} before they are looked for.`,
      }
    const start = await ask(scene, newVisitor(), 'asks for the start page', { method: 'GET', path: '/' })
    return start.response?.body === unknown.response?.body
      ? { outcome: 'not_applicable', reason: 'Every path is answered with the start page, whose script resolves it.' }
      : { outcome: 'fail', reason: `GET ${path} was answered with ${status} instead of 404.`, at: unknown }
  },
}
