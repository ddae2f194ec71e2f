import { expect, test } from 'vitest'
import type { LaunchFailure, Provision } from '../contract.ts'
import { blameMachine } from './blame.ts'

const part = {
  path: '',
  role: 'backend',
  framework: 'flask',
  command: 'python3 app.py',
  hint: 'convention',
  evidence: { path: 'app.py' },
} as const
const unreachable: Provision = {
  manager: 'pip',
  from: 'machine',
  missing: [],
  unreachable: 'pypi.org cannot be reached.',
}

function missing(name: string): LaunchFailure {
  return {
    kind: 'missing-package',
    message: `The package ${name} is imported but not installed.`,
    shownBy: '',
    package: name,
    part,
  }
}

test('a declared package that could not be asked for is the fault of the machine', () => {
  const declared = new Set(['flask-sqlalchemy', 'python-dotenv'])
  const said =
    'The package flask_sqlalchemy is declared, but cannot be installed on this machine: pypi.org cannot be reached.'
  expect(() => blameMachine(missing('flask_sqlalchemy'), [unreachable], declared)).toThrow(said)
  expect(() => blameMachine(missing('dotenv'), [unreachable], declared)).toThrow('dotenv is declared')
})

test('what is not declared, or was asked for, is the fault of the app', () => {
  const reached: Provision = {
    manager: 'pip',
    from: 'registry',
    missing: [{ name: 'flask-sqlalchemy', reason: 'not there' }],
  }
  expect(() => blameMachine(missing('lxml'), [unreachable], new Set(['flask']))).not.toThrow()
  expect(() => blameMachine(missing('flask_sqlalchemy'), [reached], new Set(['flask-sqlalchemy']))).not.toThrow()
  expect(() => blameMachine({ ...missing('x'), kind: 'crash' }, [unreachable], new Set(['x']))).not.toThrow()
})
