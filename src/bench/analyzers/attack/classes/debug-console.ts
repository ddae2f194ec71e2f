import type { Exchange } from '#bench/findings'
import { bodyOf } from '../http/answer.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Trial } from '../proof.ts'

/** Addresses under which debuggers and dumps of settings are left open. */
const addresses = ['/console', '/debug', '/env', '/config', '/api/debug', '/api/env', '/__debug__/', '/actuator/env']

/** Demands a debugger that takes code (Werkzeug's, with evaluation on), or an answer that holds the environment of the process. */
export const debugConsole: AttackClass = {
  id: 'debug-console',
  async attack(lab): Promise<Trial> {
    const routes = lab.endpoints
      .filter(
        ({ method, path }) =>
          method === 'GET' && /debug|env|config|console|internal|status|health|info/i.test(path) && !path.includes(':'),
      )
      .map(({ path }) => path)
    const seen = lab.parts.traffic.find(isDebugger)
    const proofs: Proof[] = seen === undefined ? [] : [proofOf(seen, 'An error opens a debugger that runs code.')]
    const paths = [...new Set([...routes, ...addresses])]
    for (const path of paths) {
      if (proofs.length > 0) break
      const exchange = await lab.get(path, 'looks for a debugger', lab.visitors.nobody)
      if (isDebugger(exchange)) proofs.push(proofOf(exchange, 'A debugger that runs code is open.'))
      else if (isEnvironment(lab, bodyOf(exchange)))
        proofs.push(proofOf(exchange, 'The environment of the process is shown to anybody.'))
    }
    return { proofs, tried: paths.length + 1 }
  },
}

/** A page of Werkzeug's debugger with evaluation on. */
export function isDebugger(exchange: Exchange): boolean {
  const body = bodyOf(exchange)
  return /EVALEX = true/.test(body) && /SECRET = "/.test(body)
}

function isEnvironment(lab: Lab, body: string): boolean {
  const folder = lab.parts.canary.folder
  return (
    folder !== '' && /"?PATH"?\s*[:=]\s*"?\/[\w/:.-]*\/bin/.test(body) && /"?(?:HOME|TMPDIR|LANG)"?\s*[:=]/.test(body)
  )
}

function proofOf(exchange: Exchange, message: string): Proof {
  const url = new URL(exchange.request.url)
  return {
    rule: 'debug-console',
    endpoint: { method: exchange.request.method, path: url.pathname, parameters: [], origins: ['link'], open: false },
    message,
    exchanges: [exchange],
    shows: 'EVALEX',
  }
}
