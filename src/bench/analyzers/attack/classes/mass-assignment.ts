import type { Exchange } from '#bench/findings'
import { jsonOf, succeeded } from '../http/answer.ts'
import type { Json } from '../http/request.ts'
import type { Endpoint, Parameter } from '../inventory/endpoint.ts'
import { type Lab, personOf } from '../lab.ts'
import type { AttackClass, Proof, Trial } from '../proof.ts'
import { signUpAndIn } from '../session/accounts.ts'
import type { Visitor } from '../session/visitor.ts'
import { kindsOf, make, of } from './objects.ts'

const privileges: readonly (readonly [name: string, value: Json])[] = [
  ['role', 'admin'],
  ['is_admin', true],
  ['isAdmin', true],
  ['admin', true],
]
const reserved =
  /^(?:role|is_?admin|admin|is_?staff|verified|is_?verified|approved|balance|credits?|price|owner_?id|plan|is_?premium|discount|paid)$/i

/** Demands that a field nobody asked for is kept: a later, separate view shows the value sent, and another without it. */
export const massAssignment: AttackClass = {
  id: 'mass-assignment',
  async attack(lab): Promise<Trial> {
    const people = await newPeople(lab)
    const objects = await newObjects(lab)
    const tried = people.tried + objects.tried
    const proofs = [...people.proofs, ...objects.proofs]
    if (tried === 0)
      return {
        proofs,
        tried,
        unmade: { outcome: 'not_applicable', reason: 'Nothing that is made through the app is shown again as data.' },
      }
    return { proofs, tried }
  },
}

/** Signing up with privileges, and giving them to oneself in the profile. */
async function newPeople(lab: Lab): Promise<Trial> {
  const { first } = lab.visitors
  const [register] = lab.accounts.register
  const views = lab.accounts.profile
  if (first === undefined || register === undefined || views.length === 0) return { proofs: [], tried: 0 }
  const proofs: Proof[] = []
  const ordinary = await viewsOf(lab, views, first)
  const extended = { ...lab.accounts, register: lab.accounts.register.map(withPrivileges) }
  const risen = await signUpAndIn(lab.parts.client, extended, 'a user with privileges', personOf(lab.word()))
  const declared = new Set(register.parameters.map(({ name }) => name))
  if (risen !== undefined) {
    const shown = await viewsOf(lab, views, risen)
    const field = privileges.find(
      ([name, value]) => !declared.has(name) && holds(shown, name, value) && !holds(ordinary, name, value),
    )
    const exchange = risen.history[0]
    if (field !== undefined && exchange !== undefined)
      proofs.push(
        proofOf(register, field[0], 'Whoever signs up', [exchange, ...shown.slice(0, 1), ...ordinary.slice(0, 1)]),
      )
  }
  const own = lab.endpoints.filter(
    ({ method, path }) => /^(?:PUT|PATCH|POST)$/.test(method) && views.some((view) => view.path === path),
  )
  for (const endpoint of own) {
    const someone = await signUpAndIn(lab.parts.client, lab.accounts, 'a third user', personOf(lab.word()))
    if (someone === undefined) break
    const set = privileges
      .filter(([name]) => !endpoint.parameters.some((parameter) => parameter.name === name))
      .map(([name, value]) => [extra(endpoint, name), value] as const)
    const exchange = await lab.submit(endpoint, 'gives itself privileges', { set }, someone)
    const shown = await viewsOf(lab, views, someone)
    const field = privileges.find(([name, value]) => holds(shown, name, value) && !holds(ordinary, name, value))
    if (field !== undefined)
      proofs.push(proofOf(endpoint, field[0], 'Whoever changes their profile', [exchange, ...shown.slice(0, 1)]))
  }
  return { proofs, tried: 1 + own.length }
}

/** Making and changing objects with fields that are shown, but not asked for. */
async function newObjects(lab: Lab): Promise<Trial> {
  const proofs: Proof[] = []
  let tried = 0
  for (const kind of kindsOf(lab)) {
    if (kind.show === undefined && kind.list === undefined) continue
    const plain = await make(lab, kind, lab.visitor)
    if (plain === undefined) continue
    const seen = await view(plain.id)
    const fields = Object.entries(objectOf(jsonOf(seen), plain.id) ?? {}).filter(
      ([name]) => reserved.test(name) && !kind.create.parameters.some((parameter) => parameter.name === name),
    )
    tried += 1
    for (const [name, old] of fields) {
      const value: Json = typeof old === 'boolean' ? !old : typeof old === 'number' ? lab.number() : lab.word()
      const made = await make(lab, kind, lab.visitor, { set: [[extra(kind.create, name), value]] })
      if (made === undefined) continue
      const shown = await view(made.id)
      if (!holds([shown], name, value)) continue
      proofs.push(proofOf(kind.create, name, 'Whoever makes an object', [made.made, shown, seen]))
      break
    }

    async function view(id: string): Promise<Exchange> {
      const { show, list } = kind
      if (show !== undefined) return of(lab, show, id, 'looks at the object', lab.visitor)
      return list === undefined
        ? Promise.reject(new RangeError('nothing shows the object'))
        : lab.submit(list, 'looks at the objects')
    }
  }
  return { proofs, tried }
}

function withPrivileges(endpoint: Endpoint): Endpoint {
  const fields = privileges
    .filter(([name]) => !endpoint.parameters.some((parameter) => parameter.name === name))
    .map(
      ([name, value]): Parameter => ({
        ...extra(endpoint, name),
        sample: String(value),
        ...(value === true && { type: 'boolean' }),
      }),
    )
  const known = endpoint.parameters.some(({ name }) => /pass|pwd/i.test(name))
  const usual = known ? [] : ['username', 'email', 'password'].map((name): Parameter => extra(endpoint, name))
  return { ...endpoint, parameters: [...endpoint.parameters, ...usual, ...fields] }
}

function extra(endpoint: Endpoint, name: string): Parameter {
  return {
    name,
    place: endpoint.parameters.find(({ place }) => place === 'form' || place === 'json')?.place ?? 'json',
    required: false,
  }
}

async function viewsOf(lab: Lab, views: readonly Endpoint[], visitor: Visitor): Promise<Exchange[]> {
  const shown: Exchange[] = []
  for (const view of views.slice(0, 3)) {
    const exchange = await lab.submit(view, `${visitor.title} looks at the own profile`, {}, visitor)
    if (succeeded(exchange)) shown.push(exchange)
  }
  return shown
}

function holds(exchanges: readonly Exchange[], name: string, value: Json): boolean {
  return exchanges.some((exchange) => inside(jsonOf(exchange), name, value))
}

function inside(json: unknown, name: string, value: Json, depth = 0): boolean {
  if (typeof json !== 'object' || json === null || depth > 4) return false
  return Object.entries(json).some(
    ([key, field]) =>
      (key === name && (field === value || (value === true && field === 1))) || inside(field, name, value, depth + 1),
  )
}

function objectOf(json: unknown, id: string, depth = 0): object | undefined {
  if (typeof json !== 'object' || json === null || depth > 4) return undefined
  if (!Array.isArray(json) && Object.entries(json).some(([name, value]) => /id$/i.test(name) && String(value) === id))
    return json
  for (const value of Object.values(json)) {
    const found = objectOf(value, id, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function proofOf(endpoint: Endpoint, name: string, who: string, exchanges: readonly Exchange[]): Proof {
  return {
    rule: 'mass-assignment',
    endpoint,
    parameter: extra(endpoint, name),
    message: `${who} sets the field ${name} by sending it: a later view shows the value.`,
    exchanges,
    shows: `"${name}"`,
    family: 'extra field',
  }
}
