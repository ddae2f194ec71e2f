import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Source } from '../source.ts'
import { keyword, positional, stringOf } from '../values.ts'

/** Rules about transport security. */
export const tlsRules: readonly PatternRule[] = [
  {
    id: 'weak-tls-version',
    title: 'Outdated TLS version allowed',
    category: 'security',
    severity: 'medium',
    confidence: 'high',
    cwe: [326, 327],
    defect: 'weak-tls-version',
    why: 'SSL 3, TLS 1.0 and TLS 1.1 have known attacks (POODLE, BEAST) and are withdrawn by RFC 8996.',
    fix: 'Allow TLS 1.2 and later only; ssl.create_default_context() and Node’s defaults do.',
    python: [
      { on: 'call', names: ['ssl.SSLContext', 'ssl.wrap_socket'], match: oldProtocol },
      { on: 'binding', name: /^minimum_version$/, match: oldMinimum },
    ],
    javascript: [{ on: 'binding', name: /^(?:minVersion|secureProtocol)$/, match: oldMinimum }],
  },
  {
    id: 'cleartext-request',
    title: 'Request over plain HTTP',
    category: 'security',
    severity: 'low',
    confidence: 'medium',
    cwe: [319],
    defect: 'cleartext-transmission',
    why: 'Everyone on the way can read and change what is sent.',
    fix: 'Use https.',
    python: [
      {
        on: 'call',
        names: [
          'requests.get',
          'requests.post',
          'requests.put',
          'requests.patch',
          'requests.delete',
          'httpx.get',
          'httpx.post',
          'urllib.request.urlopen',
        ],
        match: cleartext,
      },
    ],
    javascript: [
      {
        on: 'call',
        names: [
          'fetch',
          'axios.get',
          'axios.post',
          'axios.put',
          'axios.delete',
          'axios',
          'http.get',
          'got',
          'node-fetch',
        ],
        match: cleartext,
      },
    ],
  },
]

function oldProtocol(call: Call): Hit | undefined {
  const old = /\bPROTOCOL_(?:SSLv2|SSLv3|TLSv1|TLSv1_1)\b/.exec(
    `${call.arguments.text} ${keyword(call, 'ssl_version')?.text ?? ''}`,
  )
  return old === null ? undefined : { node: call.node, message: `\`${old[0]}\` is used.` }
}

function oldMinimum(binding: Binding, source: Source): Hit | undefined {
  const text = stringOf(binding.value, source) ?? binding.value.text
  if (!/^(?:ssl\.)?(?:TLSVersion\.)?(?:SSLv[23]|TLSv1(?:[._][01])?)(?:_method)?$/.test(text)) return undefined
  return { node: binding.node, message: `\`${text}\` is still allowed.` }
}

/** Names with a dot that are not this machine or a private network. */
const publicHttp =
  /^http:\/\/(?!localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[)[\w-]+(?:\.[\w-]+)+/i

function cleartext(call: Call, source: Source): Hit | undefined {
  const address = positional(call)[0]
  if (address === undefined) return undefined
  const text =
    stringOf(address, source) ??
    (address.type === 'template_string' || address.type === 'string' ? address.text.replace(/^[fF]?["'`]/, '') : '')
  const host = publicHttp.exec(text)?.[0]
  if (host === undefined || /\.(?:local|test|svc)(?:$|[:/])/.test(host)) return undefined
  return { node: call.node, message: `The request to ${host} is not encrypted.` }
}
