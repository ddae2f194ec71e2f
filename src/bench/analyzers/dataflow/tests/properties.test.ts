// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the programs under test are text
import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

async function rulesIn(path: string, text: string): Promise<string[]> {
  const { findings } = await analyzeFiles(dataflow, { [path]: text })
  return findings.map(({ rule, confidence }) => `${rule} ${confidence}`).sort()
}

const python = `import os, html, shlex
from flask import Flask, request
app = Flask(__name__)

@app.route('/')
def show():
    name = request.args.get('name')
    other = request.args.get('other')
    page = '<b>' + name + '</b>'
    os.system('ls ' + other)
    return page
`
const script = `const express = require('express')
const { exec } = require('child_process')
const app = express()
app.get('/', (req, res) => {
  var name = req.query.name
  var other = req.query.other
  exec('ls ' + other)
  res.send('<b>' + name + '</b>')
})
`

/** Changes that leave the meaning of a program as it is. */
const changes: readonly (readonly [what: string, path: string, change: (text: string) => string])[] = [
  ['renamed variables', 'app.py', (text) => text.replace(/\bname\b(?!')/g, 'zebra').replace(/\bother\b(?!')/g, 'x1')],
  ['statements in another order', 'app.py', (text) => text.replace(/( {4}name = .*\n)( {4}other = .*\n)/, '$2$1')],
  [
    'dead code',
    'app.py',
    (text) =>
      text.replace(
        '    page =',
        "    if False:\n        name = 'x'\n        other = 'x'\n    unused = [1, 2]\n    page =",
      ),
  ],
  [
    'a helper',
    'app.py',
    (text) =>
      text
        .replace('@app', "def bold(text):\n    return '<b>' + text + '</b>'\n\n@app")
        .replace("'<b>' + name + '</b>'", 'bold(name)'),
  ],
  ['an f-string', 'app.py', (text) => text.replace("'<b>' + name + '</b>'", "f'<b>{name}</b>'")],
  ['double quotes', 'app.py', (text) => text.replaceAll("'", '"')],
  ['blank lines and comments', 'app.py', (text) => text.replaceAll('\n    ', '\n\n    # a comment\n    ')],
  [
    'renamed variables',
    'app.js',
    (text) => text.replace(/(?<!\.)\bname\b/g, 'zebra').replace(/(?<!\.)\bother\b/g, 'x1'),
  ],
  ['const for var', 'app.js', (text) => text.replaceAll('var ', 'const ')],
  ['statements in another order', 'app.js', (text) => text.replace(/( {2}var name.*\n)( {2}var other.*\n)/, '$2$1')],
  ['dead code', 'app.js', (text) => text.replace("  exec('", "  if (false) { name = 'x'; other = 'x' }\n  exec('")],
  [
    'a helper',
    'app.js',
    (text) =>
      text
        .replace('app.get', "function bold(t) { return '<b>' + t + '</b>' }\napp.get")
        .replace("'<b>' + name + '</b>'", 'bold(name)'),
  ],
  ['template literals', 'app.js', (text) => text.replace("'<b>' + name + '</b>'", '`<b>${name}</b>`')],
  ['double quotes', 'app.js', (text) => text.replaceAll("'", '"')],
  ['a named function', 'app.js', (text) => text.replace('(req, res) => {', 'async function (req, res) {')],
  ['destructuring', 'app.js', (text) => text.replace('var name = req.query.name', 'var { name } = req.query')],
  ['one line', 'app.js', (text) => text.replaceAll('\n', ';\n').replace('=> {;', '=> {')],
]

test.each(changes)('%s in %s change no finding', async (_, path, change) => {
  const text = path === 'app.py' ? python : script
  const changed = change(text)
  expect(changed).not.toBe(text)
  expect(await rulesIn(path, changed)).toEqual(['command-injection high', 'cross-site-scripting high'])
})

test.each([
  ['app.py', python, '+ name +', '+ html.escape(name) +', 'command-injection high'],
  ['app.py', python, '+ other', '+ shlex.quote(other)', 'cross-site-scripting high'],
  ['app.py', python, '+ other', '+ html.escape(other)', 'command-injection high,cross-site-scripting high'],
  ['app.js', script, '+ name +', "+ require('escape-html')(name) +", 'command-injection high'],
  ['app.js', script, '+ other', '+ Number(other)', 'cross-site-scripting high'],
])('the sanitizer of the right kind removes one finding: %s %#', async (path, text, from, to, expected) => {
  expect((await rulesIn(path, text.replace(from, to))).join(',')).toBe(expected)
})

test('what one request stores another one shows', async () => {
  const text = `from flask import Flask, request
app = Flask(__name__)
notes = []

@app.route('/add')
def add():
    notes.append(request.args['note'])
    return 'done'

@app.route('/show')
def show():
    return '<br>'.join(notes)
`
  expect(await rulesIn('app.py', text)).toEqual(['cross-site-scripting high'])
})
