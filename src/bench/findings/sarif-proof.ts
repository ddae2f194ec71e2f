import { z } from 'zod'
import { type Evidence, type Exchange, exchangeSchema, type Location } from './finding.ts'
import type { SarifWebRequest, SarifWebResponse } from './sarif-format.ts'

type Headers = Exchange['request']['headers']

/** What a result says of the running app. SARIF has room for one request and answer (2.1.0, 3.27.11 and 3.27.12): the last, which shows the defect. */
interface Proof {
  readonly webRequest?: SarifWebRequest
  readonly webResponse?: SarifWebResponse
  /** All exchanges and what was observed, for whoever reads the log with Assay. */
  readonly properties: Readonly<Record<string, unknown>>
}

export function proofOf(location: Location, { exchanges = [], observed = [] }: Evidence): Proof {
  const last = exchanges.at(-1)
  const endpoint = location.kind === 'endpoint' ? location : undefined
  return {
    ...((endpoint || last) && {
      webRequest: {
        method: endpoint?.method ?? last?.request.method ?? '',
        target: endpoint?.url ?? last?.request.url ?? '',
        ...(endpoint?.parameter !== undefined && { parameters: { [endpoint.parameter]: '' } }),
        ...(last && { protocol: 'HTTP', version: '1.1', headers: headersOf(last.request.headers) }),
        ...(last?.request.body !== undefined && { body: { text: last.request.body } }),
      },
    }),
    ...(last && { webResponse: responseOf(last) }),
    properties: { ...(exchanges.length > 0 && { exchanges }), ...(observed.length > 0 && { observed }) },
  }
}

function responseOf({ response }: Exchange): SarifWebResponse {
  if (response === undefined) return { noResponseReceived: true }
  return {
    protocol: 'HTTP',
    version: '1.1',
    statusCode: response.status,
    headers: headersOf(response.headers),
    body: { text: response.body },
  }
}

/** Names occur once in SARIF: values of one name are joined as RFC 9110, 5.3 has it. */
function headersOf(headers: Headers): Record<string, string> {
  const joined = new Map<string, string>()
  for (const [name, value] of headers) {
    const before = joined.get(name)
    joined.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(joined)
}

/** The other way round: what {@link proofOf} wrote into the properties of a result. */
export function proofIn(properties: Readonly<Record<string, unknown>>): Pick<Evidence, 'exchanges' | 'observed'> {
  const exchanges = z.array(exchangeSchema).safeParse(properties['exchanges'])
  const observed = z.array(z.string()).safeParse(properties['observed'])
  return {
    ...(exchanges.success && { exchanges: exchanges.data }),
    ...(observed.success && { observed: observed.data }),
  }
}
