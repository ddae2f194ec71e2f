import type { Exchange } from '#bench/findings'
import { statusOf } from '../http/answer.ts'
import type { Lab } from '../lab.ts'
import { growsFast, type TimedAnswer } from '../proof/timing.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, inHandler, targetsFor, titleOf } from './each-target.ts'

const words =
  /\bre\.\w+\s*\(|\bregex\b|\.test\s*\(|\.match(?:All)?\s*\(|new RegExp|RegExp\s*\(|\.replace\s*\(\s*\/|\.search\s*\(\s*\//

/** Texts on which patterns with nested or repeated repetition go back and forth. */
const families: readonly (readonly [name: string, write: (length: number) => string])[] = [
  ['letters', (length) => `${'a'.repeat(length)}!`],
  ['digits', (length) => `${'1'.repeat(length)}!`],
  ['domains', (length) => `a@${'a.'.repeat(length / 2)}!`],
  ['words', (length) => `${'a-'.repeat(length / 2)}!`],
  ['spaces', (length) => `a${' '.repeat(length)}!`],
  ['spaced words', (length) => `${'a '.repeat(length / 2)}!`],
]
/** Lengths at which a text is first sent, for growth by doubling with each character and for growth by powers; and those measured then. */
const ladders: readonly { readonly probes: readonly number[]; around(length: number): readonly number[] }[] = [
  { probes: [18, 22, 26, 30], around: (length) => [length - 6, length - 4, length - 2, length, length + 2] },
  { probes: [4000, 20_000, 50_000], around: (length) => [length / 8, length / 4, length / 2, length, length * 2] },
]
/** Milliseconds that are worth a closer look, and after which nothing longer is sent. */
const suspicious = 120
const longest = 3000

/** How often harmless text is sent: the quickest answer counts, since the first may warm something up. */
const harmlessTries = 3

/** Demands that time grows much faster than length, over at least three lengths, while harmless text of the same lengths is quick. */
export const slowPattern: AttackClass = {
  id: 'slow-pattern',
  attack: (lab) => {
    const targets = targetsFor(lab, {
      code: words,
      names: /mail|url|phone|pattern|regex|search|q$|name|text|date|slug|ip|tag|user/i,
    }).filter((target) => target.parameter.place !== 'path' || inHandler(target, words))
    return eachTarget(lab, {
      targets: targets.slice(0, 16),
      nothing: 'The code of the app uses no regular expressions, or takes no parameters.',
      width: 1,
      attempt: (target) => attempt(lab, target),
    })
  },
}

async function attempt(lab: Lab, target: Target): Promise<Proof | undefined> {
  const pattern = target.endpoint.parameters.find(
    ({ name, place }) => /pattern|regex|regexp/i.test(name) && place !== 'file',
  )
  const ask = (text: string, purpose: string) => {
    const set = pattern === undefined || pattern === target.parameter ? [] : [[pattern, '^(a+)+$'] as const]
    return lab.submit(target.endpoint, purpose, { set: [...set, [target.parameter, text]], timeout: longest })
  }
  // What is slow anyway (a password that is hashed) is no sign of a pattern.
  const usual = await quickest(harmlessTries, () => ask('!'.repeat(18), 'sends a short harmless text'))
  const worth = Math.max(suspicious, 8 * usual)
  if (worth > longest / 2) return undefined
  for (const { probes, around } of ladders) {
    for (const [family, write] of families) {
      for (const probe of probes) {
        // Lines of a request are short in many servers.
        if (target.parameter.place !== 'json' && target.parameter.place !== 'form' && probe > 8000) continue
        const found = await suspect(probe)
        if (!lab.timeLeft()) return undefined
        if (!found) continue
        const proof = await measured(around(probe), family, write)
        if (proof !== undefined) return proof
        break

        async function suspect(length: number): Promise<boolean> {
          const exchange = await ask(write(length), 'sends a text that patterns go over again and again')
          if (statusOf(exchange) === 0) await revived(lab)
          if (exchange.milliseconds < worth) return false
          const harmless = await ask('!'.repeat(length), 'sends harmless text of the same length')
          return statusOf(harmless) !== 0 && exchange.milliseconds > 8 * harmless.milliseconds
        }
      }
    }
  }
  return undefined

  async function measured(
    lengths: readonly number[],
    family: string,
    write: (length: number) => string,
  ): Promise<Proof | undefined> {
    const slow: TimedAnswer[] = []
    const quick: TimedAnswer[] = []
    const exchanges: Exchange[] = []
    for (const length of lengths) {
      const exchange = await ask(write(length), `sends ${length} characters`)
      slow.push({ dose: length, took: exchange.milliseconds })
      exchanges.push(exchange)
      const stuck = statusOf(exchange) === 0
      if (stuck) await revived(lab)
      quick.push({
        dose: length,
        took: (await ask('!'.repeat(length), 'sends as many harmless characters')).milliseconds,
      })
      if (stuck || exchange.milliseconds > longest / 2) break
    }
    if (!growsFast(slow, quick)) return undefined
    return {
      rule: 'slow-pattern',
      ...target,
      message: `Text in ${titleOf(target)} takes ${slow.map(({ dose, took }) => `${Math.round(took)} ms for ${dose}`).join(', ')} characters; harmless text takes ${Math.round(Math.max(...quick.map(({ took }) => took)))} ms.`,
      exchanges: exchanges.slice(-2),
      family,
    }
  }
}

async function quickest(times: number, send: () => Promise<Exchange>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let time = 0; time < times; time += 1) least = Math.min(least, (await send()).milliseconds)
  return least
}

/** Waits until the app answers again; what goes on too long is started anew. */
export async function revived(lab: Lab): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const answer = await lab.parts.client.send(
      { method: 'GET', path: '/', headers: [] },
      { purpose: 'asks whether the app answers again', timeout: longest },
    )
    if (statusOf(answer) !== 0) return
  }
  await lab.parts.restart()
}
