// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the programs under test are text
import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

const head = `const express = require('express')
const fs = require('fs')
const path = require('path')
const axios = require('axios')
const mysql = require('mysql2')
const mongoose = require('mongoose')
const ejs = require('ejs')
const serialize = require('node-serialize')
const escapeHtml = require('escape-html')
const { exec, execFile, spawn } = require('child_process')
const app = express()
const db = mysql.createPool({})
const User = mongoose.model('User', {})
const NAMES = ['id', 'name']
const TABLE = { a: 'x', b: 'y' }
const identity = (x) => x
class Box {
  constructor(value) { this.value = value }
  get() { return this.value }
  fixed() { return 'fixed' }
}
function known(x) { return NAMES.includes(x) }
app.get('/:id', async (req, res, next) => {
  const q = req.query.q
`

interface Cases {
  readonly vulnerable: readonly string[]
  readonly safe: readonly string[]
}

/** Bodies of a request function. */
const cases: Readonly<Record<string, Cases>> = {
  'sql-injection': {
    vulnerable: [
      "db.query('select ' + q)",
      'db.query(`select ${q}`, (error, rows) => res.json(rows))',
      "await db.promise().query('select ' + req.params.id)",
      "db.query({ sql: 'select ' + q })",
      "db.query('select ' + identity(q))",
      "db.query('select ' + new Box(q).get())",
      "const { a, ...others } = req.body\ndb.query('select ' + others.b)",
      "const parts = []\nparts.push(q)\ndb.query('select ' + parts.join(' and '))",
      "let sql = 'select '\nfor (const each of req.body.list) sql += each\ndb.query(sql)",
      "Promise.resolve(q).then((value) => db.query('select ' + value))",
      "db.query('select ' + escapeHtml(q))",
      "const o = { a: 'x', b: q }\ndb.query('select ' + o.b)",
    ],
    safe: [
      "db.query('select ?', [q])",
      "db.query('select ' + Number(q))",
      "db.query('select ' + parseInt(q, 10))",
      "if (!NAMES.includes(q)) return res.status(400).end()\ndb.query('select ' + q)",
      "if (!known(q)) return next()\ndb.query('select ' + q)",
      "db.query('select ' + (TABLE[q] ?? 'x'))",
      "if (!/^[a-z]+$/.test(q)) throw new Error('no')\ndb.query('select ' + q)",
      "const o = { a: 'x', b: q }\ndb.query('select ' + o.a)",
      "db.query('select ' + new Box(q).fixed())",
      "let s = q\ns = 'fixed'\ndb.query('select ' + s)",
      "if (1 > 2) db.query('select ' + q)",
      "const order = q === 'desc' ? 'desc' : 'asc'\ndb.query('select ' + order)",
      "switch (q) {\n  case 'a':\n    db.query('select ' + q)\n    break\n  default:\n}",
    ],
  },
  'command-injection': {
    vulnerable: [
      'exec(`ls ${q}`)',
      "exec('ls ' + q, () => {})",
      "spawn('ls ' + q, { shell: true })",
      "spawn('sh', ['-c', 'ls ' + q])",
      "const run = require('util').promisify(exec)\nawait run('ls ' + q)",
      "exec(['ls', q].join(' '))",
      "exec('ls ' + encodeURI(q))",
    ],
    safe: [
      "execFile('ls', [q])",
      "spawn('ls', [q])",
      "exec('ls')",
      "exec('sleep ' + Number(q))",
      "if (q === 'a') exec('ls ' + q)",
      "exec('ls ' + TABLE[q])",
      "exec('ls ' + q.replace(/[^a-z]/g, ''))",
    ],
  },
  'cross-site-scripting': {
    vulnerable: [
      'res.send(q)',
      'res.send(`<b>${q}</b>`)',
      "res.status(200).send('<b>' + q)",
      "res.write('<b>' + q.trim())",
      'res.send(decodeURIComponent(q))',
      "res.set('Content-Type', 'text/html')\nres.send(q)",
    ],
    safe: [
      'res.json({ q })',
      'res.send(escapeHtml(q))',
      'res.send({ q })',
      "res.type('text/plain')\nres.send(q)",
      "res.set('Content-Type', 'text/plain').send(q)",
      'res.send(`<b>${Number(q)}</b>`)',
      "res.render('page', { q })",
      "res.send(q.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'))",
      'res.send(encodeURIComponent(q))',
    ],
  },
  'path-traversal': {
    vulnerable: [
      'fs.readFile(q, () => {})',
      "fs.readFileSync(path.join('/srv', q))",
      "res.sendFile('/srv/' + q)",
      "await fs.promises.readFile(path.resolve('/srv', q))",
      'res.download(path.join(__dirname, req.params.id))',
      "const f = path.join('/srv', q)\nif (!fs.existsSync(f)) return\nfs.createReadStream(f).pipe(res)",
    ],
    safe: [
      "fs.readFileSync(path.join('/srv', path.basename(q)))",
      "const f = path.resolve('/srv', q)\nif (!f.startsWith('/srv/')) return\nfs.readFileSync(f)",
      "res.sendFile(q, { root: '/srv' })",
      "fs.readFileSync('/srv/' + TABLE[q])",
      "fs.readFileSync('/srv/' + parseInt(q))",
      "if (q.includes('..')) return\nfs.readFileSync(path.join('/srv', q))",
      "if (!/^[\\w-]+\\.txt$/.test(q)) return\nfs.readFileSync('/srv/' + q)",
    ],
  },
  'open-redirect': {
    vulnerable: [
      'res.redirect(q)',
      'res.redirect(302, q)',
      "res.redirect(req.body.next || '/')",
      "res.redirect('//' + q)",
      "if (q.startsWith('/')) res.redirect(q)",
      "if (q.includes('example.com')) res.redirect(q)",
    ],
    safe: [
      "res.redirect('/')",
      "res.redirect('/users/' + q)",
      "res.redirect('/?q=' + encodeURIComponent(q))",
      "if (q.startsWith('/') && !q.startsWith('//')) res.redirect(q)",
      "const url = new URL(q)\nif (url.hostname !== 'example.com') return\nres.redirect(q)",
      "const to = NAMES.includes(q) ? q : '/'\nres.redirect(to)",
    ],
  },
  'server-side-request-forgery': {
    vulnerable: [
      'await axios.get(q)',
      'await fetch(q)',
      'await axios({ url: q })',
      'await fetch(`http://${q}/status`)',
      "if (q.startsWith('http')) await fetch(q)",
      'await axios.post(req.body.hook, {})',
    ],
    safe: [
      "await axios.get('https://api.example.com/' + q)",
      "await axios.get('https://api.example.com', { params: { q } })",
      'await fetch(TABLE[q])',
      "const url = new URL(q)\nif (!['a.example.com'].includes(url.hostname)) return\nawait fetch(q)",
      'await fetch(`https://api.example.com/${q}`)',
      "if (q !== 'https://a.example.com') return\nawait fetch(q)",
    ],
  },
  'nosql-injection': {
    vulnerable: [
      'await User.findOne({ name: req.body.name })',
      'await User.find(req.query)',
      'await User.findOne({ name: req.body.name, password: req.body.password })',
      'await User.deleteMany({ _id: req.body.id })',
      'const { name } = req.body\nawait User.findOne({ name })',
      "await User.find({ $where: 'this.a == ' + q })",
    ],
    safe: [
      'await User.findOne({ name: String(req.body.name) })',
      'await User.findById(req.params.id)',
      'await User.findOne({ name: req.params.id })',
      "if (typeof req.body.name !== 'string') return\nawait User.findOne({ name: req.body.name })",
      'await User.findOne({ name: req.body.name.toString() })',
      'await User.findOne({ age: Number(req.body.age) })',
      'await User.findOne({ name: `${req.body.name}` })',
    ],
  },
  'code-injection': {
    vulnerable: [
      'eval(q)',
      'new Function(q)()',
      "new Function('a', q)",
      "require('vm').runInNewContext(q)",
      "setTimeout('go(' + q + ')', 10)",
      "eval('(' + JSON.stringify(q) + ')' + q)",
    ],
    safe: [
      'JSON.parse(q)',
      "eval('1 + 1')",
      'setTimeout(() => q, 10)',
      'eval(String(Number(q)))',
      "if (q === '1') eval(q)",
      'new Function("return 1")',
    ],
  },
  'template-injection': {
    vulnerable: [
      'ejs.render(q, {})',
      "ejs.render('<b>' + q + '</b>')",
      "require('pug').compile(q)",
      "require('handlebars').compile(q)",
      "require('nunjucks').renderString(q, {})",
      'ejs.render(escapeHtml(q).concat(q))',
    ],
    safe: [
      "ejs.render('<b><%= q %></b>', { q })",
      "res.render('page', { q })",
      "require('handlebars').compile('{{q}}')({ q })",
      'ejs.render(TABLE[q])',
      "ejs.render('<b>' + Number(q) + '</b>')",
      "if (!NAMES.includes(q)) return\nejs.render('<b>' + q)",
    ],
  },
  'unsafe-deserialisation': {
    vulnerable: [
      'serialize.unserialize(q)',
      'serialize.unserialize(req.body)',
      'serialize.unserialize(req.cookies.profile)',
      "serialize.unserialize(Buffer.from(q, 'base64').toString())",
      'serialize.unserialize(identity(q))',
      'serialize.unserialize(q.slice(0, 100))',
    ],
    safe: [
      'JSON.parse(q)',
      "serialize.unserialize('{}')",
      'serialize.serialize(q)',
      "serialize.unserialize(fs.readFileSync('a', 'utf8'))",
      'serialize.unserialize(TABLE[q])',
      "serialize.unserialize(q === '1' ? '{}' : '[]')",
    ],
  },
}

for (const [rule, { vulnerable, safe }] of Object.entries(cases)) {
  for (const [expected, bodies] of [
    [true, vulnerable],
    [false, safe],
  ] as const) {
    test.each(bodies)(`${rule}: ${expected ? 'found' : 'not found'} in %s`, async (body) => {
      const { findings } = await analyzeFiles(dataflow, { 'app.js': `${head}${body}\n})\n` })
      const sure = findings.filter((finding) => finding.rule === rule && finding.confidence !== 'low')
      expect(sure.length > 0).toBe(expected)
    })
  }
}
