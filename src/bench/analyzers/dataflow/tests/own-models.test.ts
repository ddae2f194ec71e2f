import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

const app = `from acme.web import inbox
from acme.store import open_store
from acme.clean import plain, is_plain, echo
store = open_store('main')

def show():
    text = inbox.read()
    return store.query('select ' + ARGUMENT)
`
const models = {
  python: [
    {
      sources: [{ names: ['acme.web.inbox.read'], input: 'a message of the inbox' }],
      sinks: [
        { names: ['acme.store.open_store().query'], rule: 'sql-injection', kinds: ['sql'], arguments: [0, 'text'] },
      ],
      sanitizers: [{ names: ['acme.clean.plain'], removes: ['sql'] }],
      propagators: [{ names: ['acme.clean.echo'], arguments: [0] }],
      guards: [{ names: ['acme.clean.is_plain'], argument: 0, removes: ['sql'] }],
    },
  ],
}

async function found(argument: string, options: Readonly<Record<string, unknown>> = { models }): Promise<string[]> {
  const { findings } = await analyzeFiles(dataflow, { 'app.py': app.replace('ARGUMENT', argument) }, options)
  return findings.map(({ rule, confidence, evidence }) => `${rule} ${confidence} ${evidence?.path?.[0]?.message}`)
}

const seen = 'sql-injection high comes from a message of the inbox'

test.each([
  ['text', [seen]],
  ['echo(text)', [seen]],
  ['plain(text)', []],
  ['(text if is_plain(text) else "")', []],
  ['(text if not is_plain(text) else "")', [seen]],
])('own sources, sinks, sanitizers, propagators and guards hold: %s', async (argument, expected) => {
  expect(await found(argument)).toEqual(expected)
})

test('without them nothing is known of those libraries', async () => {
  expect(await found('text', {})).toEqual([])
})

test('conditions and receivers are given as text', async () => {
  const sink = {
    names: ['?.run'],
    rule: 'command-injection',
    kinds: ['shell'],
    arguments: [0],
    receiver: '^jobs$',
    when: [{ argument: 1, matches: '^ba?sh$' }],
  }
  const code = (receiver: string, shell: string) => `import express from 'express'
const app = express()
export function serve(jobs, tasks) {
  app.get('/', (req, res) => {
    ${receiver}.run(req.query.name, '${shell}')
  })
}
`
  const options = { models: { javascript: [{ sinks: [sink] }] } }
  const rulesIn = async (text: string) =>
    (await analyzeFiles(dataflow, { 'app.js': text }, options)).findings.map(({ rule }) => rule)
  expect(await rulesIn(code('jobs', 'bash'))).toEqual(['command-injection'])
  expect(await rulesIn(code('tasks', 'bash'))).toEqual([])
  expect(await rulesIn(code('jobs', 'none'))).toEqual([])
})

const source = { names: ['acme.read'], input: 'x' }
const sink = { names: ['acme.run'], rule: 'sql-injection', kinds: ['sql'], arguments: [0] }

test.each([
  [{ ruby: [] }, 'unknown field models.ruby'],
  [{ python: {} }, 'models.python: Invalid input: expected array, received object'],
  [{ python: [{ source: [] }] }, 'unknown field models.python[0].source'],
  [{ python: [{ sources: [{ ...source, names: [] }] }] }, 'models.python[0].sources[0].names: must name at least one thing'],
  [{ python: [{ sources: [{ ...source, names: ['a b'] }] }] }, 'models.python[0].sources[0].names[0]: must be a qualified name such as acme.db.run'],
  [{ python: [{ sources: [{ ...source, names: ['*'] }] }] }, 'models.python[0].sources[0].names[0]: must name something'],
  [{ python: [{}, { sinks: [sink, { ...sink, rule: 'sql' }] }] }, 'models.python[1].sinks[1].rule: there is no rule sql; the rules are '],
  [{ javascript: [{ sinks: [{ ...sink, kinds: ['sq'] }] }] }, 'models.javascript[0].sinks[0].kinds[0]: Invalid option: expected one of "sql"'],
  [{ javascript: [{ sinks: [{ ...sink, arguments: [-1] }] }] }, 'models.javascript[0].sinks[0].arguments[0]: Too small: expected number to be >=0'],
  [{ javascript: [{ sinks: [{ ...sink, receiver: '(' }] }] }, 'models.javascript[0].sinks[0].receiver: must be a regular expression'],
  [{ javascript: [{ guards: [{ names: ['a.b'], removes: ['sql'] }] }] }, 'models.javascript[0].guards[0].argument: '],
])('what is wrong is told by the name of its field: %j', async (wrong, message) => {
  await expect(found('text', { models: wrong })).rejects.toThrow(message)
}) // biome-ignore format: a case to a line

test('an option there is not is refused', async () => {
  await expect(found('text', { model: {} })).rejects.toThrow('dataflow has no option model.')
})
