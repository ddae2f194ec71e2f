import type { Exchange } from '#bench/findings'
import type { Field, Route } from '#bench/interfaces'
import type { PlannedCheck, Scene, Verdict } from '../check.ts'
import { valueAt } from '../flow.ts'
import type { Visitor } from '../visitor.ts'
import { accountRoutes } from './accounts.ts'
import { madeUpBody, markerOf } from './made-up.ts'
import {
  anybody,
  ask,
  broken,
  fieldsOf,
  type Ground,
  hasParameters,
  methodOf,
  originOf,
  sentByForm,
  unreachable,
} from './plan.ts'

/** Routes that together make, show, change and take away one kind of thing. */
export interface Resource {
  readonly path: string
  readonly create: Route
  /** What its creation and its change take. */
  readonly fields: readonly Field[]
  readonly changed: readonly Field[]
  readonly list?: Route
  readonly show?: Route
  readonly change?: Route
  readonly remove?: Route
}

/** Collections with a route to add to them and at least one to see what was added. */
export function resourcesIn(ground: Ground): readonly Resource[] {
  const { signUp, signIn } = accountRoutes(ground.routes)
  return ground.routes
    .filter((route) => route.method === 'POST' && !hasParameters(route.path) && route !== signUp && route !== signIn)
    .filter((route) => !unreachable(route) && !sentByForm(ground, route))
    .flatMap((create): Resource[] => {
      const path = create.path.replace(/\/$/, '')
      const onItem = (method: string): Route | undefined =>
        ground.routes.find((route) => route.method === method && isItemOf(route.path, path))
      const list = ground.routes.find((route) => route.method === 'GET' && route.path.replace(/\/$/, '') === path)
      const [show, change, remove] = [onItem('GET'), onItem('PUT') ?? onItem('PATCH'), onItem('DELETE')]
      if (!list && !show) return []
      const found = {
        ...(list && { list }),
        ...(show && { show }),
        ...(change && { change }),
        ...(remove && { remove }),
      }
      return [
        { path, create, fields: fieldsOf(ground, create), changed: change ? fieldsOf(ground, change) : [], ...found },
      ]
    })
}

/** What is made can be seen, changed and taken away. */
export function resourceChecks(ground: Ground): readonly PlannedCheck[] {
  return resourcesIn(ground).map((resource) => ({
    id: `resource:${resource.path}`,
    title: `What is added to ${resource.path} can be seen, changed and removed`,
    kind: 'resource',
    origin: originOf(resource.create),
    endpoint: { method: 'POST', path: resource.path },
    run: (scene) => live(scene, resource, anybody(ground)),
  }))
}

/** One life of a thing; returns at the first that goes wrong. */
async function live(scene: Scene, resource: Resource, visitor: Visitor): Promise<Verdict> {
  const seed = `${scene.seed} ${resource.path}`
  const created = await create(scene, resource, visitor, seed)
  if ('outcome' in created) return created
  const { id, marker } = created
  const listed = await asked(scene, visitor, resource.list, 'lists them', resource.path)
  if (listed) {
    if (broken(listed)) return failed(listed)
    if (isFine(listed) && !shows(listed, marker, id)) {
      return { outcome: 'fail', reason: `What POST ${resource.path} added is not in the list.`, at: listed }
    }
  }
  if (id === undefined) return listed ? { outcome: 'pass' } : undecided('The answer to its creation has no id.')
  const item = `${resource.path}/${encodeURIComponent(id)}`
  const shown = await asked(scene, visitor, resource.show, 'shows it', item)
  if (shown && !isFine(shown)) {
    return broken(shown) || isMissing(shown) ? failed(shown) : undecided(`GET ${item} was refused.`)
  }
  return (
    (await change(scene, resource, visitor, item, `${seed} changed`)) ?? (await remove(scene, resource, visitor, item))
  )
}

interface Created {
  readonly id: string | undefined
  /** A text that was sent; undefined when no field takes one. */
  readonly marker: string | undefined
}

