import { argumentAt, fieldValue } from '../analysis/call-arguments.ts'
import { deepLabels } from '../analysis/deep-labels.ts'
import type { Engine, Frame } from '../analysis/engine.ts'
import { kindsOf } from '../analysis/kinds.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import { allConstants, type Value } from '../analysis/value.ts'
import { usesOfHash } from './hash-uses.ts'
import type { ArgumentKey, CallSite, CheckModel, Model } from './model.ts'
import { isHashedPasswordName, isPasswordName, secrecyOf, snakeCase } from './secret-names.ts'

const digest = kindsOf('digest')
const broken = 'a broken hash'
const fast = 'a fast hash'
const brokenName =
  /^(?:rsa-|dsa-|ecdsa-)?(?:md[245]|sha-?1|sha|ripemd(?:-?160)?|rmd160|md5-sha1)(?:withrsa(?:encryption)?)?$/i
const fastName = /^(?:sha-?2?-?(?:224|256|384|512)(?:[/-]\d+)?|sha3[-_]\d+|blake2[bs](?:-?\d+)?|shake-?\d+)$/i
const both = (names: readonly string[]): string[] =>
  ['Crypto', 'Cryptodome'].flatMap((root) => names.map((name) => `${root}.Hash.${name}.new`))
const script = (names: readonly string[]): string[] =>
  names.flatMap((name) => [
    `crypto-js.${name}`,
    `CryptoJS.${name}`,
    `crypto-js/${name.toLowerCase()}`,
    name.toLowerCase(),
    `js-${name.toLowerCase()}`,
    `js-${name.toLowerCase()}.${name.toLowerCase()}`,
    `blueimp-${name.toLowerCase()}`,
    `node-forge.md.${name.toLowerCase()}.create`,
  ])

/** Hash functions that name their algorithm. */
const namedBroken = [
  'hashlib.md5',
  'hashlib.sha1',
  'hashlib.md4',
  'md5.new',
  'sha.new',
  ...both(['MD5', 'MD4', 'MD2', 'SHA', 'SHA1', 'RIPEMD', 'RIPEMD160']),
  ...script(['MD5', 'SHA1', 'RIPEMD160']),
  'ts-md5.Md5.hashStr',
  'spark-md5.hash',
  '@noble/hashes/legacy.md5',
  '@noble/hashes/legacy.sha1',
  '@noble/hashes/sha1.sha1',
  'hash-wasm.md5',
  'hash-wasm.sha1',
]
const namedFast = [
  ...['sha224', 'sha256', 'sha384', 'sha512', 'sha3_224', 'sha3_256', 'sha3_384', 'sha3_512', 'blake2b', 'blake2s'].map(
    (name) => `hashlib.${name}`,
  ),
  ...both(['SHA224', 'SHA256', 'SHA384', 'SHA512', 'SHA3_256', 'SHA3_512', 'BLAKE2b', 'BLAKE2s']),
  ...script(['SHA224', 'SHA256', 'SHA384', 'SHA512', 'SHA3']),
  '@noble/hashes/sha256.sha256',
  '@noble/hashes/sha2.sha256',
  '@noble/hashes/sha2.sha512',
  'hash-wasm.sha256',
  'hash-wasm.sha512',
]
/** Hash functions that are told the algorithm, and where. */
const told = [
  'hashlib.new',
  'crypto.createHash',
  'crypto.hash',
  'Bun.CryptoHasher',
  'cryptography.hazmat.primitives.hashes.Hash',
]
const toldFirst = [
  ...told,
  'crypto.subtle.digest',
  'window.crypto.subtle.digest',
  'globalThis.crypto.subtle.digest',
  'crypto.webcrypto.subtle.digest',
]
const updates = ['crypto.createHash().update', 'crypto.createHash().update().update']

const passwordMessage = 'The password is hashed by a function made to be fast.'
const slowFix =
  'Use a slow, salted function: argon2, scrypt or bcrypt (werkzeug.security.generate_password_hash, the bcrypt package, crypto.scrypt).'

