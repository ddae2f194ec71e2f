import type { ReportFinding } from './report.ts'
import { counted } from './summary.ts'

/** Characters of an address that are written out; the whole request is in the report's JSON. */
const longestTarget = 120

/**
 * What proved a finding on the running app, a line each: `proved by 3 requests, the last POST /login, answered 500`, then what was seen
 * inside. Empty for findings that rest on the source alone.
 */
export function proofLines({ evidence }: Pick<ReportFinding, 'evidence'>): readonly string[] {
  const { exchanges = [], observed = [] } = evidence
  const last = exchanges.at(-1)
  if (last === undefined) return observed
  const answer = last.response === undefined ? 'not answered' : `answered ${last.response.status}`
  const others = exchanges.length === 1 ? '' : `${counted(exchanges.length, 'request', 'requests')}, the last `
  return [`proved by ${others}${last.request.method} ${targetOf(last.request.url)}, ${answer}`, ...observed]
}

/** Path and query, cut where they are long. */
function targetOf(url: string): string {
  const target = url.replace(/^https?:\/\/[^/?#]*/, '') || '/'
  return target.length > longestTarget ? `${target.slice(0, longestTarget)}…` : target
}
