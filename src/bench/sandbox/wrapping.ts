import type { SandboxLimits } from './contract.ts'

/** Seconds of processor time one process gets over the limit of all: the watchdog, which knows the sum, comes first. */
const spareSeconds = 10

/** Before the program: the first to go when memory runs out, its folder, its limits. */
const prelude = 'echo 500 2>/dev/null >/proc/self/oom_score_adj; cd -- "$1" || exit 127; shift; exec "$@"'

/**
 * What a command line becomes inside, so that the limits of single processes hold for it.
 *
 * @param more further arguments of `prlimit`
 */
export function wrapping(prlimit: string, limits: SandboxLimits, more: readonly string[] = []) {
  const rlimits = [
    `--nofile=${limits.openFiles}`,
    `--cpu=${Math.ceil(limits.cpuSeconds) + spareSeconds}`,
    '--core=0',
    ...more,
  ]
  return (argv: readonly string[], cwd: string): readonly string[] => [
    ...['/bin/sh', '-c', prelude, 'sh', cwd, prlimit, ...rlimits, '--', ...argv],
  ]
}
