import { objectNumber } from '../analysis/access.ts'
import { definitionOf, type Engine, type Frame, placeOf } from '../analysis/engine.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import { isSettled, settle } from '../analysis/pending.ts'
import { inDevelopment } from '../analysis/switches.ts'
import { allConstants, type Place, type Value } from '../analysis/value.ts'
import type { Temp } from '../ir/ir.ts'
import type { CallSite } from '../models/model.ts'
import { inProduction, isNamed, isSurely, namesOf } from './values.ts'

const rule = 'tls-verification-disabled' as const

/** Arguments that switch the check off when they are false, or none. */
const offWhenFalse =
  /^(?:verify_ssl|ssl_verify|verify_certs?|verify_tls|tls_verify|validate_certs?|verify_certificates?|ssl_verify_cert|ssl_verify_identity|verify_hostname|ssl_check_hostname|assert_hostname|ssl_assert_hostname|check_hostname|ssl_show_warn_verify)$/
const onWhenTrue =
  /^(?:tlsAllowInvalidCertificates|tlsAllowInvalidHostnames|tlsInsecure|ssl_match_hostname_off|disable_ssl_certificate_validation|allow_insecure_certs)$/
const required = /^(?:cert_reqs|ssl_cert_reqs|validate)$/
/** Libraries whose `verify` is about certificates. */
const clients =
  /^(?:requests|httpx|niquests|curl_cffi|cloudscraper|requests_\w+|aiohttp|urllib3|boto3|botocore|hvac|gitlab|jira|docker|atlassian|zeep|consul|authlib|oauthlib|openai|anthropic|elasticsearch|opensearchpy)\b/
const verbs = /\.(?:get|post|put|patch|delete|head|options|request|send|stream|Session|Client|AsyncClient)$/

/** `verify=False`, `ssl=False`, `cert_reqs='CERT_NONE'` and their like. */
export const tlsOptions = inProduction(({ name, args }: CallSite): Verdict | undefined => {
  for (const [key, value] of args.named) {
    if (key === 'verify' && isSurely(value, [false])) {
      if (clients.test(name)) return {}
      if (verbs.test(name) && !/jwt|jose|jws|token/i.test(name)) return { confidence: 'medium' }
    }
    if (key === 'ssl' && name.startsWith('aiohttp.') && isSurely(value, [false])) return {}
    if (key === 'known_hosts' && name.startsWith('asyncssh.') && isSurely(value, [null])) return {}
    if (offWhenFalse.test(key) && isSurely(value, [false])) return {}
    if (onWhenTrue.test(key) && isSurely(value, [true])) return {}
    if (required.test(key) && (isNamed(value, /^ssl\.(?:VerifyMode\.)?CERT_NONE$/) || isNone(key, value))) return {}
  }
  return undefined
})

function isNone(key: string, value: Value): boolean {
  return key !== 'validate' && isSurely(value, ['CERT_NONE', 'none', 'NONE', null, 0])
}

/** Connections of the standard library that check nothing unless they are given a context. */
export const unverifiedByDefault = inProduction(({ name, args }: CallSite): Verdict | undefined => {
  if (args.more !== undefined) return undefined
  if (name === 'ssl.wrap_socket') {
    const isServer = args.named.has('server_side') || args.named.has('certfile')
    return isServer || args.named.has('cert_reqs') ? undefined : { confidence: 'medium' }
  }
  if (name === 'ldap3.Tls') return args.named.has('validate') ? undefined : {}
  const isGiven = ['context', 'ssl_context', 'certfile', 'keyfile'].some((key) => args.named.has(key))
  const most = name.endsWith('starttls') ? 0 : 2
  return isGiven || args.positional.length > most ? undefined : {}
})

/** `AutoAddPolicy` and `WarningPolicy`, as a class or an instance. */
export const hostKeyChecks = inProduction(({ args }: CallSite): Verdict | undefined =>
  namesOf(args.positional[0] ?? args.named.get('policy')).some((name) =>
    /(?:AutoAdd|Warning)Policy(?:\(\))?$/.test(name),
  )
    ? {}
    : undefined,
)

