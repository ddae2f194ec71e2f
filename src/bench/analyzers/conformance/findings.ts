import type { Exchange, RawFinding } from '#bench/findings'
import type { CheckResult } from '#bench/specs'

/** Characters of a body kept as evidence. */
const kept = 2000
/** Exchanges kept with a finding: the last ones lead to what went wrong. */
const exchangesAtMost = 12

/** A finding for each failed check, at its endpoint. */
export function findingsOf(results: readonly CheckResult[], origin: string): readonly RawFinding[] {
  return results.flatMap(({ check, verdict, exchanges }): RawFinding[] => {
    if (verdict.outcome !== 'fail') return []
    const shown = verdict.at ?? exchanges.at(-1)
    const { origin: from, endpoint, kind, id, title } = check
    const asked = shown && { method: shown.request.method, path: new URL(shown.request.url).pathname }
    const { method, path } = endpoint ?? asked ?? { method: 'GET', path: '/' }
    const related =
      from.kind === 'derived' && from.path !== undefined
        ? [
            {
              location: {
                kind: 'file' as const,
                path: from.path,
                ...(from.line !== undefined && { region: { startLine: from.line } }),
              },
              message: `The check is derived from ${from.from}.`,
            },
          ]
        : []
    const observed =
      from.kind === 'derived' ? [`Derived from ${from.from}.`] : from.requirement ? [`Proves ${from.requirement}.`] : []
    return [
      {
        rule: kind,
        message: verdict.reason,
        location: { kind: 'endpoint', method, url: `${origin}${path}` },
        subject: id,
        evidence: {
          related,
          exchanges: exchanges.slice(-exchangesAtMost).map(cut),
          observed,
          facts: { check: title },
          ...(verdict.artifacts && { artifacts: [...verdict.artifacts] }),
        },
      },
    ]
  })
}

/** An exchange with bodies cut to what a person reads. */
export function cut(exchange: Exchange): Exchange {
  const { request, response } = exchange
  return {
    ...exchange,
    request: { ...request, ...(request.body !== undefined && { body: request.body.slice(0, kept) }) },
    ...(response && {
      response: {
        ...response,
        body: response.body.slice(0, kept),
        truncated: response.truncated || response.body.length > kept,
      },
    }),
  }
}
