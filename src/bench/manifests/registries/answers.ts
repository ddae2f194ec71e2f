import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf } from '#platform/errors'
import type { RegistryAnswer } from './lookup.ts'

const day = 24 * 3_600_000
/** A package that exists rarely goes away; one that does not exist may be registered any day. */
const keptFor = { positive: 7 * day, negative: day }

const storedSchema = z.object({
  at: z.number(),
  question: z.string(),
  answer: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('found'),
      version: z.string(),
      deprecated: z.string().exactOptional(),
      licence: z.string().exactOptional(),
      installScript: z.boolean().exactOptional(),
      securityHold: z.boolean().exactOptional(),
    }),
    z.object({ kind: z.literal('no-version') }),
    z.object({ kind: z.literal('no-package') }),
  ]),
})

/** Registry answers kept on disk, one small file each: written whole or not at all, safe for many processes. */
export interface AnswerStore {
  get(question: string): Promise<RegistryAnswer | undefined>
  put(question: string, answer: RegistryAnswer): Promise<void>
}

/** @param now epoch milliseconds, for the age of answers */
export function answerStore(folder: string, now: number, log: (message: string) => void): AnswerStore {
  const fileOf = (question: string) => join(folder, `${createHash('sha256').update(question).digest('hex')}.json`)
  return {
    async get(question) {
      let text: string
      try {
        text = await readFile(fileOf(question), 'utf8')
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        log(`A kept registry answer cannot be read: ${messageOf(error)}`)
        return undefined
      }
      const stored = parseStored(text)
      if (stored === undefined || stored.question !== question) {
        log(`The kept registry answer for ${question} is damaged and is asked again.`)
        return undefined
      }
      const age = now - stored.at
      const limit = stored.answer.kind === 'found' ? keptFor.positive : keptFor.negative
      return age >= 0 && age < limit ? stored.answer : undefined
    },
    async put(question, answer) {
      await mkdir(folder, { recursive: true })
      const unfinished = join(folder, `.${randomUUID()}`)
      await writeFile(unfinished, JSON.stringify({ at: now, question, answer }))
      await rename(unfinished, fileOf(question))
    },
  }
}

function parseStored(text: string): z.infer<typeof storedSchema> | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  return storedSchema.safeParse(value).data
}
