import type { Exchange } from '#bench/findings'
import { draftOf, type Json } from '../http/request.ts'
import type { Lab } from '../lab.ts'
import { signature, tellsApart } from '../proof/differential.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, targetsFor, titleOf } from './each-target.ts'

const words = /mongo|\$(?:ne|gt|lt|in|regex|where|eq)\b|\.find(?:One)?\s*\(|nedb|couch|tinydb|collection\(/i

/** Operators that match everything, and those that match nothing, with values that are never the same. */
const matching: readonly ((word: string) => { readonly [key: string]: Json })[] = [
  (word) => ({ $ne: word }),
  (word) => ({ $nin: [word] }),
]
const failing: readonly ((word: string) => { readonly [key: string]: Json })[] = [
  (word) => ({ $eq: word }),
  (word) => ({ $in: [word] }),
]

/** Demands that operators that hold and operators that do not steer the answer, and that an unknown operator is not taken like one that holds. */
export const nosqlInjection: AttackClass = {
  id: 'nosql-injection',
  attack: (lab) =>
    eachTarget(lab, {
      targets: targetsFor(lab, {
        code: words,
        places: new Set(['json', 'query', 'form']),
        names: /user|name|pass|email|token|id|search|q$/i,
      }),
      nothing: 'The code of the app has no query of documents, or takes no parameters.',
      attempt: (target) => attempt(lab, target),
    }),
}

async function attempt(lab: Lab, target: Target): Promise<Proof | undefined> {
  const inBody = target.parameter.place === 'json'
  // A password beside it must match as well, where one is asked for.
  const beside = target.endpoint.parameters.filter(
    (other) => other !== target.parameter && other.place === target.parameter.place,
  )
  for (const alone of beside.length === 0 ? [true] : [true, false]) {
    const ask = async (operator: { readonly [key: string]: Json }, purpose: string) => {
      const others = alone ? [] : beside
      const exchange = inBody
        ? await lab.submit(target.endpoint, purpose, {
            set: [[target.parameter, operator], ...others.map((other) => [other, operator] as const)],
          })
        : await bracketed(
            lab,
            target,
            operator,
            others.map(({ name }) => name),
            purpose,
          )
      return {
        exchange,
        told: signature(exchange, [JSON.stringify(operator), ...Object.keys(operator)]).replace(
          /\bas[0-9a-z]{7}\b/g,
          '',
        ),
      }
    }
    const yes = [await ask({ $ne: lab.word() }, 'sends an operator that holds')]
    const no = [await ask({ $eq: lab.word() }, 'sends an operator that does not hold')]
    if (yes[0]?.told === no[0]?.told) continue
    for (const operator of matching) yes.push(await ask(operator(lab.word()), 'sends an operator that holds'))
    for (const operator of failing) no.push(await ask(operator(lab.word()), 'sends an operator that does not hold'))
    const held = Map.groupBy(yes, ({ told }) => told)
    const most = [...held.values()].find((group) => group.length >= 2)
    if (
      most === undefined ||
      !tellsApart(
        most.map(({ told }) => told),
        no.slice(0, 2).map(({ told }) => told),
      )
    )
      continue
    const unknown = await ask({ $assay: lab.word() }, 'sends an operator that does not exist')
    if (unknown.told === most[0]?.told) continue
    return {
      rule: 'nosql-injection',
      ...target,
      message: `An operator in ${titleOf(target)} steers the query: { $ne: … } matches what a text does not.`,
      exchanges: [most[0]?.exchange, no[0]?.exchange, unknown.exchange].flatMap((exchange) => exchange ?? []),
      family: inBody ? 'object' : 'brackets',
    }
  }
  return undefined
}

/** `name[$ne]=word`, in the query or the form. */
async function bracketed(
  lab: Lab,
  target: Target,
  operator: { readonly [key: string]: Json },
  others: readonly string[],
  purpose: string,
): Promise<Exchange> {
  const pieces = [target.parameter.name, ...others].flatMap((name) =>
    Object.entries(operator).map(
      ([key, value]) =>
        `${name}[${encodeURIComponent(key)}]${Array.isArray(value) ? '[]' : ''}=${encodeURIComponent(String(value))}`,
    ),
  )
  if (target.parameter.place === 'query')
    return lab.submit(target.endpoint, purpose, { set: [[target.parameter, undefined]], rawQuery: pieces.join('&') })
  const draft = draftOf({ ...target.endpoint, parameters: [] }, { fields: new Map() })
  return lab.parts.client.send(
    { ...draft, headers: [['content-type', 'application/x-www-form-urlencoded']], body: pieces.join('&') },
    { purpose, visitor: lab.visitor.copy() },
  )
}
