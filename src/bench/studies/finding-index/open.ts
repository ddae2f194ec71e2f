import type { Database } from '#platform/database'
import type { StudyTables } from '../tables.ts'
import { forgetChanges } from './changes.ts'
import { countUpTo } from './read.ts'
import type { FindingRows } from './rows.ts'
import { IndexedWorkspace } from './workspace.ts'

/**
 * Findings kept in memory, in all workspaces together: about 0.3 KB each, so 150 MB at most. A workspace that has more is
 * asked of the database.
 */
export const findingsKept = 500_000
/** How long a workspace with too many findings is not counted again. */
const tooLargeMs = 10 * 60 * 1000
/** How often old records of changes are forgotten. */
const forgetMs = 10 * 60 * 1000

/** Findings in the memory of this process, beside the database that all processes write. */
export interface FindingIndex extends AsyncDisposable {
  /**
   * Asks the findings of a workspace as they are in the database at this moment; `question` must not wait for anything.
   * @returns undefined where the database has to be asked: there are too many findings, or they are still being read
   */
  ask<Answer>(workspace: string, question: (rows: FindingRows) => Answer): Promise<Answer | undefined>
  /** Waits until what is being read of a workspace has been read. */
  settled(workspace: string): Promise<void>
}

export interface FindingIndexOptions {
  readonly now: () => number
  /** Told when findings could not be read; the next question tries again. */
  readonly onError: (error: unknown) => void
  /** Default {@link findingsKept}. */
  readonly limit?: number
}

export function openFindingIndex(
  database: Database,
  { now, onError, limit = findingsKept }: FindingIndexOptions,
): FindingIndex {
  const db = database.tables<StudyTables>()
  /** The one asked last at the end. */
  const workspaces = new Map<string, IndexedWorkspace>()
  /** Until when they are not counted again. */
  const tooLarge = new Map<string, number>()
  let checkpoint: { readonly at: number; readonly from: bigint } | undefined

  /** Counted before any is read. */
  async function opened(workspace: string): Promise<IndexedWorkspace | undefined> {
    if ((tooLarge.get(workspace) ?? 0) > now()) return undefined
    tooLarge.delete(workspace)
    const count = workspaces.get(workspace)?.size ?? (await countUpTo(db, workspace, limit))
    if (count > limit) {
      tooLarge.set(workspace, now() + tooLargeMs)
      return undefined
    }
    const indexed = workspaces.get(workspace) ?? new IndexedWorkspace(db, workspace, count, onError)
    workspaces.delete(workspace)
    workspaces.set(workspace, indexed)
    return indexed
  }

  /** Lets go of those that are too large, then of those not asked for longest, until the others are few enough. */
  function keepWithin(): void {
    const known = [...workspaces].sort(([, a], [, b]) => Number(b.size > limit) - Number(a.size > limit))
    let kept = known.reduce((sum, [, { size }]) => sum + size, 0)
    for (const [workspace, indexed] of known) {
      if (kept <= limit) return
      if (indexed.size > limit) tooLarge.set(workspace, now() + tooLargeMs)
      kept -= indexed.size
      workspaces.delete(workspace)
      indexed.stop()
    }
  }

  async function forget(from: bigint | undefined): Promise<void> {
    if (from === undefined || (checkpoint !== undefined && now() < checkpoint.at + forgetMs)) return
    const before = checkpoint?.from
    checkpoint = { at: now(), from }
    if (before !== undefined) await forgetChanges(db, before)
  }

  return {
    async ask(workspace, question) {
      const indexed = await opened(workspace)
      const answer = await indexed?.ask(question)
      keepWithin()
      await forget(indexed?.from)
      return answer
    },
    async settled(workspace) {
      await workspaces.get(workspace)?.settled()
    },
    async [Symbol.asyncDispose]() {
      for (const indexed of workspaces.values()) indexed.stop()
      await Promise.all([...workspaces.values()].map((indexed) => indexed.settled()))
    },
  }
}
