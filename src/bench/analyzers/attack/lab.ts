import type { Exchange } from '#bench/findings'
import type { Observation, RunningApp } from '#bench/launch'
import type { Random } from '#bench/statistics'
import type { Canary, Listener } from './canary.ts'
import { bodyOf, isPage, refused, statusOf } from './http/answer.ts'
import type { Client } from './http/client.ts'
import { draftOf, type FileValue, type Json, parameterKey } from './http/request.ts'
import { type Endpoint, endpointKey, type Parameter } from './inventory/endpoint.ts'
import { isToken, readPage } from './inventory/from-page.ts'
import type { SeenIds } from './inventory/learn.ts'
import type { Target } from './proof.ts'
import { type AccountRoutes, isAccountRoute, isAmong } from './session/routes.ts'
import { Visitor } from './session/visitor.ts'
import { type Person, valuesFor } from './values.ts'

/** What differs from an ordinary request to an endpoint. */
export interface Change {
  /** Values by parameter; undefined leaves the parameter out. */
  readonly set?: readonly (readonly [Parameter, Json | undefined])[]
  readonly files?: ReadonlyMap<string, FileValue>
  readonly rawQuery?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly timeout?: number
  /** The visitor's cookies stay as they are. */
  readonly keep?: boolean
  /** The CSRF tokens of the page are not fetched. */
  readonly withoutTokens?: boolean
}

/** The people who use the app. */
export interface Visitors {
  readonly nobody: Visitor
  /** Signed in, where the app lets people sign up. */
  readonly first?: Visitor
  readonly second?: Visitor
}

export interface LabParts {
  readonly running: RunningApp
  readonly client: Client
  readonly endpoints: readonly Endpoint[]
  readonly accounts: AccountRoutes
  readonly visitors: Visitors
  readonly ids: SeenIds
  /** All of the app's own code. */
  readonly code: string
  readonly canary: Canary
  readonly listener: Listener | undefined
  readonly random: Random
  readonly signal: AbortSignal
  /** On the clock of `performance.now()`. */
  readonly deadline: number
  readonly traffic: readonly Exchange[]
  /** Starts the app anew, with what is laid out for it. */
  restart(): Promise<void>
  /** After a new start: signs the people in again, or up where the app has forgotten them. */
  settle(): Promise<void>
}

/** What attacks are made with: the app, the people who use it, what is laid out for them, chance and time. */
export class Lab {
  readonly parts: LabParts
  #observed: Observation[] = []
  #observedAt = 0
  #word: string
  #wanted: (target: Target) => boolean = () => true
  #reached = new Map<string, Promise<boolean>>()
  #pages = new Map<string, Promise<ReadonlyMap<string, string>>>()

  constructor(parts: LabParts) {
    this.parts = parts
    this.#word = this.word()
  }

  get visitors(): Visitors {
    return this.parts.visitors
  }

  get endpoints(): readonly Endpoint[] {
    return this.parts.endpoints
  }

  get accounts(): AccountRoutes {
    return this.parts.accounts
  }

  /** Nine small letters and digits, never the same twice. */
  word(): string {
    return wordOf(this.parts.random)
  }

  /** A number of five digits. */
  number(): number {
    return 10_000 + this.parts.random.below(89_999)
  }

  /** Somebody who may use most of the app: the first user where there are users. */
  get visitor(): Visitor {
    return this.visitors.first ?? this.visitors.nobody
  }

  /** Whether time is left for another target. */
  timeLeft(): boolean {
    this.parts.signal.throwIfAborted()
    return performance.now() < this.parts.deadline
  }

