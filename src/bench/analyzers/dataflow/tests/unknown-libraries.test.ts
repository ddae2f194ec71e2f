import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

/** Parts of programs, and libraries no model knows of: the name of the method says enough. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: code under test
const vulnerable: readonly (readonly [path: string, code: string, rule: string])[] = [
  ['a.js', "app.get('/', (req, res) => { db.query(`SELECT * FROM t ORDER BY ${req.query.sort}`) })", 'sql-injection'],
  [
    'a.js',
    "const db = require('./db')\nmodule.exports = (req, res) => db.query('SELECT ' + req.query.a)",
    'sql-injection',
  ],
  [
    'a.js',
    "import { db } from '@acme/db'\nexport const find = (req, res) => db.query('SELECT ' + req.body.a)",
    'sql-injection',
  ],
  ['a.py', "from acme.db import conn\ndef f():\n    conn.execute('select ' + request.args['q'])\n", 'sql-injection'],
  ['a.py', 'def f():\n    return redirect(request.args.get("next") or "/")\n', 'open-redirect'],
  [
    'a.py',
    'import requests\ndef f():\n    return requests.get(request.args["url"]).text\n',
    'server-side-request-forgery',
  ],
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: code under test
const safe: readonly (readonly [path: string, code: string])[] = [
  ['a.js', "app.get('/', (req, res) => { db.query('SELECT * FROM t WHERE a = ?', [req.query.a]) })"],
  ['a.py', "from acme.db import conn\ndef f():\n    conn.execute('select ?', (request.args['q'],))\n"],
  ['a.js', 'export const draw = (ctx) => ctx.redirect(ctx.query.next)'],
  ['a.py', 'def f(request):\n    return redirect("/login")\n'],
  ['a.py', 'def f(cur, table):\n    cur.execute("select count(*) from " + table)\n'],
]

test.each(vulnerable)('%s: %s', async (path, code, rule) => {
  const { findings } = await analyzeFiles(dataflow, { [path]: code })
  expect(findings.filter(({ confidence }) => confidence !== 'low').map((finding) => finding.rule)).toContain(rule)
})

test.each(safe)('leaves alone %s: %s', async (path, code) => {
  const { findings } = await analyzeFiles(dataflow, { [path]: code })
  expect(findings.filter(({ confidence }) => confidence !== 'low')).toEqual([])
})
