import { definitionOf, type Engine, type Frame, placeOf, reportWeakness } from '../analysis/engine.ts'
import { kindsOf, outsideKinds } from '../analysis/kinds.ts'
import { originNames, ownName } from '../analysis/names.ts'
import { allConstants, type Value } from '../analysis/value.ts'
import type { Span, Temp } from '../ir/ir.ts'
import type { CallSite, Model } from './model.ts'
import { isPasswordName, secrecyOf, snakeCase } from './secret-names.ts'

const digest = kindsOf('digest')
const mac = 'a message authentication code'
const always = (): boolean => true

/**
 * Secrets compared by `==`, which stops at the first difference. Sources: CWE-208; docs.python.org/3/library/hmac
 * (compare_digest), nodejs.org/api/crypto (timingSafeEqual, Hmac), nodejs.org/api/buffer (equals, compare).
 */
export const comparisons: Model = {
  sources: [
    {
      names: [
        'hmac.new().hexdigest',
        'hmac.new().digest',
        'hmac.HMAC().hexdigest',
        'hmac.HMAC().digest',
        'hmac.digest',
        'crypto.createHmac().*digest',
        'crypto-js.HmacSHA1',
        'crypto-js.HmacSHA256',
        'crypto-js.HmacSHA512',
        'crypto-js/hmac-sha256',
        'CryptoJS.HmacSHA256',
        'cryptography.hazmat.primitives.hmac.HMAC().finalize',
        'node-forge.hmac.create().digest',
      ],
      input: mac,
      kinds: ['digest'],
      judge: always,
    },
  ],
  checks: [
    {
      names: [
        '*.equals',
        '*.localeCompare',
        'Buffer.compare',
        'buffer.Buffer.compare',
        'lodash.isEqual',
        '_.isEqual',
        'operator.eq',
      ],
      rule: 'timing-unsafe-comparison',
      message: 'The comparison stops at the first difference.',
      judge: ({ call, args, receiver, frame }: CallSite) => {
        const given = call.arguments.map(({ value }) => value)
        const isMethod = call.method === 'equals' || call.method === 'localeCompare'
        const [first, second] = isMethod && call.receiver !== undefined ? [call.receiver, given[0]] : given
        const left = isMethod ? receiver : args.positional[0]
        const right = args.positional[isMethod ? 0 : 1]
        if (left === undefined || right === undefined || first === undefined || second === undefined) return undefined
        const found = weigh({ value: left, temp: first }, { value: right, temp: second }, frame)
        // Methods of this name compare many other things.
        return found !== undefined && found.confidence !== 'low' ? found : undefined
      },
    },
  ],
  observers: [
    {
      compared: (left, right, at, frame, engine) => {
        if (at.operator !== '==' && at.operator !== '!=') return
        const found = weigh({ value: left, temp: at.left }, { value: right, temp: at.right }, frame)
        if (found !== undefined) report(found, at, frame, engine)
      },
    },
  ],
}

interface Side {
  readonly value: Value
  readonly temp: Temp
}

interface Found {
  readonly message: string
  readonly confidence?: 'medium' | 'low'
}

function report(found: Found, at: Span, frame: Frame, engine: Engine): void {
  reportWeakness({ rule: 'timing-unsafe-comparison', place: placeOf(at, frame), ...found }, engine)
}

