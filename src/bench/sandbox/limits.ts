import { defaultSandboxLimits, type SandboxLimits } from './contract.ts'

/** The limits of a request, the defaults where it names none. @throws RangeError for what is no limit */
export function completeLimits(partial: Partial<SandboxLimits> = {}): SandboxLimits {
  const limits = { ...defaultSandboxLimits, ...partial }
  for (const [name, value] of Object.entries(limits)) {
    const whole = name.endsWith('Seconds') || Number.isInteger(value)
    if (!Number.isFinite(value) || value <= 0 || !whole)
      throw new RangeError(`The limit ${name} is ${value}, which is none.`)
  }
  return limits
}
