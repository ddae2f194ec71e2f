import type { Exchange } from '#bench/findings'
import type { RunningApp } from '#bench/launch'
import { randomOf } from '#bench/statistics'
import { type Listener, plantCanary, startListener } from './canary.ts'
import { Client } from './http/client.ts'
import type { Draft } from './http/request.ts'
import type { Endpoint } from './inventory/endpoint.ts'
import type { Inventory } from './inventory/inventory.ts'
import { SeenIds } from './inventory/learn.ts'
import { tour } from './inventory/tour.ts'
import { Lab, personOf, wordOf } from './lab.ts'
import { signIn, signUpAndIn } from './session/accounts.ts'
import { accountRoutes, isAccountRoute } from './session/routes.ts'
import { Visitor } from './session/visitor.ts'

/** Exchanges remembered for the checks that look back. */
const remembered = 4000

export interface PrepareOptions {
  readonly signal: AbortSignal
  readonly requestsPerSecond: number
  readonly seed: number
  /** Seconds for preparation and attacks together. */
  readonly seconds: number
  /** Told of each death of the app, with what it was answering. */
  readonly onDeath: (suspects: readonly Draft[]) => void
  /** The app is walked through to learn its links, forms, ids and fields. Default true. */
  readonly walk?: boolean
}

/** A lab, and what ends with it. */
export interface PreparedLab {
  readonly lab: Lab
  /** Ends what was started beside the app. */
  release(): void
}

/** Makes a running app ready: canary, listener, two users, a walk through everything an ordinary user reaches. */
export async function prepare(
  running: RunningApp,
  { endpoints, code }: Inventory,
  options: PrepareOptions,
): Promise<PreparedLab> {
  const { signal, seed, seconds, walk = true } = options
  const deadline = performance.now() + seconds * 1000
  const random = randomOf(seed)
  const client = new Client(running, signal, options.requestsPerSecond)
  const traffic: Exchange[] = []
  client.onExchange = (exchange) => {
    if (traffic.length < remembered) traffic.push(exchange)
  }
  const canary = await plantCanary(running, wordOf(random))
  let listener: Listener | undefined = await startListener(running, 'node')
  const visitors: Visitor[] = []
  const restart = async () => {
    await running.restart()
    await plantCanary(running, canary.folder.slice('/tmp/assay-'.length))
    listener = await startListener(running, 'node')
  }
  client.onDeath = async (suspects) => {
    options.onDeath(suspects)
    await restart()
    // Sessions and people may be gone with the process; requests made meanwhile wait for this one.
    needsPeople = true
  }
  let needsPeople = false

  const nobody = new Visitor('nobody', personOf(wordOf(random)))
  const ids = new SeenIds()
  const word = wordOf(random)
  const half = performance.now() + (seconds * 1000) / 3
  let known: readonly Endpoint[] = endpoints
  const walkAs = async (visitor: Visitor) => {
    if (!walk) return
    const accounts = accountRoutes(known)
    const learnt = await tour(known, {
      client,
      visitor,
      ids,
      word,
      deadline: half,
      skip: (endpoint) => isAccountRoute(endpoint, accounts),
    })
    known = learnt.endpoints
  }
  await walkAs(nobody)
  const people: Visitor[] = []
  for (const title of ['the first user', 'the second user']) {
    const visitor = await signUpAndIn(client, accountRoutes(known), title, personOf(wordOf(random)))
    if (visitor !== undefined) people.push(visitor)
  }
  const [first, second] = people
  if (first !== undefined) await walkAs(first)
  visitors.push(...people)
  const accounts = accountRoutes(known)
  const lab = new Lab({
    running,
    client,
    endpoints: known,
    accounts,
    visitors: { nobody, ...(first && { first }), ...(second && { second }) },
    ids,
    code,
    canary,
    get listener() {
      return listener
    },
    random,
    signal,
    deadline,
    traffic,
    restart: async () => {
      await restart()
      needsPeople = true
    },
    settle: async () => {
      if (!needsPeople) return
      needsPeople = false
      for (const visitor of visitors) {
        if ((await signIn(client, accounts, visitor)) !== undefined) continue
        const again = await signUpAndIn(client, accounts, visitor.title, visitor.person)
        if (again === undefined) continue
        visitor.jar.take(again.jar.all().map(({ header }) => header))
        visitor.bearer = again.bearer
      }
    },
  })
  return { lab, release: () => listener?.stop() }
}
