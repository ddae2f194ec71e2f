import { expect, test } from 'vitest'
import type { LaunchPart } from '../contract.ts'
import { classifyFailure } from './classify.ts'

const part: LaunchPart = {
  path: '',
  role: 'backend',
  framework: 'flask',
  command: 'python3 app.py',
  hint: 'convention',
  evidence: { path: 'app.py' },
}

function failureOf(output: string, phase: 'build' | 'start' = 'start') {
  const logs = output.split('\n').map((text) => ({ part: 'flask', stream: 'stderr' as const, text, at: 0 }))
  const paths = new Set(['app.py', 'models/user.py'])
  const { kind, message, location } = classifyFailure({
    part,
    phase,
    logs,
    exit: { code: 1, signal: null },
    waited: 30,
    paths,
  })
  return [kind, message, location === undefined ? '' : `${location.path}:${location.line ?? ''}`]
}

test.each([
  [
    `Traceback (most recent call last):
  File "/app/app.py", line 31, in <module>
    db.create_all()
  File "/run/packages/python/sqlalchemy/engine/default.py", line 924, in do_execute
    cursor.execute(statement, parameters)
sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused
\tIs the server running on that host and accepting TCP/IP connections?`,
    'database',
    'The database fails: OperationalError: (psycopg2.OperationalError) connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused.',
    'app.py:31',
  ],
  [
    `  File "/app/app.py", line 12
    return x
IndentationError: unexpected indent`,
    'syntax',
    'IndentationError in app.py, line 12: unexpected indent.',
    'app.py:12',
  ],
  [
    `Traceback (most recent call last):
  File "/app/app.py", line 3, in <module>
    from models.account import Account
ModuleNotFoundError: No module named 'models.account'`,
    'crash',
    'Its own module models.account is not found from where it is started.',
    'app.py:3',
  ],
  [
    `Traceback (most recent call last):
  File "/app/app.py", line 9, in <module>
    raise RuntimeError("SECRET_KEY must be set")
RuntimeError: SECRET_KEY must be set`,
    'missing-environment',
    'It needs the environment variable SECRET_KEY: SECRET_KEY must be set.',
    'app.py:9',
  ],
  [
    `Traceback (most recent call last):
  File "/app/app.py", line 2, in <module>
    from flask import escape
ImportError: cannot import name 'escape' from 'flask' (/run/packages/python/flask/__init__.py)`,
    'crash',
    "ImportError: cannot import name 'escape' from 'flask' (/run/packages/python/flask/__init__.py).",
    'app.py:2',
  ],
  [
    `Address already in use
Port 5000 is in use by another program. Either identify and stop that program, or start the server with a different port.`,
    'crash',
    'Its port is in use.',
    '',
  ],
  [
    `node:events:486
      throw er; // Unhandled 'error' event
      ^

Error: listen EADDRINUSE: address already in use :::3000
    at Server.setupListenHandle [as _listen2] (node:net:1940:16)
    at Object.<anonymous> (/app/server.js:20:5)`,
    'crash',
    'Its port 3000 is in use.',
    'server.js:20',
  ],
  [
    `Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@prisma/client' imported from /app/src/db.js`,
    'missing-package',
    'The package @prisma/client is imported but not installed.',
    'src/db.js:',
  ],
  [
    `file:///app/server.js:2
import { open } from './store.js'
         ^^^^
SyntaxError: The requested module './store.js' does not provide an export named 'open'`,
    'crash',
    "An import does not fit: The requested module './store.js' does not provide an export named 'open'.",
    'server.js:2',
  ],
  [
    'MongooseServerSelectionError: connect ECONNREFUSED 127.0.0.1:27017',
    'database',
    'It expects MongoDB, which does not answer.',
    '',
  ],
  [
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    'limits',
    'It takes more than it may: FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory.',
    '',
  ],
  ['Segmentation fault', 'crash', 'It ended with exit code 1.', ''],
])('%#: %s', (output, kind, message, place) => {
  expect(failureOf(output)).toEqual([kind, message, place])
})

test('a build that breaks is called so, a package it lacks is named', () => {
  expect(failureOf('src/index.ts(2,1): error TS2304: Cannot find name "x".', 'build')).toEqual([
    'build',
    'The build ended with exit code 1.',
    '',
  ])
  expect(failureOf('[vite]: Rollup failed to resolve import "uuid" from "/app/src/App.jsx".', 'build')).toEqual([
    'missing-package',
    'The package uuid is imported but not installed.',
    'src/App.jsx:',
  ])
})
