import { decodedByHand, decodedUnverified, madeUnsigned, verifiedBadly, verifiedWell } from '../checks/tokens.ts'
import type { Model } from './model.ts'

const rule = 'jwt-unverified' as const
const believed = 'The claims of a token are believed without checking its signature.'
const weak = 'The signature is not really checked.'
const unsigned = 'The token is made with the algorithm `none`: anybody can write such a token.'

/**
 * JSON Web Tokens in Python. Sources: pyjwt.readthedocs.io (api: decode, options), python-jose.readthedocs.io (jwt),
 * docs.authlib.org (JsonWebToken), RFC 8725 section 3.
 */
export const pythonTokens: Model = {
  checks: [
    {
      names: [
        'jwt.decode',
        'jwt.decode_complete',
        'jwt.PyJWT().decode',
        'jwt.PyJWT().decode_complete',
        'jwt.api_jwt.decode',
        'jose.jwt.decode',
        'jose.jws.verify',
        'flask_jwt_extended.decode_token',
      ],
      rule,
      judge: verifiedBadly,
      message: weak,
    },
    {
      names: ['jose.jwt.get_unverified_claims', 'jose.jws.get_unverified_claims', 'jwt.get_unverified_claims'],
      rule,
      judge: decodedUnverified,
      message: believed,
    },
    {
      names: ['authlib.jose.JsonWebToken', 'authlib.jose.JsonWebSignature'],
      rule,
      judge: verifiedBadly,
      message: weak,
    },
    {
      names: ['jwt.encode', 'jwt.PyJWT().encode', 'jwt.api_jwt.encode', 'jose.jwt.encode', 'authlib.jose.jwt.encode'],
      rule,
      judge: madeUnsigned,
      message: unsigned,
      fix: 'Sign with a key: HS256 with a secret, or RS256 with a private key.',
    },
    { names: ['json.loads'], rule, judge: decodedByHand, message: believed },
    {
      names: [
        'hmac.compare_digest',
        'hmac.new().*',
        'itsdangerous.*',
        '?.verify',
        'nacl.signing.VerifyKey().verify',
        'rsa.verify',
        'authlib.jose.jwt.decode',
        '*.verify_signature',
        'google.oauth2.id_token.verify_oauth2_token',
        'google.oauth2.id_token.verify_token',
        'firebase_admin.auth.verify_id_token',
      ],
      rule,
      judge: verifiedWell,
      message: believed,
    },
  ],
}

/**
 * JSON Web Tokens in JavaScript. Sources: github.com/auth0/node-jsonwebtoken (decode, verify), github.com/panva/jose
 * (decodeJwt, jwtVerify, UnsecuredJWT), github.com/auth0/jwt-decode, github.com/fastify/fastify-jwt (decode).
 */
export const javascriptTokens: Model = {
  checks: [
    {
      names: [
        'jsonwebtoken.decode',
        'jwt-decode',
        'jwt-decode.jwtDecode',
        'jwt-decode.jwt_decode',
        'jose.decodeJwt',
        'jose.UnsecuredJWT.decode',
        'jose.default.decodeJwt',
        'jwt-simple.decode',
        'next-auth/jwt.decodeJwt',
        'hono/jwt.decode',
        'fast-jwt.createDecoder()',
        'jws.decode',
        '*.jwt.decode',
        'fastify.Request.jwtDecode',
        '@tsndr/cloudflare-worker-jwt.decode',
      ],
      rule,
      judge: decodedUnverified,
      message: believed,
    },
    {
      names: [
        'jsonwebtoken.verify',
        'jose.jwtVerify',
        'jwt-simple.decode',
        'fast-jwt.createVerifier',
        'express-jwt.expressjwt',
        'express-jwt',
        'jws.verify',
        'hono/jwt.verify',
        '*.jwt.verify',
        'jose.compactVerify',
        '*.jwtVerify',
        'fast-jwt.createVerifier()',
      ],
      rule,
      judge: verifiedBadly,
      message: weak,
    },
    {
      names: ['jsonwebtoken.sign', 'jsonwebtoken.default.sign', 'jwt-simple.encode', 'hono/jwt.sign', '*.jwt.sign'],
      rule,
      judge: madeUnsigned,
      message: unsigned,
      fix: 'Sign with a key: HS256 with a secret, or RS256 with a private key.',
    },
    { names: ['JSON.parse'], rule, judge: decodedByHand, message: believed },
    {
      names: [
        'crypto.timingSafeEqual',
        'crypto.verify',
        'crypto.createVerify().verify',
        'crypto.createHmac',
        'crypto.subtle.verify',
        'jose.flattenedVerify',
        'jose.generalVerify',
        '*.verifyIdToken',
        '*.getTokenInfo',
      ],
      rule,
      judge: verifiedWell,
      message: believed,
    },
  ],
}
