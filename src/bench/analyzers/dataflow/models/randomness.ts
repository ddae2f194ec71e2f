import { originNames } from '../analysis/names.ts'
import { contents, heapObject } from '../analysis/state.ts'
import { onlyText } from '../analysis/value.ts'
import { clockInput, predictableSecrets } from '../checks/predictable-secrets.ts'
import type { CallSite, Model, SourceModel } from './model.ts'
import { snakeCase } from './secret-names.ts'

const always = (): boolean => true

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
      clockInput,
    ),
    weak(['Date'], clockInput, ({ args }) => args.positional.length === 0),
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
  observers: [predictableSecrets],
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
