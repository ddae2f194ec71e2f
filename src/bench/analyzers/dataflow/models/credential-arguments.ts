import type { ArgumentKey } from './model.ts'

/** An argument that is a key or a password, whatever the variable that holds it is called. */
export interface KeyArgument {
  readonly names: readonly string[]
  readonly at: ArgumentKey
  readonly field?: string
  /** `signing`: any text works as a key, placeholders too. */
  readonly kind: 'signing' | 'password'
}

const both = (names: readonly string[]): string[] =>
  ['Crypto', 'Cryptodome'].flatMap((root) => names.map((name) => `${root}.Cipher.${name}.new`))

/**
 * Calls that sign, encrypt or log in. Sources: pyjwt.readthedocs.io, python-jose.readthedocs.io,
 * itsdangerous.palletsprojects.com, starlette.io (SessionMiddleware), docs.python.org/3/library (hmac, smtplib, ftplib),
 * cryptography.io (Fernet), pycryptodome, requests.readthedocs.io (auth), nodejs.org/api/crypto, the README of
 * jsonwebtoken, express-session, cookie-session, cookie-parser, @fastify/jwt, @fastify/session, koa-session, jose, stripe.
 */
export const credentialArguments: readonly KeyArgument[] = [
  {
    names: ['jwt.encode', 'jwt.decode', 'jose.jwt.encode', 'jose.jwt.decode', 'jose.jws.sign', 'jose.jws.verify'],
    at: [1, 'key'],
    kind: 'signing',
  },
  {
    names: [
      'URLSafeTimedSerializer',
      'URLSafeSerializer',
      'TimestampSigner',
      'Signer',
      'Serializer',
      'JSONWebSignatureSerializer',
    ].map((name) => `itsdangerous.${name}`),
    at: [0, 'secret_key'],
    kind: 'signing',
  },
  { names: ['hmac.new', 'hmac.digest'], at: [0, 'key'], kind: 'signing' },
  { names: ['cryptography.fernet.Fernet'], at: [0, 'key'], kind: 'signing' },
  {
    names: both(['AES', 'DES', 'DES3', 'ARC4', 'Blowfish', 'ChaCha20', 'ChaCha20_Poly1305', 'Salsa20']),
    at: [0, 'key'],
    kind: 'signing',
  },
  {
    names: ['AES', 'ChaCha20', 'TripleDES'].map((name) => `cryptography.hazmat.primitives.ciphers.algorithms.${name}`),
    at: [0, 'key'],
    kind: 'signing',
  },
  {
    names: ['AESGCM', 'ChaCha20Poly1305', 'AESCCM'].map(
      (name) => `cryptography.hazmat.primitives.ciphers.aead.${name}`,
    ),
    at: [0, 'key'],
    kind: 'signing',
  },
  {
    names: ['jsonwebtoken.sign', 'jsonwebtoken.verify', 'jwt-simple.encode', 'jwt-simple.decode'],
    at: 1,
    kind: 'signing',
  },
  { names: ['crypto.createHmac'], at: 1, kind: 'signing' },
  { names: ['crypto.createCipheriv', 'crypto.createDecipheriv'], at: 1, kind: 'signing' },
  {
    names: ['crypto-js.AES.encrypt', 'crypto-js.AES.decrypt', 'CryptoJS.AES.encrypt', 'crypto-js.HmacSHA256'],
    at: 1,
    kind: 'signing',
  },
  { names: ['jose.SignJWT().*sign', 'jose.SignJWT().sign'], at: 0, kind: 'signing' },
  { names: ['jose.jwtVerify', 'hono/jwt.sign', 'hono/jwt.verify'], at: 1, kind: 'signing' },
  { names: ['cookie-parser', 'cookieParser'], at: 0, kind: 'signing' },
  {
    names: [
      'express-session',
      'cookie-session',
      'koa-session',
      'hono/jwt.jwt',
      'express-jwt.expressjwt',
      'express-jwt',
    ],
    at: 0,
    field: 'secret',
    kind: 'signing',
  },
  { names: ['cookie-session', 'koa-session', 'keygrip'], at: 0, field: 'keys', kind: 'signing' },
  { names: ['keygrip'], at: 0, kind: 'signing' },
  { names: ['passport-jwt.Strategy'], at: 0, field: 'secretOrKey', kind: 'signing' },
  { names: ['*.register'], at: 1, field: 'secret', kind: 'signing' },
  {
    names: ['requests.auth.HTTPBasicAuth', 'requests.auth.HTTPDigestAuth', 'httpx.BasicAuth'],
    at: [1, 'password'],
    kind: 'password',
  },
  {
    names: ['smtplib.SMTP().login', 'smtplib.SMTP_SSL().login', 'imaplib.IMAP4_SSL().login'],
    at: [1, 'password'],
    kind: 'password',
  },
  { names: ['ftplib.FTP().login'], at: [1, 'passwd'], kind: 'password' },
  { names: ['ftplib.FTP'], at: [2, 'passwd'], kind: 'password' },
  { names: ['pika.PlainCredentials'], at: [1, 'password'], kind: 'password' },
  { names: ['sequelize.Sequelize', 'sequelize'], at: 2, kind: 'password' },
  { names: ['stripe', 'stripe.Stripe', 'twilio.rest.Client', 'twilio'], at: 0, kind: 'password' },
]
