import type { Exchange } from '#bench/findings'
import { headerOf } from '../http/answer.ts'
import type { Endpoint } from '../inventory/endpoint.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Trial } from '../proof.ts'
import { isAmong } from '../session/routes.ts'

/** Endpoints after which the others behave alike. */
const sample = 6

/** Demands that two origins of random names, or the origin `null`, are each allowed to read with credentials. */
export const crossOriginReading: AttackClass = {
  id: 'cross-origin-reading',
  async attack(lab): Promise<Trial> {
    const gets = lab.endpoints.filter(({ method }) => method === 'GET')
    const endpoints = [...gets.filter(({ path }) => /api|me$|profile|account/.test(path)), ...gets]
      .filter((endpoint, at, all) => all.indexOf(endpoint) === at && !isAmong(endpoint, lab.accounts.logout))
      .slice(0, sample)
    if (endpoints.length === 0)
      return { proofs: [], tried: 0, unmade: { outcome: 'not_applicable', reason: 'The app answers no GET requests.' } }
    for (const endpoint of endpoints) {
      const proof = (await reflected(lab, endpoint)) ?? (await nullOrigin(lab, endpoint))
      if (proof !== undefined) return { proofs: [proof], tried: endpoints.length }
    }
    return { proofs: [], tried: endpoints.length }
  },
}

async function reflected(lab: Lab, endpoint: Endpoint): Promise<Proof | undefined> {
  const exchanges: Exchange[] = []
  for (let round = 0; round < 2; round += 1) {
    const origin = `https://${lab.word()}.example`
    const exchange = await lab.submit(endpoint, 'asks from another site', {
      headers: [['origin', origin]],
      keep: false,
    })
    if (!allows(exchange, origin)) return undefined
    exchanges.push(exchange)
  }
  return {
    rule: 'permissive-cors',
    endpoint,
    message: 'Whatever origin asks is allowed to read the answer with credentials.',
    exchanges,
    shows: 'access-control-allow-origin',
    family: 'reflected',
  }
}

async function nullOrigin(lab: Lab, endpoint: Endpoint): Promise<Proof | undefined> {
  const exchange = await lab.submit(endpoint, 'asks from a sandboxed frame', {
    headers: [['origin', 'null']],
    keep: false,
  })
  if (!allows(exchange, 'null')) return undefined
  return {
    rule: 'permissive-cors',
    endpoint,
    message: 'The origin null, which any site can take, may read the answer with credentials.',
    exchanges: [exchange],
    family: 'null',
  }
}

function allows(exchange: Exchange, origin: string): boolean {
  return (
    headerOf(exchange, 'access-control-allow-origin') === origin &&
    headerOf(exchange, 'access-control-allow-credentials') === 'true'
  )
}