/** With all the fields the route reads; where that is refused, with those it cannot do without. */
async function create(
  scene: Scene,
  { fields: body, path }: Resource,
  visitor: Visitor,
  seed: string,
): Promise<Created | Verdict> {
  const required = body.filter((field) => field.required)
  const choices = required.length > 0 && required.length < body.length ? [body, required] : [body]
  let last: Exchange | undefined
  for (const fields of choices) {
    const json = madeUpBody(fields, seed)
    last = await send(scene, visitor, 'POST', 'adds one', path, json)
    if (broken(last)) return failed(last)
    if (isFine(last)) {
      const marker = Object.values(json).find((value) => value === markerOf(seed))
      return { id: idIn(last, visitor), marker: typeof marker === 'string' ? marker : undefined }
    }
  }
  return undecided(`What Assay made up for POST ${path} was refused with ${last?.response?.status}.`)
}

async function change(
  scene: Scene,
  { change: route, changed: fields, show }: Resource,
  visitor: Visitor,
  item: string,
  seed: string,
): Promise<Verdict | undefined> {
  if (route === undefined) return undefined
  const json = madeUpBody(fields, seed)
  const changed = await send(scene, visitor, route.method, 'changes it', item, json)
  if (broken(changed)) return failed(changed)
  const isMarked = Object.values(json).includes(markerOf(seed))
  const shown = isFine(changed) && isMarked ? await asked(scene, visitor, show, 'shows it again', item) : undefined
  if (shown && isFine(shown) && !shows(shown, markerOf(seed), undefined)) {
    return { outcome: 'fail', reason: `What ${route.method} ${item} changed is not there afterwards.`, at: shown }
  }
  return undefined
}

async function remove(
  scene: Scene,
  { remove: route, show }: Resource,
  visitor: Visitor,
  item: string,
): Promise<Verdict> {
  if (route === undefined) return { outcome: 'pass' }
  const removed = await send(scene, visitor, 'DELETE', 'removes it', item)
  if (broken(removed)) return failed(removed)
  if (!isFine(removed)) return undecided(`DELETE ${item} was refused with ${removed.response?.status}.`)
  const shown = await asked(scene, visitor, show, 'asks for what is gone', item)
  if (shown && (isFine(shown) || broken(shown))) {
    const reason = broken(shown) ?? `GET ${item} was answered with ${shown.response?.status} after it was removed.`
    return { outcome: 'fail', reason, at: shown }
  }
  return { outcome: 'pass' }
}

async function asked(
  scene: Scene,
  visitor: Visitor,
  route: Route | undefined,
  purpose: string,
  path: string,
): Promise<Exchange | undefined> {
  return route && ask(scene, visitor, purpose, { method: 'GET', path: route.path.endsWith('/') ? `${path}/` : path })
}

function send(
  scene: Scene,
  visitor: Visitor,
  method: string,
  purpose: string,
  path: string,
  json?: Readonly<Record<string, unknown>>,
): Promise<Exchange> {
  const body = json === undefined ? {} : { json: JSON.parse(JSON.stringify(json)) }
  return ask(scene, visitor, purpose, { method: methodOf(method) ?? 'POST', path, ...body })
}

function isItemOf(path: string, collection: string): boolean {
  const rest = path.startsWith(`${collection}/`) ? path.slice(collection.length + 1).replace(/\/$/, '') : ''
  return /^:\w+$/.test(rest)
}

function isFine({ response }: Exchange): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300
}

function isMissing({ response }: Exchange): boolean {
  return response?.status === 404 || response?.status === 410
}

/** A cut answer may have shown it further on. */
function shows({ response }: Exchange, marker: string | undefined, id: string | undefined): boolean {
  if (response === undefined || response.truncated) return true
  if (marker !== undefined) return response.body.includes(marker)
  return id === undefined || response.body.includes(id)
}

function idIn({ response }: Exchange, visitor: Visitor): string | undefined {
  const paths = ['$.id', '$._id', '$.uuid', '$.*.id', '$.*._id', '$.insertId', '$.*.insertId']
  const own = paths.map((path) => valueAt(path, response, visitor)).find((id) => id !== undefined)
  return own ?? valueAt('header:location', response, visitor)?.split('/').at(-1)
}

function failed(exchange: Exchange): Verdict {
  const { request, response } = exchange
  const status = `${request.method} ${new URL(request.url).pathname} was answered with ${response?.status}.`
  return { outcome: 'fail', reason: broken(exchange) ?? status, at: exchange }
}

function undecided(reason: string): Verdict {
  return { outcome: 'not_applicable', reason }
}
