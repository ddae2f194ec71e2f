import type { SandboxProcess } from '#bench/sandbox'
import type { LogLine } from './contract.ts'

/** Lines kept from the beginning and from the end. */
const keptFirst = 2_000
const keptLast = 8_000
/** Characters of a line. */
const lineLength = 4_000

/** What the parts of an app print, line by line. */
export interface Logs {
  /** Takes down what a process prints. `startedAt`: when its sandbox started, in milliseconds since the launch began. */
  follow(process: SandboxProcess, part: string, startedAt: number): void
  add(line: LogLine): void
  /** In the order they came; a line in the middle stands for what was left out. */
  lines(): readonly LogLine[]
}

/** An empty collection. Long output loses its middle, never its beginning or end. */
export function collectLogs(): Logs {
  const first: LogLine[] = []
  let last: LogLine[] = []
  let dropped = 0
  const unfinished = new Map<string, { line: LogLine; of: SandboxProcess }>()

  function add(line: LogLine): void {
    if (first.length < keptFirst) {
      first.push(line)
      return
    }
    last.push(line)
    if (last.length > 2 * keptLast) {
      dropped += last.length - keptLast
      last = last.slice(-keptLast)
    }
  }

  return {
    add,
    follow(process, part, startedAt) {
      const rest = { stdout: '', stderr: '' }
      process.onOutput(({ stream, text, at }) => {
        const pieces = (rest[stream] + text).split(/\r?\n/)
        rest[stream] = (pieces.pop() ?? '').slice(-lineLength)
        for (const piece of pieces) add({ part, stream, text: plain(piece), at: startedAt + at })
        const key = `${part} ${stream}`
        if (rest[stream] === '') unfinished.delete(key)
        else unfinished.set(key, { line: { part, stream, text: plain(rest[stream]), at: startedAt + at }, of: process })
      })
    },
    lines() {
      const gap: LogLine[] =
        dropped === 0
          ? []
          : [{ part: '', stream: 'stderr', text: `… ${dropped} lines left out …`, at: last[0]?.at ?? 0 }]
      return [...first, ...gap, ...last, ...[...unfinished.values()].map(({ line }) => line)]
    },
  }
}

/** Without the colours of terminals. */
function plain(text: string): string {
  return text.replace(/\u001b\[[\d;?]*[A-Za-z]/g, '').slice(0, lineLength)
}