  /** Every parameter of every endpoint. Account routes take part: their fields are as good as others. */
  targets(): Target[] {
    const all = this.endpoints.flatMap((endpoint) =>
      endpoint.parameters.filter(({ token }) => token !== true).map((parameter) => ({ endpoint, parameter })),
    )
    return all.filter(this.#wanted)
  }

  /** From now on only such parameters are targets. */
  narrow(wanted: (target: Target) => boolean): void {
    this.#wanted = wanted
  }

  /** An ordinary request to the endpoint, but for what is changed. */
  async submit(
    endpoint: Endpoint,
    purpose: string,
    change: Change = {},
    visitor: Visitor = this.visitor,
  ): Promise<Exchange> {
    const registering = isAmong(endpoint, this.accounts.register)
    const person = registering ? personOf(this.word()) : visitor.person
    const values = valuesFor(endpoint, person, this.#word, this.parts.ids)
    const fields = new Map(values.fields)
    if (endpoint.page !== undefined && change.withoutTokens !== true && endpoint.parameters.some(isToken)) {
      for (const [name, value] of await this.#tokensOf(endpoint.page, visitor)) {
        const parameter = endpoint.parameters.find((candidate) => candidate.name === name)
        if (parameter !== undefined) fields.set(parameterKey(parameter), value)
      }
    }
    if (change.withoutTokens === true)
      for (const parameter of endpoint.parameters.filter(isToken)) fields.delete(parameterKey(parameter))
    for (const [parameter, value] of change.set ?? []) {
      if (value === undefined) fields.delete(parameterKey(parameter))
      else fields.set(parameterKey(parameter), value)
    }
    const extra = (change.set ?? [])
      .map(([parameter]) => parameter)
      .filter((parameter) => !endpoint.parameters.includes(parameter))
    const files = change.files ?? values.files
    const draft = draftOf(
      extra.length === 0 ? endpoint : { ...endpoint, parameters: [...endpoint.parameters, ...extra] },
      {
        fields,
        ...(files && { files }),
        ...(change.rawQuery !== undefined && { rawQuery: change.rawQuery }),
      },
    )
    // Signing in and out again would end the session everything else is done with.
    const alone = registering || isAmong(endpoint, this.accounts.login) || isAmong(endpoint, this.accounts.logout)
    return this.parts.client.send(draft, {
      purpose,
      visitor: alone && change.keep === undefined ? new Visitor('somebody', person) : visitor,
      ...(change.headers && { headers: change.headers }),
      ...(change.timeout !== undefined && { timeout: change.timeout }),
      ...(change.keep !== undefined && { keep: change.keep }),
    })
  }

  /** Whether ordinary requests get through to the endpoint: what is turned away before says nothing about what lies behind. */
  reaches(endpoint: Endpoint): Promise<boolean> {
    const key = endpointKey(endpoint)
    const known = this.#reached.get(key)
    if (known !== undefined) return known
    const account = isAccountRoute(endpoint, this.accounts)
    const asked = this.submit(endpoint, 'uses the app', { keep: false }).then((answer) => {
      const status = statusOf(answer)
      if (status === 0 || status === 405) return false
      if (status === 404) return endpoint.path.includes(':')
      return account || !refused(answer)
    })
    this.#reached.set(key, asked)
    return asked
  }

  /** The same with one value changed. */
  attempt(
    { endpoint, parameter }: Target,
    value: Json,
    purpose: string,
    change: Omit<Change, 'set' | 'files'> = {},
  ): Promise<Exchange> {
    return this.submit(endpoint, purpose, { ...change, set: [[parameter, value]] })
  }

  /** A page or object by its path. */
  get(path: string, purpose: string, visitor: Visitor = this.visitor): Promise<Exchange> {
    return this.parts.client.send({ method: 'GET', path, headers: [] }, { purpose, visitor })
  }

  /** Whether a file of that name lies where nobody should be able to write. */
  async touched(word: string): Promise<boolean> {
    return (await this.parts.running.sandbox.read(`${this.parts.canary.folder}/${word}`)) !== undefined
  }

  /** What was observed inside whose detail holds the word, as sentences. */
  async observed(word: string, kinds?: readonly Observation['kind'][]): Promise<Observation[]> {
    const fresh = await this.parts.running.observations(this.#observedAt)
    for (const observation of fresh) {
      if (this.#observed.length < 50_000) this.#observed.push(observation)
      this.#observedAt = Math.max(this.#observedAt, observation.at)
    }
    if (this.#observed.length > 20_000) this.#observed = this.#observed.slice(-10_000)
    return this.#observed.filter(
      ({ kind, detail }) => detail.includes(word) && (kinds === undefined || kinds.includes(kind)),
    )
  }

  /** The CSRF tokens of a form's page, for one visitor and request. */
  #tokensOf(page: string, visitor: Visitor): Promise<ReadonlyMap<string, string>> {
    const key = `${visitor.title} ${visitor.jar.header() ?? ''} ${page}`
    const known = this.#pages.get(key)
    if (known !== undefined) return known
    const fetched = this.get(page, 'fetches the form', visitor).then((answer) =>
      isPage(answer) && statusOf(answer) < 400
        ? readPage(bodyOf(answer), answer.request.url).tokens
        : new Map<string, string>(),
    )
    this.#pages.set(key, fetched)
    return fetched
  }

  /** Tokens are for one use in some apps: forgets those known. */
  forgetTokens(): void {
    this.#pages.clear()
  }
}

/** Nine small letters and digits. */
export function wordOf(random: Random): string {
  return `as${(random.next() >>> 0).toString(36).padStart(7, '0').slice(-7)}`
}

/** A person who does not exist yet. */
export function personOf(word: string): Person {
  return { name: word, email: `${word}@example.org`, password: `Assay-7-${word}!` }
}
