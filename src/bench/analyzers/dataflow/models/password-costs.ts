import { argumentAt, fieldValue } from '../analysis/call-arguments.ts'
import type { Frame } from '../analysis/engine.ts'
import { heapObject } from '../analysis/state.ts'
import { allConstants, onlyText, type Value } from '../analysis/value.ts'
import type { ArgumentKey, CheckModel, Model } from './model.ts'

/** Under these a password is tried too quickly; between the two bounds only by today's advice. */
const rounds = { low: 100_000, hopeless: 20_000 }
const leastBcrypt = 10
const leastScrypt = 2 ** 14
/** In KiB: OWASP's least is 7168 with five passes. */
const leastArgonMemory = 7168

const message = (what: string): string => `${what}: a password is tried too quickly.`

interface Place {
  readonly names: readonly string[]
  readonly at: ArgumentKey
  readonly field?: string
}

function under({ names, at, field }: Place, least: number, what: string, certainUnder = least): CheckModel {
  return {
    names,
    rule: 'weak-password-storage',
    message: message(what),
    judge: ({ args, frame }) => {
      const given = argumentAt(at, args)
      const number = smallest(field === undefined ? given : fieldValue(given, field, frame))
      if (number === undefined || number >= least || number < 0) return undefined
      return number < certainUnder ? {} : { confidence: 'medium' }
    },
  }
}

function smallest(value: Value | undefined): number | undefined {
  const numbers = value === undefined ? undefined : allConstants(value)?.filter((each) => typeof each === 'number')
  return numbers === undefined || numbers.length === 0 ? undefined : Math.min(...numbers)
}

const fewRounds = 'PBKDF2 with so few rounds'
const cheapBcrypt = 'bcrypt with so low a cost'
const cheapScrypt = 'scrypt with so little memory'
const cheapArgon = 'Argon2 with so little memory'
const both = (name: string): string[] => [`Crypto.${name}`, `Cryptodome.${name}`]
const bcrypts = ['bcrypt', 'bcryptjs', 'bcrypt-nodejs', 'bcrypt-ts', '@node-rs/bcrypt', 'Bun.password']

/**
 * Slow functions made fast by their settings. Sources: the OWASP Password Storage Cheat Sheet (bounds),
 * docs.python.org/3/library/hashlib, cryptography.io (key derivation), pycryptodome (Protocol.KDF), the documentation of
 * bcrypt, passlib, argon2-cffi and Werkzeug, nodejs.org/api/crypto, w3.org/TR/WebCryptoAPI, the README of bcrypt, argon2
 * and node-forge; docs.djangoproject.com (PASSWORD_HASHERS).
 */
