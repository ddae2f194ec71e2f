import type { StatusExpectation } from './format.ts'

/** Whether a status is one of those expected. */
export function statusIs(status: number, expected: StatusExpectation): boolean {
  if (Array.isArray(expected)) return expected.some((each) => statusIs(status, each))
  if (typeof expected === 'number') return status === expected
  return expected.startsWith('<')
    ? status < Number(expected.slice(1))
    : Math.floor(status / 100) === Number(expected[0])
}

/** For messages: `201 or 2xx`, `below 500`. */
export function statusText(expected: StatusExpectation): string {
  if (Array.isArray(expected)) return expected.map(statusText).join(' or ')
  return String(expected).replace(/^</, 'below ')
}
