import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

const sqlite = `import sqlite3
from flask import Flask, request
app = Flask(__name__)

@app.post('/notes')
def add():
    conn = sqlite3.connect('app.db')
    conn.execute('INSERT INTO notes (owner, title) VALUES (?, ?)', (7, request.form['title']))
    return 'ok'

`
const alchemy = `from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
db = SQLAlchemy(app)

class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String)
    author = db.Column(db.String)

@app.post('/notes')
def add():
    note = Note(title=request.form['title'], author='me')
    db.session.add(note)
    db.session.commit()
    return 'ok'

`
const express = `const express = require('express')
const app = express()
app.use(express.json())
`

/** Apps of one file with what is found in them: rule and confidence. */
const apps: Readonly<Record<string, readonly [path: string, source: string, found: readonly string[]]>> = {
  'a column read by another request': [
    'app.py',
    `${sqlite}@app.get('/notes')
def show():
    rows = sqlite3.connect('app.db').execute('SELECT id, title FROM notes').fetchall()
    return ''.join('<li>' + row[1] + '</li>' for row in rows)
`,
    ['cross-site-scripting medium'],
  ],
  'a column by name, through a cursor': [
    'app.py',
    `${sqlite}@app.get('/notes')
def show():
    conn = sqlite3.connect('app.db')
    cur = conn.cursor()
    cur.execute('SELECT * FROM notes')
    note = cur.fetchone()
    return '<h1>' + note['title'] + '</h1>'
`,
    ['cross-site-scripting medium'],
  ],
  'a column nobody outside wrote': [
    'app.py',
    `${sqlite}@app.get('/notes')
def show():
    rows = sqlite3.connect('app.db').execute('SELECT owner, title FROM notes').fetchall()
    return ''.join('<li>' + str(row[0]) + '</li>' for row in rows)
`,
    [],
  ],
  'another table': [
    'app.py',
    `${sqlite}@app.get('/users')
def show():
    rows = sqlite3.connect('app.db').execute('SELECT title FROM users').fetchall()
    return ''.join('<li>' + title + '</li>' for (title,) in rows)
`,
    [],
  ],
  'a stored value in a statement': [
    'app.py',
    `${sqlite}@app.get('/notes/<int:id>')
def show(id):
    conn = sqlite3.connect('app.db')
    title = conn.execute('SELECT title FROM notes WHERE id = ?', (id,)).fetchone()[0]
    conn.execute("SELECT * FROM tags WHERE title = '" + title + "'")
    return 'ok'
`,
    ['sql-injection medium'],
  ],
  'a field of a model': [
    'app.py',
    `${alchemy}@app.get('/notes/<int:id>')
def show(id):
    note = Note.query.get_or_404(id)
    return f'<h1>{note.title}</h1>'
`,
    ['cross-site-scripting medium'],
  ],
  'fields of models in a loop': [
    'app.py',
    `${alchemy}@app.get('/notes')
def show():
    notes = db.session.execute(db.select(Note)).scalars().all()
    return '<ul>' + ''.join(f'<li>{note.title}</li>' for note in notes) + '</ul>'
`,
    ['cross-site-scripting medium'],
  ],
  'a field of a model nobody outside wrote': [
    'app.py',
    `${alchemy}@app.get('/notes')
def show():
    return '<ul>' + ''.join(f'<li>{note.author}</li>' for note in Note.query.all()) + '</ul>'
`,
    [],
  ],
  'a field of a model escaped': [
    'app.py',
    `${alchemy}from markupsafe import escape
@app.get('/notes')
def show():
    return '<ul>' + ''.join(f'<li>{escape(note.title)}</li>' for note in Note.query.all()) + '</ul>'
`,
    [],
  ],
  'rows of a prepared statement': [
    'app.js',
    `${express}const db = require('better-sqlite3')('app.db')
app.post('/notes', (req, res) => {
  db.prepare('INSERT INTO notes (title) VALUES (?)').run(req.body.title)
  res.json({})
})
app.get('/notes', (req, res) => {
  const rows = db.prepare('SELECT * FROM notes').all()
  res.send(rows.map((row) => '<li>' + row.title + '</li>').join(''))
})
`,
    ['cross-site-scripting medium'],
  ],
  'rows a callback is given': [
    'app.js',
    `${express}const sqlite3 = require('sqlite3')
const db = new sqlite3.Database('app.db')
app.post('/notes', (req, res) => {
  db.run('INSERT INTO notes (title) VALUES (?)', [req.body.title], () => res.json({}))
})
app.get('/notes', (req, res) => {
  db.all('SELECT title FROM notes', [], (err, rows) => {
    let page = ''
    rows.forEach((row) => { page += '<li>' + row.title + '</li>' })
    res.send(page)
  })
})
`,
    ['cross-site-scripting medium'],
  ],
  'rows of a pool': [
    'app.js',
    `${express}const { Pool } = require('pg')
const pool = new Pool()
app.post('/notes', async (req, res) => {
  await pool.query('INSERT INTO notes (title) VALUES ($1)', [req.body.title])
  res.json({})
})
app.get('/notes', async (req, res) => {
  const { rows } = await pool.query('SELECT title FROM notes')
  res.send('<h1>' + rows[0].title + '</h1>')
})
`,
    ['cross-site-scripting medium'],
  ],
  'documents of a model': [
    'app.js',
    `${express}const mongoose = require('mongoose')
const Note = mongoose.model('Note', new mongoose.Schema({ title: String }))
app.post('/notes', async (req, res) => {
  await new Note({ title: String(req.body.title) }).save()
  res.json({})
})
app.get('/notes/:id', async (req, res) => {
  const note = await Note.findById(req.params.id)
  res.send('<h1>' + note.title + '</h1>')
})
`,
    ['cross-site-scripting medium'],
  ],
  'documents sent as JSON': [
    'app.js',
    `${express}const mongoose = require('mongoose')
const Note = mongoose.model('Note', new mongoose.Schema({ title: String }))
app.post('/notes', async (req, res) => {
  res.json(await Note.create({ title: String(req.body.title) }))
})
app.get('/notes', async (req, res) => {
  res.json(await Note.find())
})
`,
    [],
  ],
  'records of Prisma': [
    'app.js',
    `${express}const { PrismaClient } = require('@prisma/client')
const prisma = new PrismaClient()
app.post('/notes', async (req, res) => {
  await prisma.note.create({ data: { title: req.body.title, done: false } })
  res.json({})
})
app.get('/notes', async (req, res) => {
  const notes = await prisma.note.findMany()
  res.send(notes.map((note) => \`<li>\${note.title}</li>\`).join(''))
})
`,
    ['cross-site-scripting medium'],
  ],
  'a session that is read above the place it is written': [
    'app.py',
    `from flask import Flask, request, session
app = Flask(__name__)

@app.get('/hello')
def hello():
    return '<p>' + session['name']

@app.post('/name')
def name():
    session['name'] = request.form['name']
    return 'ok'
`,
    ['cross-site-scripting high'],
  ],
  'a table that is read above the place it is written': [
    'app.py',
    `import sqlite3
from flask import Flask, request
app = Flask(__name__)
db = sqlite3.connect('app.db')

@app.get('/first')
def first():
    row = db.execute('SELECT name FROM users').fetchone()
    return '<p>' + row[0]

@app.post('/users')
def add():
    db.execute('INSERT INTO users (name) VALUES (?)', (request.form['name'],))
    return 'ok'
`,
    ['cross-site-scripting medium'],
  ],
}

for (const [title, [path, source, found]] of Object.entries(apps)) {
  test(title, async () => {
    const { findings } = await analyzeFiles(dataflow, { [path]: source })
    const own = findings.filter(({ rule }) => rule === 'cross-site-scripting' || rule === 'sql-injection')
    expect(own.map(({ rule, confidence }) => `${rule} ${confidence}`)).toEqual(found)
  })
}
