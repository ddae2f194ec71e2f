import type { Exchange } from '#bench/findings'
import { bodyOf, jsonOf, refused, statusOf, succeeded } from '../http/answer.ts'
import type { Endpoint } from '../inventory/endpoint.ts'
import type { Lab } from '../lab.ts'
import { signature } from '../proof/differential.ts'
import type { AttackClass, Proof, Trial } from '../proof.ts'
import { isAccountRoute } from '../session/routes.ts'
import type { Visitor } from '../session/visitor.ts'
import { type Kind, kindsOf, type MadeObject, make, of, textsWith } from './objects.ts'

/**
 * Demands that the second user, or nobody, reads or changes an object of the first, as the first user's own view shows before and
 * after. Objects that the app shows or gives to everybody are nobody's own and do not count.
 */
export const missingAuthorization: AttackClass = {
  id: 'missing-authorization',
  async attack(lab): Promise<Trial> {
    const { first, second, nobody } = lab.visitors
    if (first === undefined || second === undefined)
      return {
        proofs: [],
        tried: 0,
        unmade:
          lab.accounts.login.length === 0
            ? { outcome: 'not_applicable', reason: 'The app has no accounts.' }
            : { outcome: 'error', reason: 'Nobody could sign up and in, so there are no two users to compare.' },
      }
    const proofs: Proof[] = []
    let tried = 0
    for (const kind of kindsOf(lab)) {
      const object = await make(lab, kind, first)
      if (object === undefined) continue
      tried += 1
      const owned = await ownership(lab, object, first, second)
      for (const other of [second, nobody]) {
        const closed =
          other === nobody
            ? refused(await lab.submit(kind.create, 'tries to make an object without signing in', {}, nobody))
            : owned
        if (!closed) continue
        proofs.push(...(await reading(lab, object, first, other, owned)), ...(await changing(lab, kind, first, other)))
      }
    }
    const pages = await adminPages(lab, first, second)
    proofs.push(...pages.proofs)
    tried += pages.tried
    if (tried === 0)
      return {
        proofs,
        tried,
        unmade: {
          outcome: 'not_applicable',
          reason: 'No objects of a user could be made, and there are no pages for administrators.',
        },
      }
    return { proofs: distinct(proofs), tried }
  },
}

/** Whether the app treats the object as the first user's own: its list keeps it from the second, or it names its owner. */
async function ownership(
  lab: Lab,
  { kind, word, id, made }: MadeObject,
  first: Visitor,
  second: Visitor,
): Promise<boolean> {
  if (kind.list !== undefined) {
    const mine = await lab.submit(kind.list, 'lists the objects of the first user', {}, first)
    const theirs = await lab.submit(kind.list, 'lists the objects of the second user', {}, second)
    if (bodyOf(mine).includes(word)) return !bodyOf(theirs).includes(word) || namesOwner(jsonOf(mine))
  }
  if (kind.show === undefined) return namesOwner(jsonOf(made))
  const shown = await of(lab, kind.show, id, 'looks at the own object', first)
  return bodyOf(shown).includes(word) && (namesOwner(jsonOf(shown)) || personal.test(kind.create.path))
}

const ownerField = /"(?:owner|user|author|account|customer|creator|created_by|createdBy)(?:_?id|Id|name)?"\s*:/
const personal =
  /order|invoice|message|note|document|ticket|account|wallet|payment|address|card|diary|journal|secret|private|draft|todo|task|report/i

function namesOwner(json: unknown): boolean {
  return json !== undefined && ownerField.test(JSON.stringify(json))
}

async function reading(lab: Lab, object: MadeObject, first: Visitor, other: Visitor, owned: boolean): Promise<Proof[]> {
  const { show } = object.kind
  if (show === undefined || !owned) return []
  const list =
    object.kind.list === undefined
      ? undefined
      : await lab.submit(object.kind.list, 'lists what is open to them', {}, other)
  // What a list shows to them is meant to be read by them.
  if (list !== undefined && bodyOf(list).includes(object.word)) return []
  const own = await of(lab, show, object.id, 'the owner looks at the object', first)
  const seen = await of(lab, show, object.id, `${other.title} looks at it`, other)
  if (!bodyOf(own).includes(object.word) || !bodyOf(seen).includes(object.word)) return []
  return [
    proof(
      show,
      `${capital(other.title)} reads an object of the first user by its id.`,
      [own, seen],
      object.word,
      'reading',
    ),
  ]
}

async function changing(lab: Lab, kind: Kind, first: Visitor, other: Visitor): Promise<Proof[]> {
  const view = kind.show ?? kind.list
  if (view === undefined) return []
  const proofs: Proof[] = []
  for (const [endpoints, action] of [
    [kind.change, 'changes'],
    [kind.remove, 'removes'],
  ] as const) {
    for (const endpoint of endpoints) {
      const object = await make(lab, kind, first)
      if (object === undefined) continue
      const before = await of(lab, view, object.id, 'the owner looks before', first)
      if (!bodyOf(before).includes(object.word)) continue
      const word = lab.word()
      const set = action === 'changes' ? textsWith(endpoint, word) : []
      const done = await of(lab, endpoint, object.id, `${other.title} ${action} it`, other, { set })
      const after = await of(lab, view, object.id, 'the owner looks after', first)
      if (statusOf(after) === 0) continue
      const gone = !bodyOf(after).includes(object.word)
      if (!(action === 'changes' ? bodyOf(after).includes(word) : gone && succeeded(done))) continue
      proofs.push(
        proof(
          endpoint,
          `${capital(other.title)} ${action} an object of the first user, whose own view shows it.`,
          [before, done, after],
          action === 'changes' ? word : '',
          action,
        ),
      )
    }
  }
  return proofs
}

/** Pages for administrators that an ordinary user sees, with what they show of others. */
async function adminPages(lab: Lab, first: Visitor, second: Visitor): Promise<{ proofs: Proof[]; tried: number }> {
  const pages = lab.endpoints.filter(
    (endpoint) =>
      endpoint.method === 'GET' &&
      /(?:^|\/)(?:admin|administration|manage|internal)(?:\/|$)/i.test(endpoint.path) &&
      !isAccountRoute(endpoint, lab.accounts),
  )
  const proofs: Proof[] = []
  for (const page of pages) {
    for (const visitor of [lab.visitors.nobody, first]) {
      const shown = await lab.submit(page, `${visitor.title} opens a page for administrators`, {}, visitor)
      if (statusOf(shown) !== 200 || /type=["']?password/i.test(bodyOf(shown))) continue
      const tells = [second.person.email, second.person.name].find((text) => bodyOf(shown).includes(text))
      if (tells === undefined) continue
      const start = await lab.get('/', 'opens the start page for comparison', visitor)
      if (signature(start) === signature(shown)) continue
      proofs.push(
        proof(
          page,
          `${capital(visitor.title)} sees a page for administrators, with data of the second user.`,
          [shown],
          tells,
          'administration',
        ),
      )
      break
    }
  }
  return { proofs, tried: pages.length }
}

function proof(
  endpoint: Endpoint,
  message: string,
  exchanges: readonly Exchange[],
  shows: string,
  family: string,
): Proof {
  const parameter = endpoint.parameters.filter(({ place }) => place === 'path').at(-1)
  return { rule: 'missing-authorization', endpoint, ...(parameter && { parameter }), message, exchanges, shows, family }
}

/** One proof for each endpoint: what nobody may do, others may not either. */
function distinct(proofs: readonly Proof[]): Proof[] {
  return [...new Map(proofs.map((one) => [`${one.endpoint.method} ${one.endpoint.path}`, one])).values()]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
