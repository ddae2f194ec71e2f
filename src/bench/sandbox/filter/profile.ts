import type { Condition, Refusal, RefusedCall } from './system-calls-table.ts'

const numbersOf: Readonly<Record<Refusal, number>> = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 }

interface Argument {
  readonly index: number
  readonly value: number
  readonly valueTwo?: number
  readonly op: 'SCMP_CMP_EQ' | 'SCMP_CMP_GE' | 'SCMP_CMP_MASKED_EQ'
}

/** The same filter as container engines take it: the JSON of `--security-opt seccomp=…`. */
export function filterProfile(calls: readonly RefusedCall[]): object {
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    archMap: [
      { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
      { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
    ],
    syscalls: calls.flatMap(({ name, refusal, when }) => {
      const rule = { names: [name], action: 'SCMP_ACT_ERRNO', errnoRet: numbersOf[refusal] }
      return when === undefined ? [rule] : argumentsOf(when).map((argument) => ({ ...rule, args: [argument] }))
    }),
  }
}

/** A rule for each: libseccomp compares one argument once in a rule. */
function argumentsOf({ argument: index, is, values }: Condition): Argument[] {
  switch (is) {
    case 'one-of':
      return values.map((value) => ({ index, value, op: 'SCMP_CMP_EQ' }))
    case 'with-bits':
      return values.flatMap((value) =>
        bitsOf(value).map((bit) => ({ index, value: bit, valueTwo: bit, op: 'SCMP_CMP_MASKED_EQ' as const })),
      )
    case 'none-of': {
      const beyond = Math.max(...values) + 1
      const between = Array.from({ length: beyond }, (_, value) => value).filter((value) => !values.includes(value))
      return [
        ...between.map((value) => ({ index, value, op: 'SCMP_CMP_EQ' as const })),
        { index, value: beyond, op: 'SCMP_CMP_GE' },
      ]
    }
  }
}

function bitsOf(value: number): number[] {
  return Array.from({ length: 32 }, (_, place) => 2 ** place).filter((bit) => (value & bit) !== 0)
}
