import { StringDecoder } from 'node:string_decoder'
import type { SandboxExit, SandboxOutput, SandboxProcess } from './contract.ts'
import { maximalOutput } from './supervisor/messages.ts'

/** What the host knows of a process in a sandbox. */
export interface ProcessRecord {
  readonly process: SandboxProcess
  readonly truncated: boolean
  output(stream: 'stdout' | 'stderr', bytes: Buffer, at: number): void
  cut(): void
  exit(exit: SandboxExit): void
  text(stream: 'stdout' | 'stderr'): string
}

/** Keeps what a process prints, up to 8 MiB, and how it ends. */
export function recordProcess(kill: (signal: NodeJS.Signals) => void): ProcessRecord {
  const printed: SandboxOutput[] = []
  const listeners = new Set<(output: SandboxOutput) => void>()
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }
  const { promise: exited, resolve } = Promise.withResolvers<SandboxExit>()
  let size = 0
  let truncated = false
  let ended = false

  return {
    process: {
      onOutput(listener) {
        for (const one of [...printed]) listener(one)
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      exited,
      kill(signal = 'SIGKILL') {
        if (!ended) kill(signal)
      },
    },
    get truncated() {
      return truncated
    },
    output(stream, bytes, at) {
      size += bytes.length
      // The supervisor keeps to this; who took its place may not.
      if (size > maximalOutput) {
        truncated = true
        return
      }
      const text = decoders[stream].write(bytes)
      if (text === '') return
      const one = { stream, text, at }
      printed.push(one)
      for (const listener of listeners) listener(one)
    },
    cut() {
      truncated = true
    },
    exit(exit) {
      ended = true
      resolve(exit)
    },
    text: (stream) =>
      printed
        .filter((one) => one.stream === stream)
        .map(({ text }) => text)
        .join(''),
  }
}
