import { headerOf, isPage, statusOf } from '../http/answer.ts'
import type { AttackClass, Trial } from '../proof.ts'

/** Looks at the start page, or the first page there is: once for the whole app, and as a note. */
export const securityHeaders: AttackClass = {
  id: 'security-headers',
  async attack(lab): Promise<Trial> {
    const page = lab.parts.traffic
      .toSorted((one, other) => one.request.url.length - other.request.url.length)
      .find((exchange) => exchange.request.method === 'GET' && statusOf(exchange) === 200 && isPage(exchange))
    if (page === undefined)
      return { proofs: [], tried: 0, unmade: { outcome: 'not_applicable', reason: 'The app serves no pages.' } }
    const policy = headerOf(page, 'content-security-policy')
    const missing = [
      ...(policy === undefined ? ['Content-Security-Policy'] : []),
      ...(headerOf(page, 'x-content-type-options') === undefined ? ['X-Content-Type-Options'] : []),
      ...(headerOf(page, 'x-frame-options') === undefined && !/frame-ancestors/.test(policy ?? '')
        ? ['X-Frame-Options']
        : []),
    ]
    if (missing.length === 0) return { proofs: [], tried: 1 }
    const path = new URL(page.request.url).pathname
    return {
      proofs: [
        {
          rule: 'missing-headers',
          endpoint: { method: 'GET', path, parameters: [], origins: ['link'], open: false },
          message: `The page is sent without ${missing.join(', ')}.`,
          exchanges: [{ ...page, ...(page.response && { response: { ...page.response, body: '', truncated: true } }) }],
        },
      ],
      tried: 1,
    }
  },
}
