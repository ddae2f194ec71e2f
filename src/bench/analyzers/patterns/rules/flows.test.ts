// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are source code
import { flowRules } from './flows.ts'
import { testRules } from './testing.ts'

const merge = (guard: string): string =>
  `function merge(target, source) { for (const key in source) { ${guard} if (typeof source[key] === 'object') { target[key] = merge(target[key] || {}, source[key]) } else { target[key] = source[key] } } return target }`

testRules('flows', flowRules, {
  'client-redirect': {
    vulnerable: [
      ['a.js', "const next = new URLSearchParams(location.search).get('next')\nwindow.location.href = next"],
      ['a.jsx', "const go = () => { window.location = searchParams.get('to') }"],
      ['a.js', 'location.replace(location.hash.slice(1))'],
    ],
    safe: [
      ['a.js', "window.location.href = '/login'"],
      [
        'a.js',
        "const next = new URLSearchParams(location.search).get('next')\nfunction go() { const to = params.get('next')\n if (to.startsWith('/')) { location.href = to } }",
      ],
      ['a.js', "link.href = params.get('to')"],
    ],
  },
  'prototype-pollution': {
    vulnerable: [
      ['a.js', merge('')],
      ['a.js', merge('').replace('function merge(target, source)', 'const merge = function (target, source)')],
      [
        'a.ts',
        'const deepMerge = (a: O, b: O): O => { Object.keys(b).forEach((k) => { a[k] = deepMerge(a[k], b[k]) })\n return a }',
      ],
    ],
    safe: [
      ['a.js', merge("if (key === '__proto__') continue;")],
      ['a.js', merge('if (!Object.hasOwn(target, key)) continue;')],
      ['a.js', 'function count(words) { for (const word of words) { totals[word] = add(totals[word], 1) } }'],
    ],
  },
  'regex-from-request': {
    vulnerable: [
      ['a.js', 'app.get("/", (req, res) => { const matcher = new RegExp(req.query.q, "i") })'],
      ['a.js', 'app.get("/", (req, res) => { const { q } = req.query\n const matcher = new RegExp(`^${q}`) })'],
      ['a.py', 'import re\ndef f():\n    return re.compile(request.args["q"])'],
    ],
    safe: [
      ['a.js', 'app.get("/", (req, res) => { const matcher = new RegExp(escapeRegExp(req.query.q)) })'],
      [
        'a.js',
        "app.get('/', (req, res) => { const matcher = new RegExp(req.query.q.replace(/[.*+?^${}()|[\\]\\\\]/g, '\\\\$&')) })",
      ],
      ['a.js', 'const matcher = new RegExp(word)'],
      ['a.py', 'import re\ndef f():\n    return re.compile(re.escape(request.args["q"]))'],
    ],
  },
  'world-writable-file': {
    vulnerable: [
      ['a.js', "import fs from 'fs'\nfs.chmodSync(path, 0o777)"],
      ['a.py', 'import os\nos.chmod(path, 0o777)'],
      ['a.js', "import { chmod } from 'fs/promises'\nawait chmod(dir, '0777')"],
    ],
    safe: [
      ['a.py', 'import os\nos.chmod(path, 0o755)'],
      ['a.js', "import fs from 'fs'\nfs.chmodSync(path, 0o644)"],
      ['a.py', 'import os\nos.makedirs(path, 0o777)'],
    ],
  },
  'secret-compared-in-parts': {
    vulnerable: [
      ['a.js', "if (req.headers['x-api-key'] === API_KEY) { ok() }"],
      ['a.js', 'if (req.query.token !== process.env.ADMIN_TOKEN) { fail() }'],
      ['a.py', 'def f():\n    if request.headers.get("X-Api-Key") == API_KEY:\n        ok()'],
    ],
    safe: [
      ['a.js', 'if (crypto.timingSafeEqual(a, b)) { ok() }'],
      ['a.js', "if (req.query.type === 'token') { ok() }"],
      ['a.js', 'if (req.params.id === OWNER_ID) { ok() }'],
      ['a.py', 'if hmac.compare_digest(request.headers["X-Api-Key"], API_KEY):\n    ok()'],
    ],
  },
  'cleartext-request': {
    vulnerable: [
      ['a.js', "fetch('http://payments.shop.com/charge')"],
      ['a.js', "import axios from 'axios'\naxios.post(`http://api.shop.com/${id}`, card)"],
      ['a.py', 'import requests\nrequests.post("http://api.shop.com/pay", json=card)'],
    ],
    safe: [
      ['a.js', "fetch('https://payments.shop.com/charge')"],
      ['a.js', "fetch('http://localhost:5000/api')"],
      ['a.js', "fetch('http://backend:5000/api')"],
      ['a.py', 'import requests\nrequests.get("http://192.168.0.5/status")'],
    ],
  },
  'log-from-request': {
    vulnerable: [
      ['a.py', 'import logging\ndef f():\n    logging.info("login of " + request.form["name"])'],
      ['a.py', 'def f():\n    name = request.args.get("name")\n    app.logger.warning(f"failed: {name}")'],
      ['a.js', 'app.get("/", (req, res) => { logger.info(`search ${req.query.q}`) })'],
    ],
    safe: [
      ['a.py', 'import logging\ndef f():\n    logging.info("login of %s", request.form["name"])'],
      ['a.py', 'def f():\n    app.logger.warning(f"failed: {request.form[\'name\']!r}")'],
      ['a.js', 'app.get("/", (req, res) => { logger.info({ q: req.query.q }, "search") })'],
    ],
  },
  'xml-entities': {
    vulnerable: [
      ['a.py', 'from lxml import etree\nparser = etree.XMLParser(resolve_entities=True)'],
      ['a.py', 'parser = etree.XMLParser(load_dtd=True)'],
      ['a.js', 'libxml.parseXml(text, { noent: true })'],
    ],
    safe: [
      ['a.py', 'from lxml import etree\nparser = etree.XMLParser(resolve_entities=False)'],
      ['a.py', 'parser = etree.XMLParser()'],
      ['a.js', 'libxml.parseXml(text, { noent: false })'],
    ],
  },
})
