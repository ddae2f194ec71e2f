// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the programs are source code
import { testPrograms } from './secrets.ts'

const express =
  "const express = require('express')\nconst crypto = require('crypto')\nconst bcrypt = require('bcrypt')\nconst app = express()\n"
const route = (body: string): string => `${express}app.post('/x', async (req, res) => {\n${body}\n})\n`

testPrograms('server.js', {
  'weak-random': {
    vulnerable: [
      "const sessionToken = 's' + Number(new Date())",
      'const sessionId = Math.random().toString(36).substring(2)',
      'export const generateToken = () => Math.random().toString(36).slice(2) + Date.now().toString(36)',
      "function makeId(n) { let r = ''; const chars = 'abc123'; for (let i = 0; i < n; i++) r += chars.charAt(Math.floor(Math.random() * chars.length)); return r }\nconst resetToken = makeId(32)",
      'const otp = Math.floor(100000 + Math.random() * 900000)',
      "const token = Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('')",
      "const token = [...Array(30)].map(() => (~~(Math.random() * 36)).toString(36)).join('')",
      "const apiKey = 'xxxx-xxxx'.replace(/x/g, () => ((Math.random() * 16) | 0).toString(16))",
      "const crypto = require('crypto')\nconst csrfToken = crypto.createHash('sha256').update(String(Math.random())).digest('hex')",
      'class Sessions { create(user) { const token = this.next(); return { user, token } } next() { return `${Math.random()}` } }\nnew Sessions().create(1)',
      route("res.cookie('session', Math.random().toString(36))\nres.end()"),
      "import { v1 as uuidv1 } from 'uuid'\nconst apiToken = uuidv1()",
      'const token = `${Date.now()}`',
      "const _ = require('lodash')\nconst password = _.sampleSize('abcdefghij', 8).join('')",
      route('req.session.otp = String(Math.floor(Math.random() * 9000) + 1000)\nres.end()'),
    ],
    safe: [
      'const session = { token: make(), createdAt: new Date() }\nconst tokenExpiresAt = new Date()',
      "import crypto from 'crypto'\nconst token = crypto.randomBytes(32).toString('hex')",
      'const token = crypto.randomUUID()',
      'const id = Math.random().toString(36)',
      'const delay = Math.random() * 1000',
      'items.sort(() => Math.random() - 0.5)',
      "const color = '#' + Math.floor(Math.random() * 16777215).toString(16)",
      'const key = Math.random()',
      "import { randomUUID } from 'crypto'\nconst token = `${Date.now()}-${randomUUID()}`",
      'const tokens = Math.floor(Math.random() * 1000)\nconst usage = { maxTokens: Math.random() * 10, tokenCount: Math.random() }',
      'const session = { startedAt: Date.now() }\nconst tokenExpiry = Date.now() + 1000',
      "const KEYS = ['k-aaa-111', 'k-bbb-222']\nconst apiKey = KEYS[Math.floor(Math.random() * KEYS.length)]",
      'const nonce = Date.now()',
      "const jwt = require('jsonwebtoken')\nconst token = jwt.sign({ iat: Date.now() }, process.env.JWT_SECRET)",
    ],
  },
  'weak-cipher': {
    vulnerable: [
      "const crypto = require('crypto')\ncrypto.createCipheriv('aes-256-cbc', key, process.env.IV)",
      "const { createCipheriv: make } = require('crypto')\nmake('aes-128-ecb', key, null)",
      "const crypto = require('crypto')\ncrypto.createCipher('aes-256-cbc', 'x')",
      "const crypto = require('crypto')\nconst IV = Buffer.from('1234567890123456')\ncrypto.createCipheriv('aes-256-cbc', key, IV)",
      "const crypto = require('crypto')\ncrypto.createCipheriv('aes-256-cbc', key, Buffer.alloc(16, 0))",
      "const crypto = require('crypto')\nconst iv = crypto.randomBytes(16)\nfunction seal(text) { return crypto.createCipheriv('aes-256-cbc', key, iv).update(text) }",
      "import CryptoJS from 'crypto-js'\nCryptoJS.TripleDES.encrypt(text, key)",
      "import CryptoJS from 'crypto-js'\nCryptoJS.AES.encrypt(text, key, { iv: CryptoJS.enc.Hex.parse('00000000000000000000000000000000') })",
      "const forge = require('node-forge')\nforge.cipher.createCipher('3DES-CBC', key)",
      "const iv = new Uint8Array(12)\ncrypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, data)",
    ],
    safe: [
      "const crypto = require('crypto')\nfunction seal(t) { const iv = crypto.randomBytes(12); return crypto.createCipheriv('aes-256-gcm', key, iv) }",
      "const iv = crypto.getRandomValues(new Uint8Array(12))\ncrypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, data)",
      "const iv = new Uint8Array(12)\ncrypto.getRandomValues(iv)\ncrypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, data)",
      "const crypto = require('crypto')\nconst iv = Buffer.alloc(16)\ncrypto.randomFillSync(iv)\ncrypto.createCipheriv('aes-256-cbc', key, iv)",
      "const crypto = require('crypto')\nfunction unseal(d) { return crypto.createDecipheriv('aes-256-cbc', key, d.subarray(0, 16)) }",
      "import CryptoJS from 'crypto-js'\nCryptoJS.AES.encrypt(text, key)",
    ],
  },
  'weak-hash': {
    vulnerable: [
      "const crypto = require('crypto')\nfunction sign(body) { return crypto.createHash('md5').update(body + process.env.SECRET).digest('hex') }",
      "import { createHash } from 'node:crypto'\nconst token = createHash('sha1').update(email).digest('hex')",
      "const md5 = require('md5')\nconst authToken = md5(user.email)",
      "const crypto = require('crypto')\nconst s = crypto.createSign('RSA-SHA1')",
      "import CryptoJS from 'crypto-js'\nconst signature = CryptoJS.SHA1(message).toString()",
    ],
    safe: [
      "const crypto = require('crypto')\nconst etag = crypto.createHash('md5').update(body).digest('hex')",
      "const crypto = require('crypto')\nfunction cacheKey(q) { return crypto.createHash('sha1').update(q).digest('hex') }",
      "const crypto = require('crypto')\nconst hash = crypto.createHash('md5').update(email.trim().toLowerCase()).digest('hex')\nconst avatarUrl = `https://www.gravatar.com/avatar/${hash}`",
      "const crypto = require('crypto')\nconst signature = crypto.createHmac('sha256', process.env.K).update(body).digest('hex')",
    ],
  },
  'weak-password-storage': {
    vulnerable: [
      "async function hashPassword(password) { return crypto.subtle.digest({ name: 'SHA-256' }, new TextEncoder().encode(password)) }",
      "const crypto = require('crypto')\nconst hashPassword = (password) => crypto.createHash('sha256').update(password).digest('hex')",
      route(
        "const hash = crypto.createHash('sha512').update(req.body.password + 'salt').digest('hex')\nres.json({ hash })",
      ),
      "const sha256 = require('sha256')\nuser.password = sha256(password)",
      "const crypto = require('crypto')\ncrypto.pbkdf2Sync(password, salt, 1000, 64, 'sha512')",
      "const bcrypt = require('bcryptjs')\nbcrypt.hashSync(password, 5)",
      route('const hash = await bcrypt.hash(req.body.password, 2)\nres.json({ hash })'),
      `const User = require('./user')\n${route('await User.create({ email: req.body.email, password: req.body.password })\nres.end()')}`,
      route('const { username, password } = req.body\nusers.push({ username, password })\nres.end()'),
      route(
        'const user = await User.findOne({ email: req.body.email })\nif (user.password !== req.body.password) return res.sendStatus(401)\nres.end()',
      ),
      `const db = require('better-sqlite3')('a.db')\n${route("db.prepare('INSERT INTO users (email, password) VALUES (?, ?)').run(req.body.email, req.body.password)\nres.end()")}`,
    ],
    safe: [
      route(
        'const user = new User({ email: req.body.email, password: req.body.password })\nuser.password = await bcrypt.hash(req.body.password, 10)\nawait user.save()\nres.end()',
      ),
      route(
        'const password = await bcrypt.hash(req.body.password, 12)\nawait User.create({ email: req.body.email, password })\nres.end()',
      ),
      route(
        'const { username, password } = req.body\nconst hashed = bcrypt.hashSync(password, 10)\nusers.push({ username, password: hashed })\nres.end()',
      ),
      `const schema = new Schema({ password: String })\nschema.pre('save', async function () { this.password = await bcrypt.hash(this.password, 10) })\nconst User = model('User', schema)\n${route('await User.create({ password: req.body.password })\nres.end()')}`,
      "const crypto = require('crypto')\ncrypto.scryptSync(password, salt, 64)",
      "const crypto = require('crypto')\nconst tokenHash = crypto.createHash('sha256').update(resetToken).digest('hex')",
      route('if (req.body.password !== req.body.confirmPassword) return res.end()\nres.end()'),
      route(
        'const user = await User.findOne({ email: req.body.email })\nif (!(await bcrypt.compare(req.body.password, user.password))) return res.end()\nres.end()',
      ),
    ],
  },
  'timing-unsafe-comparison': {
    vulnerable: [
      "const crypto = require('crypto')\nfunction verify(body, signature, secret) { const expected = crypto.createHmac('sha256', secret).update(body).digest('hex'); return signature === expected }",
      route("if (req.headers['x-api-key'] !== process.env.API_KEY) return res.end()\nres.end()"),
      route(
        "const mac = crypto.createHmac('sha256', process.env.S).update(req.body).digest('hex')\nif (req.get('x-signature') === mac) res.end()",
      ),
      route('if (req.headers.authorization !== `Bearer ${process.env.CRON_SECRET}`) return res.end()\nres.end()'),
      route('if (req.body._csrf !== req.session.csrfToken) return res.end()\nres.end()'),
      route(
        "const mac = crypto.createHmac('sha256', process.env.S).update(req.body).digest()\nif (mac.equals(Buffer.from(req.get('x-signature'), 'hex'))) res.end()",
      ),
    ],
    safe: [
      route(
        "const a = Buffer.from(req.get('x-api-key'))\nconst b = Buffer.from(process.env.API_KEY)\nif (a.length !== b.length || !crypto.timingSafeEqual(a, b)) return res.end()\nres.end()",
      ),
      'function lex(token, next) { if (token === next) return 1; return token.type === Token.Comma }',
      route("if (req.query.token === undefined || req.query.token === '') return res.end()\nres.end()"),
      route("if (typeof req.query.token !== 'string') return res.end()\nres.end()"),
      route('if (req.body.userId === req.session.userId) res.end()'),
      'function useToken(token, previousToken) { return token !== previousToken }',
      route('if (req.query.env === process.env.NODE_ENV) res.end()'),
    ],
  },
  'hard-coded-credential': {
    vulnerable: [
      "const JWT_SECRET = 'mysecretkey'",
      "const jwt = require('jsonwebtoken')\nconst KEY = 'abc123xyz'\njwt.sign({}, KEY)",
      "const session = require('express-session')\napp.use(session({ secret: 'keyboard cat', resave: false }))",
      "const jwt = require('jsonwebtoken')\njwt.verify(token, process.env.JWT_SECRET || 'fallback-9f8e7d6c')",
      "const config = { db: { host: 'db', password: 'S3cr3tP@ss' } }",
      "const mongoose = require('mongoose')\nmongoose.connect('mongodb+srv://app:Q8z7Lk2p@cluster0.mongodb.net/app')",
      "const apiKey = 'AIzaSyA1234567890abcdefghijklmnopqrstuv'",
      "class Client { apiKey = '9f8e7d6c5b4a39281706f5e4d3c2b1a0' }",
      "fetch(url, { headers: { 'X-Api-Key': 'a1b2c3d4e5f60718293a4b5c' } })",
      route("if (req.body.username === 'admin' && req.body.password === 'letmein42') return res.end()\nres.end()"),
      "const nodemailer = require('nodemailer')\nnodemailer.createTransport({ auth: { user: 'a@b.c', pass: 'Gm4il-pass' } })",
      "import { SignJWT } from 'jose'\nconst key = new TextEncoder().encode('k3yb0ard-c4t-s1gns-this')\nawait new SignJWT({}).sign(key)",
      "const crypto = require('crypto')\nconst KEY = '0123456789abcdef0123456789abcdef'\ncrypto.createCipheriv('aes-256-gcm', Buffer.from(KEY), iv)",
    ],
    safe: [
      "export const words = { pass: 'completed', fail: 'failed_check', error: 'error' }",
      "const firebaseConfig = { apiKey: 'AIzaSyA1234567890abcdefghijklmnopqrstuv', authDomain: 'a.firebaseapp.com' }",
      'const JWT_SECRET = process.env.JWT_SECRET',
      "const TOKEN_KEY = 'auth_token'\nlocalStorage.getItem(TOKEN_KEY)",
      "const labels = { password: 'Password', token: 'Token' }\nconst errors = { password: 'Too short' }",
      "const schema = { password: 'string', apiKey: 'string' }\nconst types = { password: 'password' }",
      "const password = ''\nlet token = null\nlet secret",
      "const config = { password: '<your password>', apiKey: 'YOUR_API_KEY' }",
      "const t = { password: 'Mot de passe', passwordHint: 'au moins 8' }",
      "const ROUTES = { resetPassword: '/reset-password', token: '/api/token' }",
      "const url = process.env.DATABASE_URL ?? 'postgres://postgres:postgres@localhost:5432/dev'",
      "const secret = process.env.SECRET ?? 'change-me'",
      "if (token.type === 'string' && password === 'password') warn()",
    ],
  },
})
