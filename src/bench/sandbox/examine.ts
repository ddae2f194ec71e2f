import { AssayError, messageOf } from '#platform/errors'
import type { Enforcement, Runner, RunnerReport, SandboxLimits } from './contract.ts'

export interface Abilities {
  readonly version: string
  readonly limits: Readonly<Record<keyof SandboxLimits, Enforcement>>
  readonly notes: readonly string[]
}

/**
 * Runs a program in a sandbox of the runner, and reports what it can do only when that worked.
 *
 * @param abilities asked after the trial
 */
export async function tryOnce(
  runner: Runner,
  signal: AbortSignal,
  abilities: () => Promise<Abilities>,
): Promise<RunnerReport> {
  try {
    await using sandbox = await runner.start({ signal, limits: { memory: 256, disk: 16, wallSeconds: 60 } })
    const { code, stderr } = await sandbox.run({ argv: ['/bin/sh', '-c', 'test -w /app'] }, signal)
    if (code !== 0) throw new Error(`A program did not run in it: ${stderr.trim() || `exit code ${code}`}.`)
    return { runner: runner.id, available: true, ...(await abilities()) }
  } catch (error) {
    signal.throwIfAborted()
    const next = error instanceof AssayError ? error.next : undefined
    return { runner: runner.id, available: false, reason: messageOf(error), next: next ?? 'See docs/sandbox.md.' }
  }
}
