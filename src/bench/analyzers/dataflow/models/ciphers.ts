import { argumentAt, fieldValue } from '../analysis/call-arguments.ts'
import { kindsOf } from '../analysis/kinds.ts'
import type { Verdict } from '../analysis/observer.ts'
import { allConstants, type Value } from '../analysis/value.ts'
import type { ArgumentKey, CallSite, CheckModel, Model } from './model.ts'

const fresh = kindsOf('fresh')
const both = (names: readonly string[]): string[] =>
  ['Crypto', 'Cryptodome'].flatMap((root) => names.map((name) => `${root}.${name}`))
const hazmat = (names: readonly string[]): string[] =>
  ['primitives', 'decrepit'].flatMap((part) =>
    ['ciphers.algorithms', 'ciphers.modes'].flatMap((module) =>
      names.map((name) => `cryptography.hazmat.${part}.${module}.${name}`),
    ),
  )
const browserCrypto = (name: string): string[] =>
  ['', 'window.', 'globalThis.', 'self.', 'crypto.web'].map((root) => `${root}crypto.subtle.${name}`)

function broken(names: readonly string[], what: string, when?: CheckModel['when']): CheckModel {
  return {
    names,
    rule: 'weak-cipher',
    message: `${what} encrypts the data.`,
    ...(when !== undefined && { when }),
  }
}

/** A vector that is the same for every message. */
function fixed(names: readonly string[], argument: ArgumentKey, field?: string): CheckModel {
  return {
    names,
    rule: 'weak-cipher',
    message: 'The initialisation vector is the same for every message.',
    fix: 'Draw a new vector for every message and send it along.',
    judge: (site) => {
      const given = argumentAt(argument, site.args)
      return vectorVerdict(field === undefined ? given : fieldValue(given, field, site.frame), site)
    },
  }
}

const nodeNames = /^(?:des|rc2|rc4|bf|blowfish|cast|idea|seed|desx)|[-_]ecb\b/i

/**
 * Ciphers and modes that give away what they encrypt. Sources: pycryptodome.readthedocs.io (cipher modules),
 * cryptography.io (hazmat ciphers, decrepit), github.com/twhiteman/pyDes, nodejs.org/api/crypto, OpenSSL's list of
 * ciphers, cryptojs.gitbook.io, w3.org/TR/WebCryptoAPI, the README of node-forge and aes-js; NIST SP 800-131A.
 */
export const ciphers: Model = {
  checks: [
    broken(both(['Cipher.DES.new']), 'DES'),
    broken(both(['Cipher.DES3.new']), 'Triple DES'),
    broken(both(['Cipher.ARC4.new']), 'RC4'),
    broken(both(['Cipher.ARC2.new']), 'RC2'),
    broken(both(['Cipher.Blowfish.new']), 'Blowfish'),
    broken(both(['Cipher.CAST.new', 'Cipher.XOR.new']), 'A cipher with small blocks'),
    broken(both(['Cipher.AES.new']), 'AES in ECB mode', [{ argument: [1, 'mode'], matches: /(?:MODE_ECB|^1)$/ }]),
    broken(
      hazmat(['TripleDES', 'ARC4', 'Blowfish', 'CAST5', 'IDEA', 'SEED', 'RC2']),
      'A cipher that is broken or has small blocks',
    ),
    broken(hazmat(['ECB']), 'ECB mode'),
    broken(['pyDes.des', 'pyDes.triple_des', 'des.DesKey'], 'DES'),
    broken(['arc4.ARC4', 'rc4.RC4', 'blowfish.Cipher', 'Crypto.Cipher.AES.new().MODE_ECB'], 'A broken cipher'),
    broken(
      ['crypto.createCipheriv', 'crypto.createDecipheriv', 'browserify-cipher.createCipheriv'],
      'A broken cipher or ECB mode',
      [{ argument: 0, matches: nodeNames }],
    ),
    {
      names: ['crypto.createCipher', 'crypto.createDecipher', 'browserify-cipher.createCipher'],
      rule: 'weak-cipher',
      message: 'Key and vector are derived from the password with MD5, once and without a salt.',
      fix: 'Use createCipheriv with aes-256-gcm, a key from scrypt and a random nonce.',
    },
    broken(
      cryptoJs(['DES', 'TripleDES', 'RC4', 'RC4Drop', 'Rabbit', 'RabbitLegacy', 'Blowfish'], ['encrypt', 'decrypt']),
      'A broken cipher',
    ),
    broken(cryptoJs(['AES'], ['encrypt', 'decrypt']), 'AES in ECB mode', [
      { argument: 2, field: 'mode', matches: /mode[.-](?:ECB|ecb)$/ },
    ]),
    broken(
      ['cipher.createCipher', 'cipher.createDecipher'].map((name) => `node-forge.${name}`),
      'A broken cipher or ECB mode',
      [{ argument: 0, matches: /DES|ECB|RC2|RC4/i }],
    ),
    broken(
      [
        'node-forge.des.createEncryptionCipher',
        'node-forge.des.startEncrypting',
        'node-forge.rc2.createEncryptionCipher',
        'node-forge.rc2.startEncrypting',
        'des.js.DES.create',
        'des.js.EDE.create',
        'rc4',
        'simple-rc4',
      ],
      'A broken cipher',
    ),
    broken(['aes-js.ModeOfOperation.ecb'], 'AES in ECB mode'),
    {
      names: [...both(['PublicKey.RSA.generate', 'PublicKey.DSA.generate']), 'rsa.newkeys'],
      rule: 'weak-cipher',
      message: 'The key is too short: it can be factored.',
      confidence: 'medium',
      judge: ({ args }) => shortKey(argumentAt([0, 'bits'], args)),
    },
    {
      names: [
        'cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key',
        'cryptography.hazmat.primitives.asymmetric.dsa.generate_private_key',
      ],
      rule: 'weak-cipher',
      message: 'The key is too short: it can be factored.',
      confidence: 'medium',
      judge: ({ args }) => shortKey(argumentAt([1, 'key_size'], args)),
    },
    {
      names: ['crypto.generateKeyPair', 'crypto.generateKeyPairSync'],
      rule: 'weak-cipher',
      message: 'The key is too short: it can be factored.',
      confidence: 'medium',
      judge: ({ args, frame }) => shortKey(fieldValue(args.positional[1], 'modulusLength', frame)),
    },
    fixed(both(['Cipher.AES.new']), [2, 'iv', 'IV', 'nonce']),
    fixed(hazmat(['CBC', 'CTR', 'GCM', 'OFB', 'CFB', 'CFB8']), [0, 'initialization_vector', 'nonce']),
    fixed(
      ['AESGCM', 'ChaCha20Poly1305', 'AESCCM', 'AESGCMSIV', 'AESOCB3'].map(
        (name) => `cryptography.hazmat.primitives.ciphers.aead.${name}().encrypt`,
      ),
      [0, 'nonce'],
    ),
    fixed(['crypto.createCipheriv'], 2),
    fixed(browserCrypto('encrypt'), 0, 'iv'),
    fixed(cryptoJs(['AES'], ['encrypt']), 2, 'iv'),
  ],
}

