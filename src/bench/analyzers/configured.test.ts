import { expect, test } from 'vitest'
import { configuredOptions } from './configured.ts'

const python = [{ sources: [{ names: ['acme.read'], input: 'a message' }] }]

test('models of the configuration are options of the data-flow analyzer, beside the others', () => {
  const options = { patterns: { depth: 2 } }
  expect(configuredOptions({ analyzers: { options } })).toEqual(options)
  expect(configuredOptions({ analyzers: { options }, dataflow: { python } })).toEqual({
    patterns: { depth: 2 },
    dataflow: { models: { python } },
  })
})

test('a wrong model is told before anything runs, and models in two places are refused', () => {
  const wrong = { python: [{ sources: [{ names: ['acme.read'] }] }] }
  expect(() => configuredOptions({ analyzers: { options: {} }, dataflow: wrong })).toThrow(
    'dataflow.python[0].sources[0].input: ',
  )
  const options = { dataflow: { models: { python } } }
  expect(() => configuredOptions({ analyzers: { options }, dataflow: { python } })).toThrow('both in dataflow and in')
})
