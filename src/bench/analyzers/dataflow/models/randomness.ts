import type { Engine, Frame } from '../analysis/engine.ts'
import { kindsOf } from '../analysis/kinds.ts'
import { functionName, originNames } from '../analysis/names.ts'
import type { Observer } from '../analysis/observer.ts'
import { contents, heapObject } from '../analysis/state.ts'
import { type Label, onlyText, type Value } from '../analysis/value.ts'
import type { CallSite, Model, SourceModel } from './model.ts'
import { madeByName, secrecyOf, snakeCase } from './secret-names.ts'

const guessable = kindsOf('guessable')
const fresh = kindsOf('fresh')
const always = (): boolean => true
const clock = 'the time'

const pythonNumbers = [
  'random',
  'randint',
  'randrange',
  'uniform',
  'getrandbits',
  'randbytes',
  'gauss',
  'normalvariate',
  'triangular',
  'betavariate',
  'expovariate',
]
const inRandom = (names: readonly string[]): string[] =>
  ['random', 'random.Random()'].flatMap((owner) => names.map((name) => `${owner}.${name}`))

/** A generator whose next outputs can be computed; `judge` keeps the function itself from counting as its result. */
function weak(names: readonly string[], input: string, judge: SourceModel['judge'] = always): SourceModel {
  return { names, input, kinds: ['guessable'], judge }
}

/**
 * Generators of random numbers and what must not be made with them. Sources: docs.python.org/3/library/random (“should
 * not be used for security purposes”), /secrets, /uuid; developer.mozilla.org (Math.random, Crypto.getRandomValues);
 * nodejs.org/api/crypto; numpy.org (random); the README of each package.
 */
export const randomness: Model = {
  sources: [
    weak(inRandom(pythonNumbers), 'Python’s random module'),
    weak(inRandom(['choice', 'choices', 'sample']), 'Python’s random module', isAlphabet),
    weak(
      ['numpy.random.*', 'numpy.random.default_rng().*', 'numpy.random.RandomState().*', 'numpy.random.Generator().*'],
      'NumPy’s random generator',
    ),
    weak(['Math.random', 'window.Math.random'], 'Math.random'),
    weak(
      [
        'lodash.random',
        '_.random',
        'lodash/random',
        'underscore.random',
        'lodash.sampleSize',
        '_.sampleSize',
        'chance.Chance().*',
        'chance().*',
        'random-js.Random().*',
        'seedrandom()',
        'hat',
        'uid.uid',
        'shortid.generate',
        'shortid',
        'nanoid/non-secure.nanoid',
        'nanoid/non-secure.customAlphabet()',
        'random-string',
        'math-random',
      ],
      'a generator that is not made for secrets',
    ),
    weak(
      [
        'uuid.uuid1',
        'uuid.v1',
        'uuid.v6',
        'uuid/v1',
        'uniqid',
        'uniqid.time',
        'uniqid.process',
        'cuid',
        'bson.ObjectId',
      ],
      'an identifier made of the time and the machine',
    ),
    weak(
      [
        'time.time',
        'time.time_ns',
        'time.monotonic',
        'time.perf_counter',
        'datetime.datetime.now().*',
        'datetime.datetime.utcnow().*',
        'datetime.datetime.now',
        'datetime.datetime.utcnow',
        'Date.now',
        'Date().getTime',
        'Date().valueOf',
        'Date().toISOString',
        'performance.now',
        'process.hrtime',
        'process.hrtime.bigint',
      ],
      clock,
    ),
    {
      names: [
        'secrets.*',
        'os.urandom',
        'uuid.uuid4',
        'random.SystemRandom().*',
        'secrets.SystemRandom().*',
        'Crypto.Random.get_random_bytes',
        'Cryptodome.Random.get_random_bytes',
        'django.utils.crypto.get_random_string',
        'crypto.randomBytes',
        'crypto.randomUUID',
        'crypto.randomInt',
        'crypto.getRandomValues',
        '*.crypto.randomUUID',
        '*.crypto.getRandomValues',
        'uuid.v4',
        'uuid.v7',
        'uuid',
        'uuid/v4',
        'nanoid.nanoid',
        'nanoid',
        'nanoid.customAlphabet()',
        'crypto-random-string',
        'randomstring.generate',
        'crypto-js.lib.WordArray.random',
        'node-forge.random.getBytesSync',
      ],
      input: 'a secure generator',
      kinds: ['fresh'],
      judge: always,
    },
  ],
  sanitizers: [
    // A number in another form, a character picked by it.
    { names: ['hex', 'oct', 'bin', 'chr', 'format', '*.charAt', '?.charAt', '*.zfill', '?.hex'], removes: ['all'] },
    {
      names: ['crypto-js.*', 'md5', 'sha1', 'sha256', 'blueimp-md5', 'js-sha256.*', 'js-md5', 'js-sha1'],
      removes: ['all'],
    },
    {
      // What a key was put into cannot be foreseen without the key, and holds nothing of the text as it was.
      names: [
        'hmac.*',
        'hashlib.pbkdf2_hmac',
        'hashlib.scrypt',
        'jwt.encode',
        'jose.jwt.encode',
        'bcrypt.*',
        'argon2.*',
        'passlib.*',
        'itsdangerous.*',
        'cryptography.*',
        'Crypto.*',
        'Cryptodome.*',
        'nacl.*',
        'werkzeug.security.generate_password_hash',
        'django.core.signing.*',
        'django.contrib.auth.hashers.*',
        'flask_jwt_extended.*',
        'crypto.createHmac',
        'crypto.createHmac().*',
        'crypto.createSign().*',
        'crypto.createCipheriv().*',
        'crypto.scryptSync',
        'crypto.pbkdf2Sync',
        'crypto.sign',
        'crypto.subtle.*',
        'jsonwebtoken.*',
        'jose.*',
        'bcryptjs.*',
      ],
      removes: ['all', 'guessable'],
    },
  ],
  observers: [observeSecrets()],
}

