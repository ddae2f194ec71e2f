import { join } from 'node:path'
import type { Ecosystem } from '../manifest.ts'
import { type AnswerStore, answerStore } from './answers.ts'
import { questionKey, type RegistryAnswer, type RegistryQuestion, RegistryUnreachable } from './lookup.ts'
import { askNpm } from './npm.ts'
import { askPypi } from './pypi.ts'

/** Questions asked of one registry at a time. */
const parallel = 8
/** Milliseconds a registry that did not answer is left alone. */
const remembersUnreachable = 60_000

export interface RegistryOptions {
  readonly npmRegistry?: string
  readonly pypiRegistry?: string
  /** Folder for kept answers. */
  readonly cache: string
  readonly network: boolean
  /** Epoch milliseconds. */
  readonly now: number
  readonly signal: AbortSignal
  log(message: string): void
}

/** The answers of one registry, and how much of the asking worked. */
export interface RegistryReport {
  readonly asked: number
  /** By {@link questionKey}. */
  readonly answers: ReadonlyMap<string, RegistryAnswer>
  /** Why there is no answer for the rest; absent when all were answered. */
  readonly failure?: string
}

/** Per process: a registry that does not answer must not cost every app its time. */
const unreachable = new Map<string, { readonly until: number; readonly reason: string }>()
const reached = new Set<string>()

/** The address of the registry a person configured, or the public one. */
export function registryAddress(
  ecosystem: Ecosystem,
  options: Pick<RegistryOptions, 'npmRegistry' | 'pypiRegistry'>,
): string {
  if (ecosystem === 'npm') {
    return options.npmRegistry ?? (process.env['npm_config_registry'] || 'https://registry.npmjs.org')
  }
  return options.pypiRegistry ?? 'https://pypi.org'
}

/**
 * Asks the registry of one ecosystem all questions, from kept answers where they are young enough. Never throws for a
 * registry that fails: the report says so.
 */
export async function askRegistry(
  ecosystem: Ecosystem,
  questions: readonly RegistryQuestion[],
  options: RegistryOptions,
): Promise<RegistryReport> {
  const address = registryAddress(ecosystem, options)
  const store = answerStore(join(options.cache, 'registry'), options.now, options.log)
  const answers = new Map<string, RegistryAnswer>()
  const open: RegistryQuestion[] = []
  const distinct = new Map(questions.map((question) => [questionKey(question), question]))
  for (const [key, question] of distinct) {
    const kept = await store.get(`${address} ${key}`)
    if (kept) answers.set(key, kept)
    else open.push(question)
  }
  const failure = open.length === 0 ? undefined : await askOpen(address, open, answers, store, options)
  return { asked: distinct.size, answers, ...(failure !== undefined && { failure }) }
}

async function askOpen(
  address: string,
  open: readonly RegistryQuestion[],
  answers: Map<string, RegistryAnswer>,
  store: AnswerStore,
  options: RegistryOptions,
): Promise<string | undefined> {
  if (!options.network) return 'the network is switched off (--offline)'
  const known = unreachable.get(address)
  if (known !== undefined && performance.now() < known.until) return known.reason
  let failure: string | undefined
  const askOne = async (question: RegistryQuestion) => {
    const key = questionKey(question)
    try {
      const answer = await (question.ecosystem === 'npm' ? askNpm : askPypi)(
        address,
        question.name,
        question.version,
        options.signal,
      )
      answers.set(key, answer)
      await store.put(`${address} ${key}`, answer)
    } catch (error) {
      if (!(error instanceof RegistryUnreachable)) throw error
      failure ??= error.message
    }
  }
  const queue = [...open]
  // The first question goes alone: when nobody answers it, the others are not asked.
  if (!reached.has(address)) {
    const first = queue.shift()
    if (first) await askOne(first)
    if (failure !== undefined) {
      unreachable.set(address, { until: performance.now() + remembersUnreachable, reason: failure })
      return failure
    }
    reached.add(address)
  }
  const worker = async () => {
    for (let question = queue.shift(); question; question = queue.shift()) {
      await askOne(question)
      if (failure !== undefined) return
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  if (failure !== undefined) {
    reached.delete(address)
    unreachable.set(address, { until: performance.now() + remembersUnreachable, reason: failure })
  }
  return failure
}
