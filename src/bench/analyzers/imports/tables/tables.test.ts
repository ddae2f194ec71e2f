import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { broughtBy, nodeModule } from './node-modules.ts'
import { isOneEdit, popularNeighbour } from './popular.ts'
import { mayProvide, providersOf } from './python-distributions.ts'
import { installedAlong } from './python-requirements.ts'
import { hasModule, standardLibrary } from './python-standard-library.ts'

describe('Python', () => {
  test.each([
    ['os', {}],
    ['tomllib', { since: '3.11' }],
    ['imp', { removed: '3.12' }],
    ['flask', undefined],
    ['constructor', undefined],
  ])('%s in the standard library: %j', (module, expected) => {
    expect(standardLibrary(module)).toEqual(expected)
  })

  test('versions compare as numbers', () => {
    expect(hasModule({ removed: '3.10' }, '3.9')).toBe(true)
    expect(hasModule({ since: '3.11' }, '3.9')).toBe(false)
  })

  test.each([
    ['cv2', 'opencv-python', true],
    ['sklearn.linear_model', 'scikit-learn', true],
    ['google.cloud.storage.blob', 'google-cloud-storage', true],
    ['google.cloud.tasks_v2', 'google-cloud-tasks', false],
    ['azure.storage.blob', 'azure-storage-blob', true],
    ['opentelemetry._logs', 'opentelemetry-api', true],
    ['opentelemetry.exporter.jaeger', 'opentelemetry-exporter', false],
    ['flask_cors', 'flask-cors', true],
    ['some_thing', 'some-thing', false],
    ['toString', 'tostring', false],
  ])('%s comes from %s', (module, distribution, known) => {
    expect(providersOf(module)).toMatchObject({ distributions: expect.arrayContaining([distribution]), known })
  })

  test('names by custom', () => {
    expect(mayProvide('python-magic', 'magic')).toBe(true)
    expect(mayProvide('pyfoo', 'foo')).toBe(true)
    expect(mayProvide('requests', 'flask')).toBe(false)
  })

  test('what comes along, through several steps', () => {
    expect(installedAlong(['flask-sqlalchemy']).get('werkzeug')).toBe('flask-sqlalchemy')
    expect(installedAlong(['requests']).has('flask')).toBe(false)
  })
})

test('Node.js modules', () => {
  expect([
    nodeModule('fs'),
    nodeModule('node:test'),
    nodeModule('test'),
    nodeModule('node:fss'),
    nodeModule('express'),
  ]).toEqual(['builtin', 'builtin', undefined, 'missing', undefined])
  expect(broughtBy('body-parser', ['express'])).toBe('express')
  expect(broughtBy('body-parser', ['koa'])).toBeUndefined()
})

describe('look-alikes', () => {
  test.each([
    ['reqeusts', 'requests'],
    ['expresss', 'express'],
    ['lodahs', 'lodash'],
    ['preact', undefined],
    ['react', undefined],
    ['vite', undefined],
  ])('%s looks like %s', (name, expected) => {
    expect(popularNeighbour(name === 'reqeusts' ? 'pypi' : 'npm', name)).toBe(expected)
  })

  test('one edit is symmetric, and never the text itself', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(
      fc.property(short, short, (a, b) => {
        expect(isOneEdit(a, b)).toBe(isOneEdit(b, a))
        expect(isOneEdit(a, a)).toBe(false)
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  test('one edit is found wherever it is made', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(text, fc.nat(8), (a, place) => {
        const at = Math.min(place, a.length - 1)
        expect(isOneEdit(a, a.slice(0, at) + a.slice(at + 1))).toBe(true)
        expect(isOneEdit(a, `${a.slice(0, at)}z${a.slice(at)}`)).toBe(true)
        expect(isOneEdit(a, `${a.slice(0, at)}z${a.slice(at + 1)}`)).toBe(true)
      }),
      { seed: 7, numRuns: 1000 },
    )
  })
})
