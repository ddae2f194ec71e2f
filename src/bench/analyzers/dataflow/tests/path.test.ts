import { expect, test } from 'vitest'
import { type PathStep, toFindings } from '#bench/findings'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

type Row = readonly [kind: string, place: string, depth: number | undefined, message: string]

/** The path of the only finding: kind, `file:line`, calls deep, message. */
async function pathIn(files: Readonly<Record<string, string>>): Promise<Row[]> {
  const { findings } = await analyzeFiles(dataflow, files)
  expect(findings).toHaveLength(1)
  return (findings[0]?.evidence?.path ?? []).map(row)
}

function row({ kind, location, depth, message }: PathStep): Row {
  const place = location.kind === 'file' ? `${location.path}:${location.region?.startLine}` : ''
  return [kind, place, depth, message]
}

test('a path leads from the source through calls into other files to the sink', async () => {
  const files = {
    'app.py': `from flask import Flask, request
from store import find
app = Flask(__name__)
@app.route('/')
def search():
    name = request.args['name']
    return find(name)
`,
    'store.py': `import sqlite3
def find(name):
    sql = "select * from t where n = '" + name + "'"
    return str(sqlite3.connect('a.db').execute(sql).fetchall())
`,
  }
  expect(await pathIn(files)).toEqual([
    ['source', 'app.py:6', 0, 'comes from the query string'],
    ['step', 'app.py:6', 0, "read: request.args['name']"],
    ['step', 'app.py:6', 0, 'assigned: name'],
    ['step', 'app.py:7', 0, 'passed to this call'],
    ['step', 'store.py:3', 1, 'put into text'],
    ['step', 'store.py:3', 1, 'assigned: sql'],
    ['sink', 'store.py:4', 1, expect.stringMatching(/^reaches sqlite3/)],
  ])
})

test('a function that reads the input and answers it is one call deeper than the one that asked', async () => {
  const code = `import os
from flask import Flask, request
app = Flask(__name__)
def wanted():
    return request.args['name']
@app.route('/')
def run():
    os.system(wanted())
    return 'done'
`
  const path = await pathIn({ 'app.py': code })
  expect(path[0]).toEqual(['source', 'app.py:5', 1, 'comes from the query string'])
  expect(path.at(-1)).toEqual(['sink', 'app.py:8', 0, expect.stringMatching(/^reaches os/)])
})

test('a credential is not kept with its finding', async () => {
  const text = "import psycopg2\nstore = psycopg2.connect(host='db', password='S3cr3t-pass-9981')\n"
  const result = await analyzeFiles(dataflow, { 'app.py': text })
  const findings = toFindings(dataflow, result, () => text)
  expect(findings.map(({ rule }) => rule)).toEqual(['dataflow/hard-coded-credential'])
  expect(findings[0]?.evidence.snippet).toContain('psycopg2.connect')
  expect(JSON.stringify(findings)).not.toContain('S3cr3t-pass')
})

test('depths are left out where a value was kept in between, and turns up elsewhere', async () => {
  const code = `import os
from flask import Flask, request
app = Flask(__name__)
names = []
@app.route('/keep')
def keep():
    names.append(request.args['name'])
    return 'kept'
@app.route('/run')
def run():
    os.system(names[0])
    return 'done'
`
  const path = await pathIn({ 'app.py': code })
  expect(path.map(([, place]) => place)).toEqual(expect.arrayContaining(['app.py:7', 'app.py:11']))
  expect(path.map(([, , depth]) => depth)).toEqual(path.map(() => undefined))
})