/** How surely one side is a secret and the other what somebody sent. */
function weigh(left: Side, right: Side, frame: Frame): Found | undefined {
  let best: Found | undefined
  for (const [secret, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (isOutside(secret.value) || isFixed(other.value)) continue
    const name = secretOf(secret, frame, 0)
    if (name === undefined) continue
    // `a.signature == b.signature`: two things are compared, nobody sends either.
    if (!name.isSure && !isOutside(other.value) && ownName(other.temp, frame.facts) === name.name) continue
    // Two codes made here, or two settings: nobody sends either.
    if (secretOf(other, frame, 0)?.isSure === true && !isOutside(other.value)) {
      if (name.isSure) return undefined
      continue
    }
    const confidence = confidenceOf(name, isOutside(other.value))
    if (confidence === undefined) continue
    const message = `\`${name.name}\` is compared in a way whose time tells how much of it is right.`
    const found = { message, ...(confidence !== 'high' && { confidence }) }
    if (best === undefined || confidence === 'high' || best.confidence === 'low') best = found
  }
  return best
}

interface Secret {
  readonly name: string
  /** A setting or a code made with a key, not only a name. */
  readonly isSure: boolean
}

function confidenceOf({ name, isSure }: Secret, isSent: boolean): 'high' | 'medium' | 'low' | undefined {
  const words = snakeCase(name)
  if (isSure) return isSent ? 'high' : 'medium'
  if (isPasswordName(name)) return undefined
  if (!isSent) return /signature|hmac|(?:^|_)mac$/.test(words) ? 'low' : undefined
  return /(?:otp|code|pin|nonce|sid|_id|jti|iv|salt)$/.test(words) ? 'low' : 'medium'
}

function secretOf({ value, temp }: Side, frame: Frame, depth: number): Secret | undefined {
  const definition = definitionOf(temp, frame)
  const measured = definition?.op === 'get' ? definition.key : definition?.op === 'call' ? definition.method : undefined
  if (/^(?:length|byteLength|size|type|kind|name|startsWith|startswith|includes|endsWith)$/.test(String(measured)))
    return undefined
  const own = ownName(temp, frame.facts)
  const isMac = value.labels.some(({ kinds, source }) => (kinds & digest) !== 0 && source.input === mac)
  if (isMac) return { name: own ?? 'the code', isSure: true }
  for (const ref of value.refs) {
    const setting = ref.kind === 'external' ? settingName(ref.name) : undefined
    if (setting !== undefined && secrecyOf(setting) === 'clear') return { name: setting, isSure: true }
  }
  if ((definition?.op === 'text' || definition?.op === 'binary') && depth < 3) {
    const parts = definition.op === 'text' ? definition.parts : [definition.left, definition.right]
    for (const part of parts) {
      const inner = frame.temps[part]
      const found = inner === undefined ? undefined : secretOf({ value: inner, temp: part }, frame, depth + 1)
      if (found?.isSure === true) return found
    }
    return undefined
  }
  if (own !== undefined && isSecretName(own)) {
    const owner = definition?.op === 'get' ? (ownName(definition.object, frame.facts) ?? '') : ''
    return { name: own, isSure: /^(?:settings|config|env|environ|app_config|conf)$/i.test(snakeCase(owner)) }
  }
  // One character of it: `for a, b in zip(given, secret)`.
  if (own !== undefined && definition?.op === 'load' && value.labels.length === 0) {
    const names = originNames(temp, frame.facts)
    const from = names.find(
      (name) => name !== own && /secret|signature|hmac|token$/.test(snakeCase(name)) && isSecretName(name),
    )
    if (from !== undefined && isPiece(temp, frame)) return { name: from, isSure: false }
  }
  return undefined
}

function isSecretName(name: string): boolean {
  if (/^(?:verify|check|has|is|use|validate|require|allow|skip|no|with)_/.test(snakeCase(name))) return false
  return (
    secrecyOf(name) === 'clear' ||
    /(?:^|_)(?:signature|sig|hmac|mac|digest_header|expected_(?:hash|digest))$/.test(snakeCase(name))
  )
}

/** Whether a variable holds elements of something that is gone through. */
function isPiece(temp: Temp, frame: Frame): boolean {
  const load = definitionOf(temp, frame)
  if (load?.op !== 'load') return false
  const stored = frame.facts.ir.blocks
    .flatMap(({ instructions }) => instructions)
    .find((each) => each.op === 'store' && each.slot === load.slot)
  const made = stored?.op === 'store' ? definitionOf(stored.value, frame) : undefined
  return made?.op === 'element' || (made?.op === 'get' && definitionOf(made.object, frame)?.op === 'element')
}

/** `API_TOKEN` of `process.env.API_TOKEN`, of `os.environ.API_TOKEN.encode()`. */
function settingName(name: string): string | undefined {
  const plain = name.replace(/(?:\.(?:encode|strip|trim|toString|decode|lower)\(\))+$/, '')
  return /(?:environ|process\.env|meta\.env|Bun\.env|Deno\.env|(?:^|\.|\b)config(?:\(\))?|settings|env)\.(\w+)$/i.exec(
    plain,
  )?.[1]
}

function isOutside({ labels }: Value): boolean {
  return labels.some(({ kinds, source }) => (kinds & outsideKinds) !== 0 && !inBrowser.test(source.input))
}

/** Inputs of a program in a browser: whoever sends them can read it as it is. */
const inBrowser =
  /^(?:the address of the page|a message from another window|an answer of the server|what is typed|the storage of the browser)$/

/** Constants, functions, classes: nothing anybody guesses. */
function isFixed(value: Value): boolean {
  return allConstants(value) !== undefined || value.refs.some(({ kind }) => kind !== 'external' && kind !== 'object')
}
