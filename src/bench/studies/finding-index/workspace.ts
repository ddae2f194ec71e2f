import type { Kysely } from 'kysely'
import type { StudyTables } from '../tables.ts'
import { ChangeReader } from './changes.ts'
import { readAll, readParts } from './read.ts'
import { FindingRows, type Part } from './rows.ts'

/** Findings read again while a question waits; more are read while the database answers. */
const findingsAtOnce = 2000
/** Looks for changes until a question goes to the database: somebody writes all the time. */
const looks = 3

/** The findings of one workspace in memory: read whole at first, then only what changed. */
export class IndexedWorkspace {
  readonly #db: Kysely<StudyTables>
  readonly #workspace: string
  readonly #warn: (error: unknown) => void
  readonly #closing = new AbortController()
  #rows: FindingRows | undefined
  #changes: ChangeReader
  /** Reads more than a question can wait for. */
  #reading: Promise<void> | undefined
  /** How many findings there were when they were last counted. */
  #size: number
  #look: Promise<boolean> | undefined
  #nextLook: Promise<boolean> | undefined

  /** @param warn told when reading in the background failed; the next question begins it anew */
  constructor(db: Kysely<StudyTables>, workspace: string, size: number, warn: (error: unknown) => void) {
    this.#db = db
    this.#workspace = workspace
    this.#size = size
    this.#warn = warn
    this.#changes = new ChangeReader(db, workspace)
  }

  /** How many findings it keeps, or is about to. */
  get size(): number {
    return this.#rows?.size ?? this.#size
  }

  /** The transaction before which nothing is to be looked for any more. */
  get from(): bigint | undefined {
    return this.#changes.from
  }

  /**
   * Asks the findings as they are in the database now, all at once: `question` must not wait for anything.
   * @returns undefined while there is too much to read first
   */
  async ask<Answer>(question: (rows: FindingRows) => Answer): Promise<Answer | undefined> {
    const current = await this.#current()
    // What was begun since must not be seen half done.
    return current && this.#reading === undefined && this.#rows !== undefined ? question(this.#rows) : undefined
  }

  /** Waits for what is read in the background. */
  async settled(): Promise<void> {
    await this.#reading
  }

  /** Answers nothing any more, and soon reads nothing. */
  stop(): void {
    this.#closing.abort()
  }

  /** A look that began before the question was asked may have missed what the asker knows: it waits for the one after. */
  #current(): Promise<boolean> {
    if (this.#look === undefined) {
      this.#look = this.#bringUpToDate().finally(() => {
        this.#look = undefined
      })
      return this.#look
    }
    const again = (): Promise<boolean> => {
      this.#nextLook = undefined
      return this.#current()
    }
    this.#nextLook ??= this.#look.then(again, again)
    return this.#nextLook
  }

  /** @returns whether the rows are what the database has at this moment */
  async #bringUpToDate(): Promise<boolean> {
    if (this.#reading !== undefined) return false
    if (this.#rows === undefined) return this.#begin(this.#readAll())
    for (let look = 0; look < looks && !this.#closing.signal.aborted; look += 1) {
      const { parts, incomplete } = await this.#changes.read()
      if (incomplete) return this.#begin(this.#readAll())
      if (parts.length === 0) return true
      if (this.#rows.sizeOf(parts) > findingsAtOnce) return this.#begin(this.#readAgain(this.#rows, parts))
      try {
        await this.#readAgain(this.#rows, parts)
      } catch (error) {
        // The changes are not told again.
        this.#rows = undefined
        throw error
      }
    }
    return false
  }

  #begin(reading: Promise<void>): false {
    this.#reading = reading
      .catch((error: unknown) => {
        this.#rows = undefined
        if (!this.#closing.signal.aborted) this.#warn(error)
      })
      .finally(() => {
        this.#reading = undefined
      })
    return false
  }

  async #readAll(): Promise<void> {
    this.#size = this.size
    this.#rows = undefined
    this.#changes = new ChangeReader(this.#db, this.#workspace)
    await this.#changes.read()
    const rows = new FindingRows()
    for await (const findings of readAll(this.#db, this.#workspace)) {
      if (this.#closing.signal.aborted) return
      for (const finding of findings) rows.add(finding)
    }
    this.#rows = rows
  }

  async #readAgain(rows: FindingRows, parts: readonly Part[]): Promise<void> {
    for await (const read of readParts(this.#db, parts)) {
      if (this.#closing.signal.aborted) return
      rows.replace(read.parts, read.findings)
    }
  }
}