/**
 * Hashes judged by what they are used for. Sources: docs.python.org/3/library/hashlib and /hmac, pycryptodome
 * (Crypto.Hash), cryptography.io (hashes), nodejs.org/api/crypto, w3.org/TR/WebCryptoAPI, the README of each package;
 * RFC 6151 (MD5), NIST SP 800-131A (SHA-1), the OWASP Password Storage Cheat Sheet.
 */
export const hashes: Model = {
  sources: [
    { names: namedBroken, input: broken, kinds: ['digest'], judge: guards },
    { names: namedFast, input: fast, kinds: ['digest'], judge: guards },
    { names: toldFirst, input: fast, kinds: ['digest'], judge: toldInput },
  ],
  checks: [
    ...judged(namedBroken, () => 'broken'),
    ...judged(namedFast, () => 'fast'),
    ...judged(toldFirst, (site) => algorithmOf(site, 0)),
    { names: updates, rule: 'weak-password-storage', message: passwordMessage, judge: updatedPassword },
    keyed(['hmac.new', 'hmac.digest'], [2, 'digestmod', 'digest']),
    keyed(['crypto.createHmac'], 0),
    {
      names: ['crypto-js.HmacMD5', 'crypto-js/hmac-md5', 'CryptoJS.HmacMD5'],
      rule: 'weak-hash',
      message: 'HMAC is made with MD5.',
      confidence: 'medium',
    },
    signed(['crypto.createSign', 'crypto.createVerify', 'crypto.sign', 'crypto.verify'], 0),
    {
      names: ['?.sign', '?.verify', '*.sign', '*.verify'],
      rule: 'weak-hash',
      message: 'The signature is made over a broken hash.',
      judge: ({ args }) =>
        args.positional.some((value) =>
          value.refs.some((ref) => ref.kind === 'external' && hazmatBroken.test(ref.name)),
        )
          ? {}
          : undefined,
    },
  ],
  observers: [destinations()],
}

const hazmatBroken = /^cryptography\.hazmat\.primitives\.hashes\.(?:MD5|SHA1)\(\)$/

/** Whether the digest may guard anything: not when the program says that it does not, nor with a key of its own. */
function guards({ args, name }: CallSite): boolean {
  const security = args.named.get('usedforsecurity')
  if (security !== undefined && allConstants(security)?.every((each) => each === false) === true) return false
  return !(name.startsWith('hashlib.blake2') && args.named.has('key'))
}

/** What the digest of a call is, when the call says the algorithm. */
function toldInput(site: CallSite): string | false {
  const strength = algorithmOf(site, 0)
  return strength === undefined ? false : strength === 'broken' ? broken : fast
}

type Strength = 'broken' | 'fast'

/** How strong the hash is that a call is told to make. */
function algorithmOf(site: CallSite, at: ArgumentKey): Strength | undefined {
  if (!guards(site)) return undefined
  const given = argumentAt(at, site.args) ?? site.args.named.get('name') ?? site.args.named.get('algorithm')
  return strengthOf(given) ?? strengthOf(fieldValue(given, 'name', site.frame))
}

function strengthOf(given: Value | undefined): Strength | undefined {
  if (given === undefined) return undefined
  const texts = [
    ...given.known.filter((each) => typeof each === 'string'),
    ...given.refs.flatMap((ref) =>
      ref.kind === 'external' ? [ref.name.replace(/\(\)$/, '').split('.').at(-1) ?? ''] : [],
    ),
  ]
  if (texts.some((text) => brokenName.test(text))) return 'broken'
  return texts.some((text) => fastName.test(text)) ? 'fast' : undefined
}

/** The two rules a hash can break: both look at the same call. */
function judged(names: readonly string[], strength: (site: CallSite) => Strength | undefined): CheckModel[] {
  return [
    {
      names,
      rule: 'weak-hash',
      message: 'A broken hash is used where forgery matters.',
      judge: (site) => (guards(site) && strength(site) === 'broken' ? brokenVerdict(site) : undefined),
    },
    {
      names,
      rule: 'weak-password-storage',
      message: passwordMessage,
      fix: slowFix,
      judge: (site) => {
        if (!guards(site) || strength(site) === undefined) return undefined
        const use = usesOfHash(site, site.args.positional)
        return use.kind === 'password' ? { ...(use.unsure && { confidence: 'low' }) } : undefined
      },
    },
  ]
}

