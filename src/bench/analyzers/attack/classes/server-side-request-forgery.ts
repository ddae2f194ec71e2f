import { listenerAnswer } from '../canary.ts'
import { bodyOf } from '../http/answer.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, targetsFor, titleOf } from './each-target.ts'

const words =
  /\bfetch\s*\(|\brequests\.|urlopen|urllib|httpx|aiohttp|axios|\bgot\b|http\.(?:get|request)|https\.(?:get|request)|\bcreateConnection|\bconnect\s*\(|HTTPConnection|node-fetch|undici/

const families: readonly (readonly [name: string, write: (host: string, path: string) => string])[] = [
  ['address', (host, path) => `http://${host}${path}`],
  ['host', (host, path) => `${host}${path}`],
  ['user before host', (host, path) => `http://example.org@${host}${path}`],
  ['number for a host', (host, path) => `http://${host.replace('127.0.0.1', '2130706433')}${path}`],
]

/** Demands that a listener on the sandbox's own loopback is asked for a random word that only the request named. */
export const serverSideRequestForgery: AttackClass = {
  id: 'server-side-request-forgery',
  async attack(lab) {
    const targets = targetsFor(lab, {
      code: words,
      names:
        /url|uri|link|host|target|source|src|feed|image|avatar|webhook|callback|proxy|fetch|site|address|endpoint|dest/i,
      except: /pass|email/i,
    })
    if (targets.length > 0 && lab.parts.listener === undefined)
      return {
        proofs: [],
        tried: 0,
        unmade: { outcome: 'error', reason: 'The listener in the sandbox could not be started.' },
      }
    return eachTarget(lab, {
      targets,
      nothing: 'The code of the app makes no requests, or takes no parameters.',
      attempt: (target) => attempt(lab, target),
    })
  },
}

async function attempt(lab: Lab, target: Target): Promise<Proof | undefined> {
  const { listener } = lab.parts
  if (listener === undefined) return undefined
  const host = new URL(listener.origin).host
  for (const [family, write] of families) {
    const word = lab.word()
    const exchange = await lab.attempt(target, write(host, `/hit/${word}`), 'names an address inside')
    if (!listener.reached(word)) await new Promise((resolve) => setTimeout(resolve, 15))
    if (!listener.reached(word)) continue
    const control = lab.word()
    const plain = await lab.attempt(target, control, 'sends a word that is no address')
    if (listener.reached(control)) continue
    const hop = lab.word()
    await lab.attempt(target, write(host, `/redirect/${hop}`), 'names an address that leads on')
    const follows = listener.reached(`/hit/${hop}`)
    const shown = bodyOf(exchange).includes(listenerAnswer)
    return {
      rule: 'server-side-request-forgery',
      ...target,
      message: `The server asked the address in ${titleOf(target)}${shown ? ' and showed its answer' : ''}${follows ? '; it follows redirects' : ''}.`,
      exchanges: [exchange, plain],
      ...(shown && { shows: listenerAnswer }),
      observed: [`The listener at ${listener.origin} was asked for /hit/${word}.`],
      family,
    }
  }
  return undefined
}
