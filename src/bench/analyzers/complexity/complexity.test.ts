import fc from 'fast-check'
import { expect, test } from 'vitest'
import { syntaxSourceOf } from '#bench/syntax'
import { analyzeFiles, appOf } from '../testing.ts'
import { findClones, minimumTokens } from './clones.ts'
import { complexity } from './index.ts'
import { measureFile } from './measure.ts'

async function measure(path: string, code: string) {
  const source = syntaxSourceOf(path.endsWith('.py') ? 'python' : path.endsWith('.tsx') ? 'tsx' : 'javascript', code)
  if (source === undefined) throw new Error('no source')
  return measureFile(path, source, new Map())
}

async function functionOf(path: string, code: string) {
  const [first] = (await measure(path, code)).functions
  return first
}

// From the whitepaper, "Cognitive Complexity", sections "An illustration" and appendix, counted by hand.
test.each([
  [
    'js',
    'function sumOfPrimes(max) {\n let total = 0\n OUT: for (let i = 1; i <= max; ++i) {\n for (let j = 2; j < i; ++j) {\n if (i % j === 0) { continue OUT }\n }\n total += i\n }\n return total\n}',
    4,
    7,
  ],
  [
    'js',
    "function getWords(number) {\n switch (number) {\n case 1: return 'one'\n case 2: return 'a couple'\n case 3: return 'a few'\n default: return 'lots'\n }\n}",
    4,
    1,
  ],
  ['js', 'function f() {\n if (a && b && c || d || e && f) { g() }\n}', 7, 4],
  ['js', 'function f() {\n if (a && !(b && c)) { g() }\n}', 4, 3],
  ['js', 'function f(x) {\n if (x) { a() } else if (y) { b() } else { c() }\n}', 3, 3],
  ['js', 'function f() {\n try { if (a) { for (;;) { while (b) {} } } } catch (e) { if (c) {} }\n}', 6, 9],
  ['js', 'function f() {\n const r = () => { if (a) {} }\n}', 1, 0],
  ['js', 'function f() {\n if (x) {}\n list.map(() => { if (a) {} })\n}', 2, 3],
  ['js', 'const f = (n) => n ? f(n - 1) : 0', 2, 2],
  ['js', 'function f(a) { return a ? (b ? 1 : 2) : 3 }', 3, 3],
  [
    'py',
    'def f(a, b):\n    if a:\n        return 1\n    elif b:\n        return 2\n    else:\n        return 3\n',
    3,
    3,
  ],
  ['py', 'def f(a):\n    for x in a:\n        if x and y or z:\n            pass\n', 5, 5],
  [
    'py',
    'def f(a):\n    try:\n        pass\n    except ValueError:\n        if a:\n            pass\n    except KeyError:\n        pass\n',
    4,
    4,
  ],
  ['py', 'def f(a):\n    return [x for x in a if x]\n', 3, 0],
  ['py', 'def f(a):\n    match a:\n        case 1:\n            pass\n        case _:\n            pass\n', 2, 1],
  ['py', 'def f(n):\n    return 1 if n < 2 else n * f(n - 1)\n', 2, 2],
  ['py', 'def f(a):\n    while a:\n        pass\n    else:\n        pass\n', 2, 2],
])('%s: %s has cyclomatic %i and cognitive %i', async (language, code, cyclomatic, cognitive) => {
  expect(await functionOf(`a.${language}`, code)).toMatchObject({ cyclomatic, cognitive })
})

test('a function that only holds functions leaves each to count for itself', async () => {
  const { functions } = await measure(
    'a.js',
    'function routes(app) {\n app.get("/", (req, res) => { if (a) {} })\n app.get("/b", (req, res) => { if (a) { if (b) {} } })\n}',
  )
  expect(functions.map(({ name, cognitive }) => [name, cognitive])).toEqual([
    ['routes', 0],
    ['(anonymous)', 1],
    ['(anonymous)', 3],
  ])
})

test('names, parameters, length and nesting', async () => {
  const { functions } = await measure(
    'a.tsx',
    'class A {\n  run(a: number, { b }: B, ...c: string[]) {\n    for (;;) { if (a) { while (b) {} } }\n  }\n}\nconst g = async (x) => x\n',
  )
  expect(
    functions.map(({ name, parameters, lines, nesting, line }) => ({ name, parameters, lines, nesting, line })),
  ).toEqual([
    { name: 'run', parameters: 3, lines: 3, nesting: 3, line: 2 },
    { name: 'g', parameters: 1, lines: 1, nesting: 0, line: 6 },
  ])
  const [method] = (await measure('a.py', 'class A:\n    def run(self, a, *args, key=1, **rest):\n        pass\n'))
    .functions
  expect(method?.parameters).toBe(4)
})

test('lines: code, comment and blank', async () => {
  expect(
    (
      await measure(
        'a.py',
        '"""Module.\n\nDoc."""\n# comment\n\nx = 1  # trailing\n\n\ndef f():\n    """Doc."""\n    return x\n',
      )
    ).lines,
  ).toEqual({
    code: 3,
    comment: 4,
    blank: 4,
  })
  expect((await measure('a.js', '/* a\n   b */\nlet x = 1 // c\n\n// d\nf(/* e */)\n')).lines).toEqual({
    code: 2,
    comment: 3,
    blank: 1,
  })
})

