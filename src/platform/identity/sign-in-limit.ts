import { sql } from 'kysely'
import type { Database } from '#platform/database'
import { AssayError } from '#platform/errors'
import type { IdentityTables } from './tables.ts'

/** Too many failed sign-ins; `facts.retryAfterSeconds` says when the next try is looked at. */
export class TooManyAttempts extends AssayError {
  readonly code = 'too-many-attempts'
  readonly status = 429
}

/**
 * Failures allowed before each further one blocks, from `firstBlock` seconds doubling up to an hour. Guessing from one
 * place stops early; a whole account only late, so that strangers cannot easily lock its owner out.
 */
const policies = {
  pair: { allowed: 5, firstBlock: 15 },
  account: { allowed: 30, firstBlock: 15 },
  address: { allowed: 20, firstBlock: 15 },
} as const
const longestBlock = 3600
/** Seconds without a failure after which counting begins anew. */
export const forgetAfter = 24 * 3600

export interface SignInLimit {
  /**
   * Counts a try before its password is looked at, so that parallel tries count too.
   * @throws TooManyAttempts
   */
  attempt(email: string, address: string): Promise<void>
  /** Takes the tries of a successful sign-in back. */
  succeeded(email: string, address: string): Promise<void>
}

/** @param now epoch milliseconds */
export function signInLimit(database: Database, now: () => number): SignInLimit {
  const db = database.tables<IdentityTables>()

  /** Counts in one statement that does nothing while the subject is blocked: parallel tries cannot slip past. */
  const count = async ({ key, policy }: Subject): Promise<void> => {
    const at = new Date(now())
    const { allowed, firstBlock } = policies[policy]
    const failures = sql<number>`(case when sign_in_failures.last_at < ${new Date(now() - forgetAfter * 1000)} then 1 else sign_in_failures.failures + 1 end)`
    const seconds = sql`least(${longestBlock}::float8, ${firstBlock}::float8 * 2 ^ least(20, ${failures} - ${allowed}::int))`
    const blocked = sql<Date | null>`case when ${failures} >= ${allowed}::int then ${at}::timestamptz + ${seconds} * interval '1 second' end`
    const counted = await db
      .insertInto('sign_in_failures')
      .values({ subject: key, failures: 1, last_at: at, blocked_until: null })
      .onConflict((conflict) =>
        conflict
          .column('subject')
          .doUpdateSet({ failures, last_at: at, blocked_until: blocked })
          .where((expression) =>
            expression.or([
              expression('sign_in_failures.blocked_until', 'is', null),
              expression('sign_in_failures.blocked_until', '<=', at),
            ]),
          ),
      )
      .returning('subject')
      .executeTakeFirst()
    if (counted === undefined) throw tooMany(await secondsLeft(key))
  }

  const secondsLeft = async (key: string): Promise<number> => {
    const row = await db
      .selectFrom('sign_in_failures')
      .select('blocked_until')
      .where('subject', '=', key)
      .executeTakeFirst()
    return Math.max(1, Math.ceil(((row?.blocked_until?.getTime() ?? 0) - now()) / 1000))
  }

  return {
    async attempt(email, address) {
      for (const subject of subjectsOf(email, address)) await count(subject)
    },
    async succeeded(email, address) {
      const [pair, account, place] = subjectsOf(email, address)
      await db.deleteFrom('sign_in_failures').where('subject', 'in', [pair.key, account.key]).execute()
      // Others may be guessing from the same address: only this try is taken back.
      await db
        .updateTable('sign_in_failures')
        .set({ failures: sql`greatest(failures - 1, 0)`, blocked_until: null })
        .where('subject', '=', place.key)
        .execute()
    },
  }
}

interface Subject {
  readonly key: string
  readonly policy: keyof typeof policies
}

function subjectsOf(email: string, address: string): readonly [Subject, Subject, Subject] {
  return [
    { key: `pair ${address} ${email}`, policy: 'pair' },
    { key: `account ${email}`, policy: 'account' },
    { key: `address ${address}`, policy: 'address' },
  ]
}

function tooMany(retryAfterSeconds: number): TooManyAttempts {
  return new TooManyAttempts('Too many failed sign-ins.', {
    next: `Wait ${retryAfterSeconds} seconds and try again.`,
    facts: { retryAfterSeconds },
  })
}