function brokenVerdict(site: CallSite): Verdict | undefined {
  const use = usesOfHash(site, site.args.positional)
  switch (use.kind) {
    case 'harmless':
      return undefined
    case 'security':
      return {
        message: `A broken hash is used for \`${use.name}\`.`,
        ...(use.unsure && { confidence: 'medium' }),
      }
    // The password itself is reported as what it is; the hash is the smaller half of it.
    case 'password':
      return { message: `A broken hash is used for \`${use.name}\`.`, confidence: 'medium' }
    case 'unknown':
      // What a request sends is seldom hashed for order's sake.
      return {
        message: 'A broken hash is used; what for cannot be seen here.',
        confidence: site.frame.answers === undefined ? 'low' : 'medium',
      }
  }
}

/** `createHash(…).update(password)`: what is hashed is known when `update` runs, and reported where the hash is made. */
function updatedPassword(site: CallSite): Verdict | undefined {
  const made = site.receiver?.labels.find(({ kinds }) => (kinds & digest) !== 0)
  const use = usesOfHash(site, site.args.positional)
  if (made === undefined || use.kind !== 'password') return undefined
  return { place: made.source, fix: slowFix, ...(use.unsure && { confidence: 'low' }) }
}

/** HMAC stands even where its hash is broken; MD5 is not allowed for it any more all the same. */
function keyed(names: readonly string[], at: ArgumentKey): CheckModel {
  return {
    names,
    rule: 'weak-hash',
    message: 'HMAC is made with a broken hash.',
    fix: 'Use SHA-256.',
    judge: ({ args }) => {
      const given = argumentAt(at, args)
      if (strengthOf(given) !== 'broken') return undefined
      const isSha = [
        ...(given?.known ?? []),
        ...(given?.refs ?? []).map((ref) => (ref.kind === 'external' ? ref.name : '')),
      ].some((each) => /sha-?1?$/i.test(String(each)))
      return { confidence: isSha ? 'low' : 'medium' }
    },
  }
}

function signed(names: readonly string[], at: ArgumentKey): CheckModel {
  return {
    names,
    rule: 'weak-hash',
    message: 'The signature is made over a broken hash.',
    judge: ({ args }) => (strengthOf(argumentAt(at, args)) === 'broken' ? {} : undefined),
  }
}

/** Digests that are given the name of something secret, in whatever function. */
function destinations(): Observer {
  return {
    stored: (name, value, _at, frame, engine) => meet(name, value, frame, engine),
    written: (_object, key, value, _at, frame, engine) => {
      if (typeof key === 'string') meet(key, value, frame, engine)
    },
    spelled: (fields, _at, frame, engine) => {
      for (const [key, value] of fields) if (typeof key === 'string') meet(key, value, frame, engine)
    },
    called: (_name, call, frame, engine) => {
      for (const { name, value } of call.arguments) {
        const given = frame.temps[value]
        if (name !== undefined && given !== undefined) meet(name, given, frame, engine)
      }
    },
  }
}

function meet(name: string, value: Value, frame: Frame, engine: Engine): void {
  if (value.labels.length === 0) return
  const isPassword = isPasswordName(name) || isHashedPasswordName(name)
  if (!isPassword && (secrecyOf(name) !== 'clear' || /hash|digest|checksum|fingerprint/.test(snakeCase(name)))) return
  for (const label of deepLabels(value, frame, 0)) {
    const { source } = label
    if ((label.kinds & digest) === 0 || (source.input !== broken && source.input !== fast)) continue
    if (isPassword)
      engine.report({
        rule: 'weak-password-storage',
        place: source,
        label,
        sure: (label.sure & digest) !== 0,
        sink: name,
        message: passwordMessage,
        fix: slowFix,
      })
    else if (source.input === broken)
      engine.report({
        rule: 'weak-hash',
        place: source,
        label,
        sure: (label.sure & digest) !== 0,
        sink: name,
        message: `A broken hash is used for \`${name}\`.`,
        confidence: 'medium',
      })
  }
}
