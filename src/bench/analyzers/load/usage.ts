import type { SandboxUsage } from '#bench/sandbox'

/** What the app took at one moment. */
export interface UsageSample {
  /** Milliseconds since the sampling began. */
  readonly at: number
  /** Seconds of processor time since the sandbox started. */
  readonly cpuSeconds: number
  /** MiB. */
  readonly memory: number
}

export interface UsageSampler {
  /** Milliseconds since the sampling began. */
  now(): number
  samples(): readonly UsageSample[]
  /** Asks out of turn. */
  sample(): Promise<UsageSample>
  stop(): void
}

const interval = 250

/** Asks again and again what the app takes, never twice at a time. A sandbox that is gone ends the sampling. */
export function sampleUsage(usage: () => Promise<SandboxUsage>): UsageSampler {
  const began = performance.now()
  const samples: UsageSample[] = []
  const now = (): number => performance.now() - began
  let asking = false
  const timer = setInterval(() => {
    if (asking) return
    asking = true
    sample().then(
      () => {
        asking = false
      },
      // It is no more, which the analysis sees for itself.
      () => clearInterval(timer),
    )
  }, interval)

  async function sample(): Promise<UsageSample> {
    const { cpuSeconds, memory } = await usage()
    const taken = { at: now(), cpuSeconds, memory }
    samples.push(taken)
    return taken
  }

  return { now, samples: () => samples, sample, stop: () => clearInterval(timer) }
}

/** Processors kept busy on average between two moments (1.5: one and a half); undefined with fewer than two samples. */
export function busyProcessors(samples: readonly UsageSample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined || last.at <= first.at) return undefined
  return ((last.cpuSeconds - first.cpuSeconds) / (last.at - first.at)) * 1000
}
