import { expect, test } from 'vitest'
import { compileFilter } from './compile.ts'
import { type RefusedCall, refusedCalls, uncountedMemory } from './system-calls-table.ts'

/** What the kernel does with a program: enough of classic BPF to run ours, on one call. */
function decide(program: Buffer, call: { processor: number; number: number; arguments?: readonly number[] }): number {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(call.number, 0)
  data.writeUInt32LE(call.processor, 4)
  for (const [index, value] of (call.arguments ?? []).entries()) data.writeUInt32LE(value, 16 + 8 * index)
  let accumulator = 0
  for (let at = 0; ; at += 1) {
    const code = program.readUInt16LE(8 * at)
    const value = program.readUInt32LE(8 * at + 4)
    if (code === 0x06) return value
    if (code === 0x20) accumulator = data.readUInt32LE(value)
    else {
      const holds = { 21: accumulator === value, 53: accumulator >= value, 69: (accumulator & value) !== 0 }[code]
      if (holds === undefined) throw new Error(`no such instruction: ${code}`)
      at += program.readUInt8(8 * at + (holds ? 2 : 3))
    }
  }
}

const allowed = 0x7fff0000
const killed = 0x80000000
const refused = { EPERM: 0x00050001, ENOSYS: 0x00050026, EAFNOSUPPORT: 0x00050061 }
const x64 = 0xc000003e
const arm64 = 0xc00000b7

const calls: readonly RefusedCall[] = [
  { name: 'mount', numbers: [165, 40], refusal: 'EPERM' },
  { name: 'iopl', numbers: [172, undefined], refusal: 'ENOSYS' },
  {
    name: 'clone',
    numbers: [56, 220],
    refusal: 'EPERM',
    when: { argument: 0, is: 'with-bits', values: [0x7e020000] },
  },
  { name: 'ioctl', numbers: [16, 29], refusal: 'EPERM', when: { argument: 1, is: 'one-of', values: [7, 9] } },
  {
    name: 'socket',
    numbers: [41, 198],
    refusal: 'EAFNOSUPPORT',
    when: { argument: 0, is: 'none-of', values: [1, 2] },
  },
]

test('a listed call is refused, every other passes, and another way to call ends the program', () => {
  const program = compileFilter(calls, 'x64')
  expect(decide(program, { processor: x64, number: 165 })).toBe(refused.EPERM)
  expect(decide(program, { processor: x64, number: 172 })).toBe(refused.ENOSYS)
  expect(decide(program, { processor: x64, number: 0 })).toBe(allowed)
  expect(decide(program, { processor: x64, number: 40 })).toBe(allowed)
  expect(decide(program, { processor: x64, number: 0x40000000 + 165 })).toBe(refused.ENOSYS)
  expect(decide(program, { processor: 0x40000003, number: 165 })).toBe(killed)
})

test('64-bit ARM has its own numbers', () => {
  const program = compileFilter(calls, 'arm64')
  expect(decide(program, { processor: arm64, number: 40 })).toBe(refused.EPERM)
  expect(decide(program, { processor: arm64, number: 165 })).toBe(allowed)
  expect(decide(program, { processor: arm64, number: 172 })).toBe(allowed)
  expect(decide(program, { processor: x64, number: 0 })).toBe(killed)
})

test('conditions look at the argument', () => {
  const program = compileFilter(calls, 'x64')
  const answer = (number: number, ...values: number[]) => decide(program, { processor: x64, number, arguments: values })
  expect(answer(56, 0x01200011)).toBe(allowed)
  expect(answer(56, 0x10000011)).toBe(refused.EPERM)
  expect(answer(16, 0, 8)).toBe(allowed)
  expect(answer(16, 7, 9)).toBe(refused.EPERM)
  expect(answer(41, 2)).toBe(allowed)
  expect(answer(41, 40)).toBe(refused.EAFNOSUPPORT)
})

test.each(['x64', 'arm64'] as const)('no call is listed twice on %s', (processor) => {
  const place = processor === 'x64' ? 0 : 1
  const numbers = [...refusedCalls, ...uncountedMemory].flatMap((call) => call.numbers[place] ?? [])
  expect(new Set(numbers).size).toBe(numbers.length)
})