export const passwordCosts: Model = {
  checks: [
    ...[
      { names: ['hashlib.pbkdf2_hmac'], at: [3, 'iterations'] },
      { names: ['cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC'], at: [3, 'iterations'] },
      { names: both('Protocol.KDF.PBKDF2'), at: [3, 'count'] },
      { names: ['crypto.pbkdf2', 'crypto.pbkdf2Sync', 'node-forge.pkcs5.pbkdf2', 'pbkdf2.pbkdf2Sync'], at: 2 },
      {
        names: [
          'crypto.subtle.deriveKey',
          'crypto.subtle.deriveBits',
          '*.crypto.subtle.deriveKey',
          '*.crypto.subtle.deriveBits',
        ],
        at: 0,
        field: 'iterations',
      },
      { names: ['crypto-js.PBKDF2', 'CryptoJS.PBKDF2', 'crypto-js/pbkdf2'], at: 2, field: 'iterations' },
      { names: ['passlib.hash.pbkdf2_sha256.using', 'passlib.hash.pbkdf2_sha512.using'], at: ['rounds', 0] },
      { names: ['passlib.hash.pbkdf2_sha256.hash', 'passlib.hash.pbkdf2_sha512.hash'], at: 'rounds' },
    ].map((place) => under(place, rounds.low, fewRounds, rounds.hopeless)),
    {
      names: both('Protocol.KDF.PBKDF2'),
      rule: 'weak-password-storage',
      message: message('PBKDF2 with its default of 1,000 rounds'),
      when: [{ argument: [3, 'count'], given: false }],
      confidence: 'medium',
    },
    ...[
      { names: ['bcrypt.gensalt'], at: [0, 'rounds'] },
      { names: bcrypts.flatMap((name) => [`${name}.hash`, `${name}.hashSync`]), at: 1 },
      { names: bcrypts.flatMap((name) => [`${name}.genSalt`, `${name}.genSaltSync`]), at: 0 },
      { names: ['passlib.hash.bcrypt.using', 'passlib.hash.bcrypt_sha256.using'], at: ['rounds', 0] },
      { names: ['passlib.hash.bcrypt.hash'], at: 'rounds' },
      {
        names: ['flask_bcrypt.Bcrypt().generate_password_hash', 'flask_bcrypt.generate_password_hash'],
        at: [1, 'rounds'],
      },
      { names: ['Bun.password.hash'], at: 1, field: 'cost' },
    ].map((place) => under(place, leastBcrypt, cheapBcrypt)),
    ...[
      { names: ['hashlib.scrypt'], at: 'n' },
      { names: ['cryptography.hazmat.primitives.kdf.scrypt.Scrypt'], at: [2, 'n'] },
      { names: both('Protocol.KDF.scrypt'), at: [3, 'N'] },
      { names: ['crypto.scrypt', 'crypto.scryptSync'], at: 3, field: 'N' },
      { names: ['crypto.scrypt', 'crypto.scryptSync'], at: 3, field: 'cost' },
    ].map((place) => under(place, leastScrypt, cheapScrypt)),
    ...[
      { names: ['argon2.PasswordHasher'], at: [1, 'memory_cost'] },
      { names: ['passlib.hash.argon2.using'], at: 'memory_cost' },
      { names: ['argon2.hash', '@node-rs/argon2.hash'], at: 1, field: 'memoryCost' },
    ].map((place) => under(place, leastArgonMemory, cheapArgon)),
    {
      names: ['werkzeug.security.generate_password_hash'],
      rule: 'weak-password-storage',
      message: message('A fast method'),
      when: [
        {
          argument: [1, 'method'],
          matches:
            /^(?:plain|md5|sha\d+|hmac)$|^pbkdf2:[\w-]+:\d{1,4}$|^pbkdf2:[\w-]+:[1-9]\d{4}$|^pbkdf2:(?:md5|sha1)$/i,
        },
      ],
    },
    {
      names: ['django.contrib.auth.hashers.make_password'],
      rule: 'weak-password-storage',
      message: message('A fast hasher'),
      when: [{ argument: [2, 'hasher'], matches: /md5|sha1|unsalted|crypt$/i }],
    },
    {
      names: [
        'hex_md5',
        'hex_sha1',
        'hex_sha256',
        'hex_sha512',
        'md5_crypt',
        'sha1_crypt',
        'des_crypt',
        'bsdi_crypt',
        'ldap_md5',
        'ldap_sha1',
        'ldap_salted_sha1',
        'lmhash',
        'nthash',
        'mysql323',
        'mysql41',
        'plaintext',
        'apr_md5_crypt',
      ].flatMap((name) => ['hash', 'encrypt', 'using'].map((method) => `passlib.hash.${name}.${method}`)),
      rule: 'weak-password-storage',
      message: 'The password is hashed by a function made to be fast.',
    },
    {
      names: ['passlib.context.CryptContext'],
      rule: 'weak-password-storage',
      message: 'New passwords are hashed by a function made to be fast.',
      judge: ({ args, frame }) => {
        const first = firstText(args.named.get('schemes') ?? args.positional[0], frame)
        return first !== undefined &&
          /^(?:hex_|plaintext|ldap_|lmhash|nthash|mysql|(?:md5|sha1|des|bsdi|apr_md5)_crypt)/.test(first)
          ? {}
          : undefined
      },
    },
  ],
  observers: [
    {
      // Django hashes new passwords with the first of these.
      stored: (name, value, at, frame, engine) => {
        if (name !== 'PASSWORD_HASHERS' || /test/i.test(frame.facts.module.path)) return
        const first = firstText(value, frame)
        if (first === undefined || !/\.(?:MD5|SHA1|UnsaltedMD5|UnsaltedSHA1|Crypt)PasswordHasher$/.test(first)) return
        engine.report({
          rule: 'weak-password-storage',
          place: { path: frame.facts.module.path, start: at.start, end: at.end },
          sure: true,
          sink: name,
          message: 'New passwords are hashed by a function made to be fast.',
        })
      },
    },
  ],
}

/** The text a list starts with. */
function firstText(list: Value | undefined, { state }: Frame): string | undefined {
  const [ref] = list?.refs ?? []
  const first = ref?.kind === 'object' && state !== undefined ? heapObject(state, ref.at)?.fields.get(0) : undefined
  return onlyText(first)
}
