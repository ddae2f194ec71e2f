import { z } from 'zod'
import type { Stretch } from './generator/schedule.ts'

/** Seconds a profile may last: the analysis has to end within its own time. */
export const longestProfile = 600
/** Requests a second, or users. */
const level = z.number().min(0).max(20_000)
const seconds = z.number().positive().max(longestProfile)

/** How a rate, or a number of users, goes over time. */
export const profileSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), level: level.positive(), seconds }),
  /** In `steps` equal steps from one level to the other, `seconds` in all. */
  z.strictObject({ kind: z.literal('step'), from: level, to: level, steps: z.int().min(2).max(100), seconds }),
  z.strictObject({ kind: z.literal('ramp'), from: level, to: level, seconds }),
  /** The base, suddenly the peak, and the base again. */
  z.strictObject({
    kind: z.literal('spike'),
    base: level,
    peak: level.positive(),
    before: seconds,
    during: seconds,
    after: seconds,
  }),
  /** Piece by piece; `to` is `from` unless given. */
  z.strictObject({
    kind: z.literal('custom'),
    stretches: z
      .array(z.strictObject({ seconds, from: level, to: level.optional() }))
      .min(1)
      .max(100),
  }),
])
export type Profile = z.infer<typeof profileSchema>

/** What a profile is made of: levels that stay or go straight. */
export function stretchesOf(profile: Profile): readonly Stretch[] {
  switch (profile.kind) {
    case 'constant':
      return [flat(profile.level, profile.seconds)]
    case 'ramp':
      return [{ seconds: profile.seconds, from: profile.from, to: profile.to }]
    case 'step': {
      const { from, to, steps, seconds: whole } = profile
      return Array.from({ length: steps }, (_, step) => flat(from + ((to - from) * step) / (steps - 1), whole / steps))
    }
    case 'spike':
      return [flat(profile.base, profile.before), flat(profile.peak, profile.during), flat(profile.base, profile.after)]
    case 'custom':
      return profile.stretches.map(({ seconds: length, from, to = from }) => ({ seconds: length, from, to }))
  }
}

/** A level that stays. */
export function flat(height: number, length: number): Stretch {
  return { seconds: length, from: height, to: height }
}