/** What is set on sessions and contexts in Python. */
export const pythonContexts: Observer = {
  written(object, key, value, at, frame, engine) {
    if (typeof key !== 'string') return
    const owner = textAt(at.object, frame)
    const place = placeOf(at, frame)
    const weakness = (message: string, confidence?: 'medium') => ({
      rule,
      place,
      message,
      ...(confidence !== undefined && { confidence }),
    })
    const topic = `${rule} ${frame.facts.ir.id} ${owner}`
    if (inDevelopment(frame, engine)) return
    if (
      key === 'verify' &&
      (namesOf(object).some((name) => clients.test(name)) || /sess|client|http|request/i.test(owner))
    ) {
      const isOff = isSurely(value, [false])
      const isClient = namesOf(object).some((name) => clients.test(name))
      settle(
        topic,
        isOff
          ? weakness(`${owner}.verify = False accepts every certificate.`, isClient ? undefined : 'medium')
          : undefined,
        frame,
        engine,
      )
    } else if (key === 'check_hostname' && isSurely(value, [false])) {
      settle(topic, weakness('The name in the certificate is not compared with the host.', 'medium'), frame, engine)
    } else if (key === 'verify_mode') {
      const isOff = isNamed(value, /^ssl\.(?:VerifyMode\.)?CERT_NONE$/) || isSurely(value, [0])
      // Whoever gives the mode decides, also about the name.
      const isGiven = value.open && value.refs.length === 0 && allConstants(value) === undefined
      if (isGiven && isSettled(topic, frame, engine)) settle(topic, undefined, frame, engine)
      if (isOff) settle(topic, weakness('CERT_NONE accepts every certificate.'), frame, engine)
    } else if (key === '_create_default_https_context' && isNamed(value, /unverified|stdlib_context/)) {
      settle(topic, weakness('Every HTTPS connection of the process accepts every certificate.'), frame, engine)
    } else if (key === 'PYTHONHTTPSVERIFY' && isSurely(value, ['0', ''])) {
      settle(topic, weakness('Certificate checks are switched off for the whole process.'), frame, engine)
    } else if (/^(?:CURL|REQUESTS)_CA_BUNDLE$/.test(key) && isSurely(value, [''])) {
      settle(topic, weakness('Certificate checks are switched off for the whole process.', 'medium'), frame, engine)
    } else if (key === 'hostkeys' && isSurely(value, [null]) && isNamed(object, /CnOpts/)) {
      settle(topic, weakness('The key of the host is not checked.'), frame, engine)
    }
  },
}

/** What options of connections in JavaScript say, wherever they are used. */
export const scriptTransport: Observer = {
  spelled(fields, at, frame, engine) {
    for (const { key, value: temp } of at.entries) {
      if (typeof key !== 'string' || !watched.test(key)) continue
      const value = fields.get(key)
      // A server that only asks for certificates decides later what a missing one means.
      if (value === undefined || (key === 'rejectUnauthorized' && fields.has('requestCert'))) continue
      judgeOption(`${objectNumber(`${at.dst}`, frame, engine)} ${key}`, key, value, placeAt(temp, frame), frame, engine)
    }
  },
  written(object, key, value, at, frame, engine) {
    if (typeof key !== 'string') return
    const place = placeOf(at, frame)
    if (key === 'NODE_TLS_REJECT_UNAUTHORIZED' && isNamed(object, /^process\.env$/)) {
      const isOff = (allConstants(value) ?? ['1']).every((constant) => String(constant) === '0')
      const message = 'Certificate checks are switched off for the whole process.'
      if (!inDevelopment(frame, engine))
        settle(`${rule} process`, isOff ? { rule, place, message } : undefined, frame, engine)
    }
    if (!watched.test(key)) return
    const objects = object.refs.flatMap((ref) => (ref.kind === 'object' ? [ref.at] : []))
    for (const owner of objects.length > 0 ? objects : [textAt(at.object, frame)]) {
      judgeOption(`${owner} ${key}`, key, value, place, frame, engine)
    }
  },
}

const watched =
  /^(?:rejectUnauthorized|strictSSL|sslValidate|checkServerIdentity|hostVerifier|tlsAllowInvalidCertificates|tlsInsecure|tlsAllowInvalidHostnames|trustServerCertificate)$/

function judgeOption(owner: string, key: string, value: Value, place: Place, frame: Frame, engine: Engine): void {
  if (inDevelopment(frame, engine)) return
  const isOff = isOffOption(key, value, frame, engine)
  const confidence = key === 'trustServerCertificate' ? { confidence: 'low' as const } : {}
  const message = `\`${key}\` is set so that every ${key === 'hostVerifier' ? 'host key' : 'certificate'} is accepted.`
  settle(`${rule} ${owner}`, isOff ? { rule, place, message, ...confidence } : undefined, frame, engine)
}

function isOffOption(key: string, value: Value, frame: Frame, engine: Engine): boolean {
  if (/^(?:tlsAllow|tlsInsecure|trustServer)/.test(key)) return isSurely(value, [true])
  if (key === 'checkServerIdentity') return alwaysAnswers(value, [undefined, null, true], frame, engine)
  if (key === 'hostVerifier') return alwaysAnswers(value, [true], frame, engine)
  return isSurely(value, [false, 0])
}

/** Whether a function answers nothing but these constants, whatever it is asked. */
function alwaysAnswers(
  value: Value,
  answers: readonly (boolean | null | undefined)[],
  frame: Frame,
  engine: Engine,
): boolean {
  const [ref] = value.refs
  if (ref?.kind !== 'function' || value.refs.length > 1) return false
  const { start, end, blocks } = engine.program.function(ref.id).ir
  if (blocks.some((block) => block.end.kind === 'throw')) return false
  const none = { positional: [], named: new Map(), more: undefined, temps: [] }
  const { state } = frame
  const outcome = engine.call(ref.id, ref.self, none, ref.closure, frame, { start, end })
  frame.state = state
  return outcome !== undefined && isSurely(outcome.value, answers)
}

function placeAt(temp: Temp, frame: Frame): Place {
  const definition = definitionOf(temp, frame)
  return placeOf(definition ?? { start: 0, end: 0 }, frame)
}

function textAt(temp: Temp, frame: Frame): string {
  const definition = definitionOf(temp, frame)
  return definition === undefined
    ? ''
    : frame.facts.module.text.slice(definition.start, Math.min(definition.end, definition.start + 80))
}
