import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

/** Rules of the findings of medium or high confidence, in order of place. */
async function rulesIn(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { findings } = await analyzeFiles(dataflow, files)
  return findings.filter(({ confidence }) => confidence !== 'low').map(({ rule }) => rule)
}

const flask = `import sqlite3
from flask import Flask, request
app = Flask(__name__)
conn = sqlite3.connect('app.db')
LIMITS = {'title': 80, 'text': 2000}
`
const express = `const express = require('express')
const app = express()
const db = new (require('better-sqlite3'))('app.db')
`

/** Programs with the rules found in them. */
const programs: Readonly<Record<string, readonly [name: string, source: string, rules: readonly string[]]>> = {
  'keys the program wrote are not what its values hold': [
    'app.py',
    `${flask}
@app.route('/<int:id>', methods=['PUT'])
def update(id):
    sent = request.get_json()
    changes = {'now': 1}
    for name, longest in LIMITS.items():
        if name in sent:
            changes[name] = sent[name][:longest]
    parts = ', '.join(f'{name} = ?' for name in changes)
    conn.execute(f'UPDATE notes SET {parts} WHERE id = ?', [*changes.values(), id])
    return 'ok'
`,
    [],
  ],
  'keys of outside JSON are outside text': [
    'app.py',
    `${flask}
@app.route('/<int:id>', methods=['PUT'])
def update(id):
    changes = {k: v for k, v in request.get_json().items()}
    parts = ', '.join(f'{name} = ?' for name in changes)
    conn.execute(f'UPDATE notes SET {parts} WHERE id = ?', [*changes.values(), id])
    return 'ok'
`,
    ['sql-injection'],
  ],
  'keys of outside JSON are limited by a check': [
    'app.py',
    `${flask}
@app.route('/<int:id>', methods=['PUT'])
def update(id):
    changes = {k: v for k, v in request.get_json().items() if k in LIMITS}
    parts = ', '.join(f'{name} = ?' for name in changes)
    conn.execute(f'UPDATE notes SET {parts} WHERE id = ?', [*changes.values(), id])
    return 'ok'
`,
    [],
  ],
  'copied keys of outside JSON are outside text': [
    'app.py',
    `${flask}
@app.route('/', methods=['PUT'])
def update():
    changes = {'now': 1, **request.get_json()}
    parts = ' AND '.join(key + ' = ?' for key in changes.keys())
    conn.execute('SELECT * FROM notes WHERE ' + parts, list(changes.values()))
    return 'ok'
`,
    ['sql-injection'],
  ],
  'keys of a spread body are outside text in JavaScript': [
    'app.js',
    `${express}
app.put('/', (req, res) => {
  const changes = { ...req.body, at: 1 }
  const parts = Object.keys(changes).map((name) => name + ' = ?').join(', ')
  db.prepare('UPDATE notes SET ' + parts).run(...Object.values(changes))
  res.json({})
})
`,
    ['sql-injection'],
  ],
  'keys written in JavaScript are not what the values hold': [
    'app.js',
    `${express}
app.put('/', (req, res) => {
  const changes = {}
  for (const name of ['title', 'text']) if (req.body[name]) changes[name] = req.body[name]
  const parts = Object.keys(changes).map((name) => name + ' = ?').join(', ')
  db.prepare('UPDATE notes SET ' + parts).run(...Object.values(changes))
  res.json({})
})
`,
    [],
  ],
  'pairs of a map carry its values': [
    'app.js',
    `${express}
app.put('/', (req, res) => {
  const names = new Map()
  names.set('title', req.body.title)
  for (const [key, value] of names) db.prepare('UPDATE notes SET title = ' + value).run()
  res.json({})
})
`,
    ['sql-injection'],
  ],
  'an answer is not used again after a variable of the module changed': [
    'app.py',
    `${flask}
prefix = 'select '
def statement(table):
    return prefix + table

@app.route('/')
def read():
    global prefix
    conn.execute(statement('users'))
    prefix = request.args['columns']
    conn.execute(statement('users'))
    return 'ok'
`,
    // The next request sees the changed prefix, too.
    ['sql-injection', 'sql-injection'],
  ],
  'an answer is not used again after an object of the module changed': [
    'app.js',
    `${express}
const settings = { order: 'id' }
const statement = (table) => 'SELECT * FROM ' + table + ' ORDER BY ' + settings.order
app.get('/', (req, res) => {
  db.prepare(statement('notes'))
  settings.order = req.query.order
  db.prepare(statement('notes'))
  res.json({})
})
`,
    ['sql-injection', 'sql-injection'],
  ],
  'what every callee may have left counts': [
    'app.js',
    `${express}
app.get('/', (req, res) => {
  const state = { order: 'id', limit: 10 }
  const setters = { order: () => { state.order = req.query.value }, limit: () => { state.limit = 5 } }
  const set = req.query.mode === 'a' ? setters.order : setters.limit
  set()
  db.prepare('SELECT * FROM notes ORDER BY ' + state.order)
  res.json({})
})
`,
    ['sql-injection'],
  ],
}

for (const [title, [path, source, rules]] of Object.entries(programs)) {
  test(title, async () => {
    expect(await rulesIn({ [path]: source })).toEqual(rules)
  })
}
