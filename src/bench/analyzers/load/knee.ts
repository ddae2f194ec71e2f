/** One rate that was tried, and how it went. */
export interface Attempt {
  /** Requests a second. */
  readonly rate: number
  readonly held: boolean
  /** Why not, for people. */
  readonly reason?: string
}

/** Where the criteria stop to hold. */
export interface Knee {
  /** The highest rate tried that held; 0 when none did. */
  readonly held: number
  /** The lowest rate tried above it that did not, twice; undefined when all held up to the highest allowed. */
  readonly failed: number | undefined
  readonly attempts: readonly Attempt[]
}

export interface KneeSearch {
  /** Where to begin: near what the app managed with users who do not think. */
  readonly start: number
  /** No rate is tried beyond these. */
  readonly lowest: number
  readonly highest: number
  /** Attempts in all, a failed one's repetition included. */
  readonly attempts: number
  attempt(rate: number): Promise<Attempt>
}

/** Step while no bracket is known. */
const stride = 1.6
/** A bracket this narrow is not worth another attempt: attempts of a second or two scatter as much. */
const narrow = 1.15

/**
 * Looks for the highest rate at which the criteria hold: strides up while they hold, down while they do not, then halves the
 * bracket (in ratio). What fails once is tried again, since a neighbour's hiccup is not the app's limit. It assumes that what
 * fails at one rate fails at all higher ones; the answer is the bracket, not a point.
 */
export async function findKnee({ start, lowest, highest, attempts: budget, attempt }: KneeSearch): Promise<Knee> {
  const attempts: Attempt[] = []
  let held: number | undefined
  let failed: number | undefined

  async function holds(rate: number): Promise<boolean | undefined> {
    for (let time = 0; time < 2; time += 1) {
      if (attempts.length >= budget) return undefined
      const made = await attempt(rate)
      attempts.push(made)
      if (made.held) return true
    }
    return false
  }

  for (let rate = clamp(start); ; ) {
    const holding = await holds(rate)
    if (holding === undefined) break
    if (holding) held = rate
    else failed = rate
    const next = nextRate()
    if (next === undefined) break
    rate = next
  }

  function clamp(rate: number): number {
    return Math.min(highest, Math.max(lowest, rounded(rate)))
  }
  function nextRate(): number | undefined {
    if (failed === undefined) return held === highest ? undefined : clamp((held ?? lowest) * stride)
    if (held === undefined) return failed === lowest ? undefined : clamp(failed / stride)
    return failed / held <= narrow ? undefined : clamp(Math.sqrt(failed * held))
  }

  return { held: held ?? 0, failed, attempts }
}

/** To three digits: 1,237 requests a second promise more than was measured. */
function rounded(rate: number): number {
  return Number(rate.toPrecision(3))
}
