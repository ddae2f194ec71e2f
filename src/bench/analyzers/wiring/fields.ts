import type { RawFinding } from '#bench/findings'
import { findingAt, type Wiring } from './finding.ts'
import type { Match } from './requests.ts'

/** What calls send against what the handlers that answer them read. */
export function judgeFields(wiring: Wiring, matches: readonly Match[]): RawFinding[] {
  const findings: RawFinding[] = []
  for (const { call, route } of matches) {
    const { sent } = call
    // With several routes that may answer, it is not known which one reads.
    if (sent === undefined || matches.filter((other) => other.call === call).length > 1 || route.method === 'ALL')
      continue
    const read = new Set([...route.request.body, ...route.request.query].map(({ name }) => name))
    const at = { file: route.file, line: route.line }
    const where = `${route.method} ${route.path}`
    if (!sent.open) {
      const missing = route.request.body
        .filter(({ name, required }) => required && !sent.names.includes(name))
        .map(({ name }) => name)
      for (const name of missing) {
        const twin = sent.names.find((other) => plain(other) === plain(name))
        findings.push(
          findingAt(
            wiring,
            'missing-field',
            call,
            `${where} requires "${name}", which is not sent here.${twin === undefined ? '' : ` "${twin}" is.`}`,
            {
              subject: name,
              related: [{ ...at, message: `The handler of ${where} requires "${name}".` }],
            },
          ),
        )
      }
    }
    if (route.request.open || read.size === 0) continue
    for (const name of sent.names.filter((each) => !read.has(each))) {
      findings.push(
        findingAt(wiring, 'unread-field', call, `"${name}" is sent to ${where}, whose handler never reads it.`, {
          subject: name,
          related: [{ ...at, message: `The handler reads ${[...read].map((each) => `"${each}"`).join(', ')}.` }],
        }),
      )
    }
  }
  return findings
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}
