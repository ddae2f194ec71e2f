// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the programs under test are text
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codeTree } from '#bench/syntax'
import { analyse } from '../analysis/analyse.ts'
import { findingsOf } from '../findings.ts'
import { lowerJavaScript } from '../frontend/javascript.ts'
import { lowerPython } from '../frontend/python.ts'
import { newIds } from '../ir/builder.ts'
import { javascriptModels, pythonModels } from '../models/index.ts'

const models = { python: pythonModels, javascript: javascriptModels }

const python = `import os, asyncio
from flask import Flask, request as r
app = Flask(__name__)
class A(B, metaclass=M):
    x: int = 1
    @property
    def y(self): return self.x
    async def z(self, *a, k=1, **kw):
        async with s() as t, u:
            yield await t
@app.route('/<path:p>', methods=['GET'])
def f(p, q=lambda v: v + 1):
    global g
    try:
        for i, (a, *b) in enumerate(r.args):
            while a: a -= 1; continue
            else: break
    except (E, F) as e: raise G from e
    else: pass
    finally: g = {**{}, 'a': [x for x in p if x if not y]}
    match p:
        case {'a': 1, **rest} if rest: os.system(p)
        case [1, *_] | C(x=1): return f"{p!r:>{10}} {p=}"
        case _: del g
    assert (n := len(p)) < 3 <= 4, 'x'
    return p if not q else os.popen(f'ls {p}' '%s' % (p,))
`
const script = `import e, { a as b } from 'x'
const app = require('express')()
export class K extends L { static s = 1; #p = 2; get g() { return this.#p } async *m() { yield* this } }
app.get('/', async ({ query: { q = 1, ...rest }, body: [x, , y] }, res) => {
  label: for (const [k, v] of Object.entries(q ?? {})) { for (let i = 0, j; i < 3; i++) { if (i) continue label; else break } }
  try { switch (q) { case 1: case 2: res.send(q); default: eval(q) } } catch { throw q } finally { await x?.y?.[q]?.(...rest) }
  do { x ||= y } while (x && !y)
  return <A b={q} {...rest}>{q}<p dangerouslySetInnerHTML={{ __html: q }} /></A>
})
export default (p) => tag\`a\${p}b\`
module.exports = { b, [q]: 1, m() { return new.target }, ...z }
`

async function examine(language: 'python' | 'javascript', text: string): Promise<void> {
  const root = await codeTree(language, text)
  const lower = language === 'python' ? lowerPython : lowerJavaScript
  const module = lower('a', root, newIds())
  for (const { blocks, start, end } of module.functions) {
    expect(start >= 0 && start <= end && end <= text.length).toBe(true)
    for (const instruction of blocks.flatMap(({ instructions }) => instructions)) {
      expect(instruction.start >= 0 && instruction.start <= instruction.end).toBe(true)
      expect(instruction.end).toBeLessThanOrEqual(text.length)
    }
  }
  const { hits } = analyse([module], models)
  const last = text.split(/\r\n|\n|\r/).length
  for (const { location } of findingsOf(hits, [module])) {
    expect(location.kind === 'file' && (location.region?.endLine ?? 0) <= last).toBe(true)
  }
}

const junk = fc.constantFrom(
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\n',
  '"',
  "'",
  '`',
  '\\',
  '${',
  '=',
  ' if ',
  ' return ',
  '\0',
  'é',
  '😀',
  ' def ',
  ' => ',
  '@',
  '...',
  '*',
  ',',
  '#',
  '//',
)
const edit = fc.record({ at: fc.nat(2000), drop: fc.nat(40), put: junk })

test.each([
  ['python', python],
  ['javascript', script],
] as const)('mutated %s is read without a crash, with positions inside the file', async (language, source) => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
      let text = source
      for (const { at, drop, put } of edits) {
        const place = at % (text.length + 1)
        text = text.slice(0, place) + put + text.slice(place + drop)
      }
      await examine(language, text)
    }),
    { seed: 7, numRuns: 250 },
  )
})

test.each([
  ['python', `x = ${'('.repeat(3000)}1${')'.repeat(3000)}\n`],
  ['python', `x = ${'a + '.repeat(5000)}a\n`],
  ['python', `x = ${'not '.repeat(3000)}a\n`],
  ['javascript', `x = ${'['.repeat(3000)}${']'.repeat(3000)}\n`],
  ['javascript', `x = ${'a + '.repeat(5000)}a\n`],
  ['javascript', `${'if (a) { '.repeat(2000)}${'}'.repeat(2000)}\n`],
  ['javascript', `${'if (a) b(); else '.repeat(2000)}c()\n`],
  ['javascript', `x = ${'a => '.repeat(2000)}1\n`],
] as const)('deep nesting in %s ends: %#', async (language, text) => {
  await examine(language, text)
})

test('a recursive program and one that calls itself in a circle end', async () => {
  const text = `from flask import request
def a(x, n): return b(x + 'a', n - 1) if n else x
def b(x, n): return a([x], n) or c(x, a)
def c(x, f): return f(f(x, c), b)
a(request.args['q'], 9)
while True:
    d = {'d': a(d, 1)} if d else [d]
`
  await examine('python', text)
})