/** `random.choice(letters)` makes something; a choice among whole texts or things that exist already does not. */
function isAlphabet({ args, call, frame }: CallSite): boolean {
  const from = args.positional[0] ?? args.named.get('population') ?? args.named.get('seq')
  if (from === undefined) return true
  const text = onlyText(from)
  if (text !== undefined || from.prefix !== undefined) return true
  for (const ref of from.refs) {
    if (ref.kind === 'external') {
      if (/^(?:string\.\w+|range\(\))$/.test(ref.name)) return true
      continue
    }
    const list = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    if (list === undefined) continue
    const { known, open, refs, labels } = contents(list)
    if (refs.some((inner) => inner.kind === 'external' && inner.name.startsWith('string.'))) return true
    if (known.length > 0) return known.every((each) => typeof each === 'number' || isPiece(String(each)))
    if (open && refs.length === 0 && labels.length === 0) break
    return false
  }
  const first = call.arguments[0]
  const names = first === undefined ? [] : originNames(first.value, frame.facts)
  return names.some((name) =>
    /(?:^|_)(?:alphabet|letters?|digits?|chars?|characters|charset|symbols?|pool|ascii_\w+|alphanumeric|words?|hexdigits|string)(?:$|_)/.test(
      snakeCase(name),
    ),
  )
}

/** A character or a short word, of which longer things are made. */
function isPiece(text: string): boolean {
  return text.length <= 2 || /^[a-z]{3,10}$/i.test(text)
}

function observeSecrets(): Observer {
  return {
    stored: (name, value, at, frame, engine) => {
      // A time mixed with a key is not all there is to know.
      const isMixed =
        value.labels.some(({ source }) => source.input === clock) && hasSecretOrigin(name, at.value, frame)
      if (!isMixed) meet(name, value, frame, engine)
    },
    written: (_object, key, value, _at, frame, engine) => {
      if (typeof key === 'string') meet(key, value, frame, engine)
    },
    spelled: (fields, _at, frame, engine) => {
      for (const [key, value] of fields) if (typeof key === 'string') meet(key, value, frame, engine)
    },
    called: (_name, call, frame, engine) => {
      const callee = frame.temps[call.callee]?.refs.find((ref) => ref.kind === 'function')
      call.arguments.forEach((argument, at) => {
        const value = frame.temps[argument.value]
        if (value === undefined || value.labels.every(({ kinds }) => (kinds & guessable) === 0)) return
        const parameter =
          callee?.kind === 'function' ? engine.program.function(callee.id).ir.parameters[at]?.name : undefined
        const name = argument.name ?? parameter ?? cookieName(call.method, at, call.arguments[0]?.value, frame)
        if (name !== undefined) meet(name, value, frame, engine)
      })
    },
    returned: (value, frame, engine) => {
      if (value.labels.length === 0 && value.refs.length === 0) return
      const name = functionName(frame.facts, engine.program)
      const made = madeByName(name)
      // In scripts a made key is mostly one of a list on the screen.
      const isKey = made === 'key' && made !== name && frame.facts.module.language === 'python'
      if (isKey && value.labels.some(({ source }) => source.input === clock)) return
      meet(isKey ? 'access_key' : made, value, frame, engine)
    },
  }
}

