import type { Exchange } from '#bench/findings'
import { bodyOf, headerOf, isPage, jsonOf, statusOf, succeeded } from '../http/answer.ts'
import type { Client } from '../http/client.ts'
import { draftOf } from '../http/request.ts'
import type { Visitor } from '../session/visitor.ts'
import { valuesFor } from '../values.ts'
import { type Endpoint, endpointKey, type Parameter, unite } from './endpoint.ts'
import { endpointsOfOpenApi } from './from-openapi.ts'
import { readPage } from './from-page.ts'
import { fieldsIn, type SeenIds } from './learn.ts'

/** Pages beyond which crawling teaches little. */
const pageLimit = 60
const documents = ['/openapi.json', '/swagger.json', '/api/openapi.json', '/v3/api-docs', '/apispec_1.json']

export interface TourOptions {
  readonly client: Client
  readonly visitor: Visitor
  readonly ids: SeenIds
  readonly word: string
  /** Account routes: not walked through again. */
  readonly skip: (endpoint: Endpoint) => boolean
  readonly deadline: number
}

/**
 * Walks through an app like somebody who uses it: follows links, reads forms and served documents, makes one object of
 * everything that can be made, and learns ids and fields from the answers.
 *
 * @returns what was known with what was learnt
 */
export async function tour(
  known: readonly Endpoint[],
  options: TourOptions,
): Promise<{ endpoints: Endpoint[]; exchanges: Exchange[] }> {
  const { client, visitor, ids, word, skip, deadline } = options
  const exchanges: Exchange[] = []
  let endpoints = unite([...known, { method: 'GET', path: '/', parameters: [], origins: ['link'], open: false }])
  const done = new Set<string>()
  if (!endpoints.some(({ path }) => /openapi|swagger/.test(path))) {
    for (const path of documents) {
      const answer = await client.send(
        { method: 'GET', path, headers: [] },
        { purpose: 'asks for a description of the interfaces', visitor },
      )
      const found = statusOf(answer) === 200 ? endpointsOfOpenApi(jsonOf(answer)) : []
      if (found.length === 0) continue
      endpoints = unite([...endpoints, ...found])
      break
    }
  }
  for (const stage of stages) {
    for (let round = 0; round < 3; round += 1) {
      const next = endpoints
        .filter((endpoint) => stage(endpoint) && !skip(endpoint) && !done.has(endpointKey(endpoint)))
        .slice(0, pageLimit - done.size)
      if (next.length === 0 || performance.now() > deadline) break
      for (const endpoint of next) done.add(endpointKey(endpoint))
      const learnt: Endpoint[] = []
      await eachOf(next, 4, async (endpoint) => {
        if (performance.now() > deadline) return
        const exchange = await client.send(draftOf(endpoint, valuesFor(endpoint, visitor.person, word, ids)), {
          purpose: 'uses the app',
          visitor,
        })
        exchanges.push(exchange)
        learnt.push(...learn(endpoint, exchange, ids))
      })
      endpoints = unite([...endpoints, ...learnt])
    }
  }
  return { endpoints, exchanges }
}

/** First what can be looked at, then what can be made, then what was made. */
const stages: readonly ((endpoint: Endpoint) => boolean)[] = [
  ({ method, path }) => method === 'GET' && !path.includes(':'),
  ({ method, path }) => method === 'POST' && !path.includes(':'),
  ({ method }) => method === 'GET',
  ({ method, path }) => method === 'POST' && path.includes(':'),
]

function learn(endpoint: Endpoint, exchange: Exchange, ids: SeenIds): Endpoint[] {
  const { pathname } = new URL(exchange.request.url)
  if (!succeeded(exchange)) return []
  const json = jsonOf(exchange)
  ids.learn(pathname, json, headerOf(exchange, 'location'))
  if (isPage(exchange)) {
    const { endpoints } = readPage(bodyOf(exchange), exchange.request.url)
    for (const { path } of endpoints) {
      const object = /^(.*)\/(\d+|[0-9a-f-]{16,})(?:\/|$)/.exec(path)
      if (object) ids.add(object[1] ?? '', object[2] ?? '')
    }
    return endpoints.filter(({ path }) => !/\.(?:css|js|png|jpe?g|svg|ico|woff2?)$/.test(path))
  }
  // The fields an object is shown with are likely those it is made with.
  if (endpoint.open && endpoint.method !== 'GET' && endpoint.parameters.every(({ place }) => place === 'path')) {
    const fields = fieldsIn(json).filter(
      (name) => !/^(?:_?id|created|updated|message|success|ok|error|status|token)/i.test(name),
    )
    return [{ ...endpoint, parameters: fields.map((name): Parameter => ({ name, place: 'json', required: false })) }]
  }
  return []
}

/** Runs the work on every item, `width` at a time. */
export async function eachOf<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
    }),
  )
}
