import { describe, expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'
import type { RuleId } from '../models/rules.ts'

interface Cases {
  readonly found: readonly (readonly [path: string, code: string])[]
  /** Nothing of the rule that is more than a guess. */
  readonly safe: readonly (readonly [path: string, code: string])[]
}

const flask = 'import os\nfrom flask import Flask, request, redirect\napp = Flask(__name__)\n'
const route = '@app.post("/x")\ndef answer():\n'
const express = "const express = require('express')\nconst app = express()\n"
const merge = (guard: string): string =>
  `export function merge(target, source) { for (const key in source) { ${guard} if (typeof source[key] === 'object') { target[key] = merge(target[key] || {}, source[key]) } else { target[key] = source[key] } } return target }`

const cases: Partial<Readonly<Record<RuleId, Cases>>> = {
  'jwt-unverified': {
    found: [
      [
        'app.js',
        "import jwt from 'jsonwebtoken'\nexport function check(token, key) { const { header } = jwt.decode(token, { complete: true })\n return jwt.verify(token, key, { algorithms: [header.alg] }) }",
      ],
      ['app.py', 'import jwt\ntoken = jwt.encode({"sub": 1}, None, algorithm="none")'],
      [
        'app.py',
        'from jose import jwt\ndef make(user):\n    return jwt.encode({"sub": user.id}, "", algorithm="none")',
      ],
      [
        'app.js',
        "import jwt from 'jsonwebtoken'\nexport const make = (claims) => jwt.sign(claims, '', { algorithm: 'none' })",
      ],
      [
        'app.js',
        "import { sign } from 'jsonwebtoken'\nconst options = { algorithm: 'none' }\nexport const make = (claims, key) => sign(claims, key, options)",
      ],
    ],
    safe: [
      [
        'app.js',
        "import { jwtVerify, importJWK, decodeProtectedHeader } from 'jose'\nexport async function check(token, jwks) { const header = decodeProtectedHeader(token)\n const key = jwks.keys.find((each) => each.kid === header.kid)\n const alg = key.alg ?? header.alg\n return await jwtVerify(token, await importJWK(key, alg), { algorithms: [alg] }) }",
      ],
      ['app.py', 'import jwt, os\ntoken = jwt.encode({"sub": 1}, os.environ["KEY"], algorithm="HS256")'],
      ['app.js', "import { sign } from 'jsonwebtoken'\nexport const make = (claims) => sign(claims, process.env.KEY)"],
      [
        'app.py',
        'import jwt\nkeys = load()\ndef verify(token):\n    claims = jwt.decode(token, options={"verify_signature": False})\n    return jwt.decode(token, keys[claims["kid"]], algorithms=["RS256"])',
      ],
    ],
  },
  'permissive-cors': {
    found: [
      ['app.py', 'from flask_socketio import SocketIO\nsocketio = SocketIO(cors_allowed_origins="*")'],
      ['app.py', 'import socketio\nserver = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")'],
      ['shop/settings.py', 'CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True'],
    ],
    safe: [
      [
        'app.py',
        'from flask_socketio import SocketIO\nsocketio = SocketIO(cors_allowed_origins=["https://shop.test"])',
      ],
      ['app.py', 'from flask_socketio import SocketIO\nsocketio = SocketIO()'],
      ['shop/settings.py', 'CORS_ALLOW_ALL_ORIGINS = False\nCORS_ALLOW_CREDENTIALS = True'],
    ],
  },
  'debug-enabled': {
    found: [
      [
        'shop/settings.py',
        'import os\nDEBUG = os.environ.get("DEBUG", "True") == "True"\nSECRET_KEY = os.environ["SECRET_KEY"]',
      ],
      [
        'shop/settings.py',
        'from decouple import config\nDEBUG = config("DEBUG", default=True, cast=bool)\nSECRET_KEY = config("SECRET_KEY")',
      ],
      ['server.js', `const errorhandler = require('errorhandler')\n${express}app.use(errorhandler())`],
    ],
    safe: [
      [
        'shop/settings.py',
        'import os\nDEBUG = os.environ.get("DEBUG", "False") == "True"\nSECRET_KEY = os.environ["SECRET_KEY"]',
      ],
      ['tool/settings.py', 'DEBUG = True\nTIMEOUT = 5'],
      [
        'server.js',
        `const errorhandler = require('errorhandler')\n${express}if (process.env.NODE_ENV === 'development') app.use(errorhandler())`,
      ],
    ],
  },
  'hard-coded-credential': {
    found: [
      ['app.js', "const secret = process.env.JWT_SECRET || 'secret'"],
      ['app.js', "const JWT_SECRET = process.env.JWT_SECRET ?? 'your-secret-key'"],
      ['app.py', 'import os\nSECRET_KEY = os.environ.get("SECRET_KEY", "dev-secret")'],
    ],
    safe: [
      ['app.js', "const port = process.env.PORT || '3000'\nconst secret = process.env.JWT_SECRET || ''"],
      ['codes.js', "export const codes = { MISSING_SECRET_KEY: 'Missing secret key' }"],
      ['app.js', "const own = legacySecret !== 'better-auth-secret-1234567890' ? legacySecret : undefined"],
    ],
  },
  'prototype-pollution': {
    found: [
      ['merge.js', merge('')],
      ['merge.js', merge('if (!source.hasOwnProperty(key)) continue;')],
      [
        'merge.js',
        "export function extend(target, source) { for (const [key, value] of Object.entries(source)) { if (value && typeof value === 'object') { if (!target[key]) target[key] = {}\n extend(target[key], value) } else { target[key] = value } } return target }",
      ],
    ],
    safe: [
      ['merge.js', merge("if (key === '__proto__') continue;")],
      ['merge.js', merge('if (!Object.hasOwn(target, key)) continue;')],
      ['merge.js', `${merge('')}\nexport const settings = merge({ a: 1 }, { b: { c: 2 } })`],
      [
        'copy.js',
        "export function copy(source) { const made = {}\n for (const key in source) { made[key] = typeof source[key] === 'object' ? copy(source[key]) : source[key] } return made }",
      ],
    ],
  },
  'path-traversal': {
    found: [
      [
        'app.py',
        `${flask}${route}    file = request.files["file"]\n    file.save(os.path.join("uploads", file.filename))`,
      ],
      ['app.py', `${flask}${route}    request.files["file"].save("uploads/" + request.form["name"])`],
    ],
    safe: [
      [
        'app.py',
        `${flask}from werkzeug.utils import secure_filename\n${route}    file = request.files["file"]\n    file.save(os.path.join("uploads", secure_filename(file.filename)))`,
      ],
    ],
  },
  'insecure-cookie': {
    found: [
      ['app.js', `${express}app.get('/', (req, res) => { res.cookie('session', make(), { maxAge: 5 }); res.end() })`],
    ],
    safe: [
      [
        'app.js',
        `${express}import settings from './settings.js'\napp.get('/', (req, res) => { res.cookie('session', make(), { ...settings.cookie, maxAge: 5 }); res.end() })`,
      ],
    ],
  },
  'open-redirect': {
    found: [['app.py', `${flask}${route}    return redirect(request.args.get("next"))`]],
    safe: [
      [
        'app.py',
        `${flask}from .addresses import is_safe_url\n${route}    target = request.args.get("next")\n    if not is_safe_url(target):\n        target = "/"\n    return redirect(target)`,
      ],
    ],
  },
  'server-side-request-forgery': {
    found: [
      ['routes.py', 'import httpx\n@app.get("/proxy")\nasync def proxy(url: str):\n    return httpx.get(url).text'],
    ],
    safe: [
      [
        'routes.py',
        'import httpx\n@app.get("/proxy")\nasync def proxy(page: int):\n    return httpx.get("https://a.test", params=page)',
      ],
    ],
  },
  'tls-verification-disabled': {
    found: [
      [
        'client.py',
        'import ssl\ndef context():\n    made = ssl.create_default_context()\n    made.check_hostname = False\n    made.verify_mode = ssl.CERT_NONE\n    return made',
      ],
    ],
    safe: [
      [
        'client.py',
        'import ssl\ndef context(options):\n    made = ssl.create_default_context()\n    made.check_hostname = False\n    made.verify_mode = options["cert_reqs"]\n    return made',
      ],
    ],
  },
  'weak-password-storage': {
    found: [
      [
        'app.py',
        `${flask}from models import User\n${route}    user = User.query.filter_by(name=request.form["name"]).first()\n    password = request.form["password"]\n    if user and user.password == password:\n        return "ok"\n    return "no"`,
      ],
    ],
    safe: [
      [
        'app.js',
        `${express}app.post('/register', (req, res) => { const { password, confirmPassword } = req.body\n if (password !== confirmPassword) return res.status(400).end()\n res.end() })`,
      ],
    ],
  },
  'xml-external-entities': {
    found: [
      [
        'app.js',
        `const libxml = require('libxmljs2')\n${express}app.post('/x', (req, res) => { res.json(libxml.parseXmlString(req.body.xml, { noent: true }).text()) })`,
      ],
      [
        'app.py',
        `from lxml import etree\n${flask}${route}    return etree.fromstring(request.data, etree.XMLParser(resolve_entities=True)).tag`,
      ],
    ],
    safe: [
      [
        'app.py',
        'from lxml import etree\nsettings = etree.parse("settings.xml", etree.XMLParser(resolve_entities=True))',
      ],
      [
        'app.js',
        `const libxml = require('libxmljs2')\n${express}app.post('/x', (req, res) => { res.json(libxml.parseXmlString(req.body.xml, { noent: false }).text()) })`,
      ],
    ],
  },
  'token-in-web-storage': {
    found: [
      ['login.js', "fetch('/x').then((r) => r.json()).then((data) => localStorage.setItem('token', data.token))"],
      [
        'login.ts',
        "const TOKEN_KEY = 'shop_token'\nexport const keep = (answer: Answer) => localStorage.setItem(TOKEN_KEY, answer.value)",
      ],
      ['login.js', 'export const keep = (data) => { sessionStorage.token = data.token }'],
    ],
    safe: [
      ['login.js', "localStorage.setItem('theme', theme)\nlocalStorage.removeItem('token')"],
      ['login.js', "localStorage.setItem('csrf_token', value)\nlocalStorage.setItem('tokenExpiry', when)"],
      ['login.js', "cookies.setItem('token', value)"],
    ],
  },
}

async function confidences(rule: string, path: string, code: string): Promise<string[]> {
  const { findings } = await analyzeFiles(dataflow, { [path]: `${code}\n` })
  return findings.flatMap((finding) =>
    finding.rule === rule ? [finding.confidence ?? dataflow.rule(rule)?.confidence ?? ''] : [],
  )
}

describe.each(Object.entries(cases))('%s', (rule, { found, safe }) => {
  test.each(found)('is found in %s: %s', async (path, code) => {
    expect(await confidences(rule, path, code)).not.toEqual([])
  })
  test.each(safe)('is not said of %s: %s', async (path, code) => {
    expect((await confidences(rule, path, code)).filter((confidence) => confidence !== 'low')).toEqual([])
  })
})