const block = (name: string, text: string): string =>
  `def ${name}(request):\n    user = find(request.user)\n    if user is None:\n        return error('${text}', 401)\n    items = load(user.id, limit=10)\n    total = sum(item.price * item.count for item in items)\n    log.info('total %s for %s', total, user.id)\n    return render(items=items, total=total, user=user)\n`

test('finds a copy with other constants, in another file', async () => {
  const { findings, metrics } = await analyzeFiles(complexity, {
    'a.py': `import os\n\n\n${block('first', 'no')}`,
    'b.py': `\n${block('second', 'denied')}`,
  })
  expect(findings).toEqual([
    {
      rule: 'duplicated-block',
      message: '8 lines repeat a.py lines 4–11.',
      location: { kind: 'file', path: 'b.py', region: { startLine: 2, endLine: 9 } },
      severity: 'low',
      evidence: {
        facts: { lines: 8, tokens: expect.any(Number) },
        related: [
          {
            location: { kind: 'file', path: 'a.py', region: { startLine: 4, endLine: 11 } },
            message: 'The first copy.',
          },
        ],
      },
    },
  ])
  expect(metrics).toMatchObject({ 'duplication.blocks': 1, 'duplication.lines': 16 })
})

test('does not call code that works on other things a copy', async () => {
  const { metrics } = await analyzeFiles(complexity, {
    'a.py': block('first', 'no'),
    'b.py': block('first', 'no')
      .replaceAll('user', 'account')
      .replaceAll('items', 'orders')
      .replaceAll('total', 'amount'),
  })
  expect(metrics['duplication.percent']).toBe(0)
})

test('does not call the rows of a table copies of each other', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, index) => `  { id: ${index}, name: 'item ${index}', price: ${index}.5, tags: ['a'] },`,
  )
  const { metrics } = await analyzeFiles(complexity, { 'seed.js': `export const items = [\n${rows.join('\n')}\n]\n` })
  expect(metrics['duplication.blocks']).toBe(0)
})

test('a clone is real and long enough, and no clone is missed that stands alone', () => {
  const token = fc.integer({ min: 1, max: 4 })
  fc.assert(
    fc.property(
      fc.array(token, { maxLength: 150 }),
      fc.array(token, { maxLength: 150 }),
      fc.array(token, { minLength: 60, maxLength: 90 }),
      (before, after, shared) => {
        const stream = (path: string, ids: number[]) => ({ path, ids, lines: ids.map((_, index) => index + 1) })
        const a = stream('a', [...before, 90, ...shared])
        const b = stream('b', [91, ...shared, 92, ...after])
        const clones = findClones([a, b])
        for (const { original, copy, tokens } of clones) {
          const from = original.path === 'a' ? a.ids : b.ids
          const to = copy.path === 'a' ? a.ids : b.ids
          expect(tokens).toBeGreaterThanOrEqual(minimumTokens)
          expect(from.slice(original.startLine - 1, original.endLine)).toEqual(
            to.slice(copy.startLine - 1, copy.endLine),
          )
        }
        const covered = clones.some(
          ({ copy }) =>
            copy.path === 'b' &&
            copy.startLine <= 2 + shared.length - minimumTokens &&
            copy.endLine >= 1 + minimumTokens,
        )
        expect(covered).toBe(true)
      },
    ),
    { seed: 7, numRuns: 300 },
  )
})

test('gets through a long run of one token', () => {
  const ids = new Array<number>(200_000).fill(1)
  const clones = findClones([{ path: 'a', ids, lines: ids.map((_, index) => index + 1) }])
  expect(clones).toEqual([])
})

test('the canary is found, with its numbers', async () => {
  const { findings, metrics, coverage } = await analyzeFiles(complexity, complexity.canary.files)
  expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
    ['cognitive-complexity', '`tangled` has a cognitive complexity of 21 (limit 15).'],
    ['deep-nesting', '`tangled` nests control structures 6 levels deep (limit 4).'],
  ])
  expect(metrics).toMatchObject({ functions: 1, 'cyclomatic.max': 7, 'cognitive.max': 21, 'lines.code': 8 })
  expect(coverage).toEqual({ analysed: 1, total: 1, gaps: [] })
})

test('says where it could not read all', async () => {
  const { coverage } = await analyzeFiles(complexity, { 'a.py': 'def f(:\n  x\n\ndef g():\n    pass\n' })
  expect(coverage).toEqual({
    analysed: 1,
    total: 1,
    gaps: [{ path: 'a.py', reason: 'syntax errors: the numbers miss the parts that could not be understood' }],
  })
})

test('does not apply without sources', async () => {
  expect(complexity.applies(await appOf({ 'README.md': '# app' }))).toEqual({
    applies: false,
    reason: 'No Python, JavaScript or TypeScript source files.',
  })
})
