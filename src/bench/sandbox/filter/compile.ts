import type { Condition, Refusal, RefusedCall } from './system-calls-table.ts'

/** A processor the filter can be made for, with its audit number (linux/audit.h) and its place in the table. */
const processors = {
  x64: { audit: 0xc000003e, place: 0 },
  arm64: { audit: 0xc00000b7, place: 1 },
} as const
export type FilteredProcessor = keyof typeof processors

export function isFiltered(processor: string): processor is FilteredProcessor {
  return Object.hasOwn(processors, processor)
}

/** Instructions of classic BPF (linux/filter.h): load a word, jump if equal, greater or equal, bits set, return. */
const load = 0x20
const jumpEqual = 0x15
const jumpFrom = 0x35
const jumpBits = 0x45
const giveBack = 0x06

/** Answers of a filter (linux/seccomp.h). */
const allow = 0x7fff0000
const kill = 0x80000000
const errno = 0x00050000
const numbersOf: Readonly<Record<Refusal, number>> = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 }

/** Where `struct seccomp_data` has the call's number, the processor and the lower half of the first argument. */
const callAt = 0
const processorAt = 4
const argumentsAt = 16

/** Calls from here on are those of the x32 way to call, under other numbers. */
const firstX32 = 0x40000000

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, value: number]

/**
 * A program for the kernel's filter of system calls, as the bytes `bwrap --seccomp` takes: refuses what is listed, ends who
 * calls in the way of another processor, and lets everything else pass.
 */
export function compileFilter(calls: readonly RefusedCall[], processor: FilteredProcessor): Buffer {
  const { audit, place } = processors[processor]
  const refuse = (refusal: Refusal): Instruction => [giveBack, 0, 0, errno | numbersOf[refusal]]
  const program: Instruction[] = [
    [load, 0, 0, processorAt],
    [jumpEqual, 1, 0, audit],
    [giveBack, 0, 0, kill],
    [load, 0, 0, callAt],
  ]
  if (processor === 'x64') program.push([jumpFrom, 0, 1, firstX32], refuse('ENOSYS'))
  for (const { numbers, refusal, when } of calls) {
    const number = numbers[place]
    if (number === undefined) continue
    const body = when === undefined ? [refuse(refusal)] : conditional(when, refuse(refusal))
    program.push([jumpEqual, 0, body.length, number], ...body)
  }
  program.push([giveBack, 0, 0, allow])
  return Buffer.concat(program.map(encode))
}

/** Refuses under the condition and lets pass otherwise: nothing else is said of the same call. */
function conditional({ argument, is, values }: Condition, refuse: Instruction): Instruction[] {
  const test = is === 'with-bits' ? jumpBits : jumpEqual
  const pass: Instruction = [giveBack, 0, 0, allow]
  const [met, unmet] = is === 'none-of' ? [pass, refuse] : [refuse, pass]
  return [
    [load, 0, 0, argumentsAt + 8 * argument],
    ...values.flatMap((value): Instruction[] => [[test, 0, 1, value], met]),
    unmet,
  ]
}

/** `struct sock_filter`: a code of two bytes, two jumps of one, a value of four; both processors are little endian. */
function encode([code, whenTrue, whenFalse, value]: Instruction): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt8(whenTrue, 2)
  bytes.writeUInt8(whenFalse, 3)
  bytes.writeUInt32LE(value >>> 0, 4)
  return bytes
}