/** `CryptoJS.DES.encrypt`, also when the cipher is a module of its own: `crypto-js/des`. */
function cryptoJs(algorithms: readonly string[], methods: readonly string[]): string[] {
  return algorithms.flatMap((name) =>
    methods.flatMap((method) => [
      `crypto-js.${name}.${method}`,
      `crypto-js/${name.toLowerCase()}.${method}`,
      `CryptoJS.${name}.${method}`,
    ]),
  )
}

/** Bits under which NIST SP 800-131A no longer allows signatures. */
const fewestBits = 2048

function shortKey(bits: Value | undefined): Verdict | undefined {
  const sizes = bits === undefined ? undefined : allConstants(bits)
  return sizes?.some((size) => typeof size === 'number' && size > 0 && size < fewestBits) === true ? {} : undefined
}

/** Whether a vector is written in the code, is all zeros, or is drawn once for all messages. */
function vectorVerdict(vector: Value | undefined, { frame, call }: CallSite): Verdict | undefined {
  if (vector === undefined) return undefined
  const constants = allConstants(vector)
  if (constants?.every((each) => typeof each === 'string' && each.length > 0) === true) return {}
  const { module, ir } = frame.facts
  const isSetting = vector.refs.every(
    (ref) => ref.kind === 'external' && /(?:os\.environ|process\.env)\.\w+$/.test(ref.name),
  )
  if (isSetting && vector.refs.length > 0 && vector.labels.length === 0) return { confidence: 'medium' }
  const zeroed = vector.refs.every(
    (ref) => ref.kind === 'external' && /^(?:Buffer\.alloc|Uint8Array|bytes|bytearray)\(\)$/.test(ref.name),
  )
  if (zeroed && vector.refs.length > 0 && vector.labels.length === 0) {
    // The array is filled later, or copied from what was received.
    if (/randomFill|getRandomValues|readinto|\.copy\(|\.set\(|\.write|memoryview/.test(module.text)) return undefined
    const argument = call.arguments.some(({ value }) => spelledZero.test(textOf(value, frame)))
    const isKnown = argument || spelledZero.test(module.text)
    return isKnown ? {} : undefined
  }
  const drawn = vector.labels.find(({ kinds }) => (kinds & fresh) !== 0)
  if (drawn === undefined || ir.kind === 'module' || drawn.source.path !== module.path) return undefined
  const isOutside = module.functions.every(
    (each) => each.kind === 'module' || drawn.source.start < each.start || drawn.source.start >= each.end,
  )
  if (!isOutside) return undefined
  return { message: 'The initialisation vector is drawn once and used for every message.', confidence: 'medium' }
}

const spelledZero = /(?:Buffer\.alloc|new Uint8Array|\bbytes|\bbytearray)\(\s*\d+\s*(?:,\s*0\s*)?\)/

function textOf(temp: number, frame: CallSite['frame']): string {
  const definition = frame.facts.definitions[temp]
  return definition === undefined ? '' : frame.facts.module.text.slice(definition.start, definition.start + 80)
}