function hasSecretOrigin(name: string, temp: number, frame: Frame): boolean {
  return originNames(temp, frame.facts).some((each) => each !== name && secrecyOf(each) === 'clear')
}

/** `set_cookie('session', value)`: what the cookie is called says what it is. */
function cookieName(
  method: string | undefined,
  at: number,
  first: number | undefined,
  frame: Frame,
): string | undefined {
  if (at !== 1 || first === undefined || !/^(?:set_?cookie|cookie|set_signed_cookie|setCookie)$/.test(method ?? ''))
    return undefined
  const name = onlyText(frame.temps[first])
  return name !== undefined && /^(?:session|sess|sid|auth|remember\w*|login|user|id)$/i.test(name)
    ? 'session_token'
    : name
}

/** Reports values of ordinary generators that are given a name of something secret. */
function meet(name: string, value: Value, frame: Frame, engine: Engine): void {
  if (value.labels.length === 0 && value.refs.every(({ kind }) => kind !== 'object')) return
  const secrecy = secrecyOf(name)
  if (secrecy === undefined) return
  const labels = value.labels.length > 0 ? value.labels : elementLabels(value, frame)
  if (labels.some(({ kinds }) => (kinds & fresh) !== 0)) return
  const hasGenerator = labels.some(({ kinds, source }) => (kinds & guessable) !== 0 && source.input !== clock)
  for (const label of labels) {
    if ((label.kinds & guessable) === 0 || (hasGenerator && label.source.input === clock)) continue
    const confidence = confidenceFor(name, secrecy, label, frame, engine)
    if (confidence === undefined) continue
    engine.report({
      rule: 'weak-random',
      place: label.source,
      label,
      sure: (label.sure & guessable) !== 0,
      sink: name,
      message: `\`${name}\` is made by ${label.source.input}, so others can work it out.`,
      ...(confidence !== 'high' && { confidence }),
    })
  }
}

/** What a list is made of: digits that are joined later. */
function elementLabels(value: Value, { state }: Frame): readonly Label[] {
  return value.refs.flatMap((ref) => {
    const list = ref.kind === 'object' && state !== undefined ? heapObject(state, ref.at) : undefined
    return list?.kind === 'list' ? contents(list).labels.filter(({ source }) => source.input !== clock) : []
  })
}

const purposes = /otp|verif|reset|2fa|mfa|two_factor|confirm|activat|login|auth|passw|invite|recover|token|secret/

function confidenceFor(
  name: string,
  secrecy: 'clear' | 'vague',
  { source }: Label,
  frame: Frame,
  engine: Engine,
): 'high' | 'medium' | 'low' | undefined {
  const words = snakeCase(name)
  // The boundary of a message must be unlike its parts, not unknown.
  if (/boundary|separator|delimiter/i.test(functionName(frame.facts, engine.program))) return undefined
  // Clocks are in many things that also hold what cannot be guessed; a counter of requests is often called nonce.
  if (source.input === clock) {
    if (secrecy === 'vague' || /nonce|csrf_time|jti/.test(words)) return undefined
    return 'medium'
  }
  if (secrecy === 'clear') return 'high'
  const about = `${snakeCase(functionName(frame.facts, engine.program))} ${snakeCase(frame.facts.module.path)}`
  if (/^(?:code|pin|captcha)$/.test(words)) return purposes.test(about) ? 'medium' : 'low'
  return /^(?:salt|iv|session|jti)$/.test(words) ? 'low' : undefined
}
