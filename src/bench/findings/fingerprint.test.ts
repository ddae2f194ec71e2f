import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RawFinding, Rule } from './finding.ts'
import { urlPattern } from './fingerprint.ts'
import { toFindings } from './normalize.ts'

const rule = (id: string, more: Partial<Rule> = {}): Rule => ({
  id,
  title: id,
  category: 'security',
  severity: 'high',
  confidence: 'high',
  cwe: [89],
  why: 'It matters.',
  fix: 'Fix it.',
  ...more,
})
const analyzer = { id: 'test', version: '1', rule: (id: string) => rule(id) }

/** Fingerprints of one rule reported at each place where `mark` occurs in the text. */
function fingerprints(path: string, text: string, marks: string[], withColumn = true): string[] {
  const findings: RawFinding[] = marks.map((mark) => {
    const offset = text.indexOf(mark)
    if (offset < 0) throw new Error(`No ${mark} in the text.`)
    const before = text.slice(0, offset).split('\n')
    const startColumn = (before.at(-1)?.length ?? 0) + 1
    const region = { startLine: before.length, ...(withColumn && { startColumn }) }
    return { rule: 'R1', message: mark, location: { kind: 'file', path, region } }
  })
  const found = toFindings(analyzer, { findings }, (asked) => (asked === path ? text : undefined))
  return marks.map((mark) => found.find((finding) => finding.message === mark)?.fingerprint ?? 'missing')
}

const python = `import os
from flask import Flask, request

app = Flask(__name__)
app.config.update(DEBUG=True, SECRET_KEY='abc "x" def')

@app.route('/users/<name>')
def user(name):
    query = f"SELECT * FROM users WHERE name = '{name}'"
    if name: return db.execute(query, name)
    rows = db.execute("SELECT * FROM logs WHERE name = '" + name + "'", timeout=3)
    return render(rows)

def other(name):
    rows = db.execute("SELECT * FROM logs WHERE name = '" + name + "'", timeout=3)
    return rows
`
const pythonMarks = ['app.config', 'SECRET_KEY', 'query = f', 'db.execute(query', 'rows = db', 'return rows']

const pythonReformatted = `# A licence header.
import os
from flask import (
    Flask,
    request,
)

unrelated = 1

app = Flask(__name__)
app.config.update(
  DEBUG=True,
  SECRET_KEY="abc \\"x\\" def",  # set elsewhere
)


@app.route("/users/<name>")
def user(name):

  query = (
    f"SELECT * FROM users WHERE name = '{name}'"
  )
  if name:
      return db.execute(
          query,
          name,
      )
  print("new")
  rows = db.execute(
      "SELECT * FROM logs WHERE name = '"
      + name
      + "'",
      timeout=3,
  )
  return render(rows)

def another(): return 1

def other(name):
  rows = db.execute("SELECT * FROM logs WHERE name = '" + name + "'", timeout = 3)
  return rows
`

const script = `import express from 'express'
const app = express()
app.use(cors({ origin: '*', credentials: true }))
app.get('/a', async (req, res) => {
  const rows = await db.query('SELECT ' + req.query.id)
  if (!rows) { return res.status(500).json({ error: 'no' }) }
  res.send(\`<b>\${rows}</b>\`)
})
function View({ items }) {
  const [open, setOpen] = useState(false)
  return <ul>{items.map(item => <li onClick={() => setOpen(true)}>{item}</li>)}<img src={logo} width="1" /></ul>
}
`
const scriptMarks = ['app.use', "origin: '*'", 'const rows', 'return res', 'res.send', '<li', '<img', 'setOpen(true)']

const scriptReformatted = `/* eslint-disable */
import express from "express";

const app = express();
const unrelated = { a: 1 };
app.use(
  cors({
    origin: "*",
    credentials: true,
  }),
);
app.get("/a", async (req, res) => {
    // Don't
    const rows = await db.query(
        "SELECT " +
            req.query.id,
    );
    if (!rows) {
        return res
            .status(500)
            .json({
                error: "no",
            });
    }
    res.send(\`<b>\${rows}</b>\`);
});
function View({ items }) {
    const [open, setOpen] = useState(false);
    console.log(open);
    return (
        <ul>
            {items.map((item) => (
                <li onClick={() => setOpen(true)}>
                    {item}
                </li>
            ))}
            <img
                src={logo}
                width="1"
            />
        </ul>
    );
}
`
const scriptReformattedMarks = scriptMarks.map((mark) => mark.replaceAll("'", '"'))

describe('fingerprints', () => {
  it('survive reformatting Python by hand', () => {
    const marks = pythonMarks.map((mark) => (mark === 'query = f' ? 'query = (' : mark))
    const there = marks.map((mark) => (mark === 'db.execute(query' ? 'db.execute(\n          query' : mark))
    expect(fingerprints('app.py', pythonReformatted, there)).toEqual(fingerprints('app.py', python, pythonMarks))
  })

  it('survive reformatting JavaScript and JSX', () => {
    const marks = scriptReformattedMarks.map((mark) => (mark === 'return res' ? 'return res\n' : mark))
    expect(fingerprints('a.jsx', scriptReformatted, marks)).toEqual(fingerprints('a.jsx', script, scriptMarks))
  })

  it.each([
    ['a.ts', 'if (bad) throw new Bad(x)', 'if (bad)\n  throw new Bad(\n    x,\n  );', 'throw'],
    ['a.ts', 'if (bad) throw new Bad(x)', 'if (\n  bad\n)\n  throw new Bad(x);', 'if'],
    ['a.ts', 'f(); else g(x)', 'f();\nelse\n  g(x)', 'g'],
    ['a.ts', 'list.map(item => item.id)', 'list.map(\n  (item) => item.id,\n);', 'item'],
    ['a.ts', 'function f(): Promise<void> { run(x) }', 'function f(): Promise<void> {\n\trun(x);\n}', 'run'],
    ['a.ts', 'type A = "x" | "y"', "type A =\n  | 'x'\n  | 'y'", 'A'],
    ['a.tsx', '<p>Save as JSON</p>', '<p>\n  Save as JSON\n</p>', 'Save'],
    ['a.ts', 'const a: Map<string, Entry> = load(x)', 'const a: Map<\n  string,\n  Entry\n> = load(x);', 'load'],
    ['a.ts', `const t = \`a \${b ? 'c' : ""}\``, `const t = \`a \${b ? "c" : ""}\``, 't ='],
    ['a.py', 'from a import b, c, d', 'from a import (\n    b,\n    c,\n    d,\n)', 'c'],
    ['a.py', 'yield a, b', 'yield (\n    a,\n    b,\n)', 'b'],
    ['a.py', 'x = a and b(c)', 'x = (\n    a\n    and b(c)\n)', 'c'],
    ['a.py', 'if a: return b', 'if a:\n    return b', 'return'],
    ['a.py', 'x = a + \\\n  b(1)', 'x = a + b(1)', 'b('],
  ])('survive formatting in %s: %s', (path, one, two, mark) => {
    expect(fingerprints(path, two, [mark])).toEqual(fingerprints(path, one, [mark]))
  })

  it('of one entry do not change when another is added', () => {
    expect(fingerprints('a.py', 'from a import x, b, c', ['c'])).toEqual(
      fingerprints('a.py', 'from a import b, c', ['c']),
    )
    expect(fingerprints('a.ts', 'f({ a: 1, n: 0, b: { c: 2 } })', ['c: 2'])).toEqual(
      fingerprints('a.ts', 'f({ a: 1, b: { c: 2, d: 3 } })', ['c: 2']),
    )
  })

  it('tell the defects of one file apart', () => {
    expect(new Set(fingerprints('app.py', python, pythonMarks)).size).toBe(pythonMarks.length)
    expect(new Set(fingerprints('a.jsx', script, scriptMarks)).size).toBe(scriptMarks.length)
  })

  it('do not depend on the path', () => {
    expect(fingerprints('backend/server.py', python, pythonMarks)).toEqual(fingerprints('app.py', python, pythonMarks))
    expect(fingerprints('src/View.tsx', script, scriptMarks)).toEqual(fingerprints('a.jsx', script, scriptMarks))
  })

  it('change with the offending code, the function around it, the rule and the subject', () => {
    const of = (text: string, raw: Partial<RawFinding> = {}, id = 'R1') =>
      toFindings(
        analyzer,
        {
          findings: [
            { rule: id, message: 'm', location: { kind: 'file', path: 'a.py', region: { startLine: 2 } }, ...raw },
          ],
        },
        () => text,
      )[0]?.fingerprint
    const one = of('def f():\n  run(a)\n')
    expect(of('def f():\n  run( a )  # later\n')).toBe(one)
    expect(of('def f():\n  run(b)\n')).not.toBe(one)
    expect(of('def g():\n  run(a)\n')).not.toBe(one)
    expect(of('def f():\n  run(a)\n', {}, 'R2')).not.toBe(one)
    expect(of('def f():\n  run(a)\n', { subject: 'a' })).not.toBe(one)
  })

  it('number twins, and a further twin leaves the others as they were', () => {
    const twins = (count: number) => 'run(a)\n'.repeat(count)
    const of = (count: number) =>
      toFindings(
        analyzer,
        {
          findings: Array.from({ length: count }, (_, at) => ({
            rule: 'R1',
            message: 'm',
            location: { kind: 'file' as const, path: 'a.py', region: { startLine: at + 1 } },
          })),
        },
        () => twins(count),
      ).map((finding) => finding.fingerprint)
    expect(of(2).map((fingerprint) => fingerprint.split(':')[1])).toEqual(['1', '2'])
    expect(of(3).slice(0, 2)).toEqual(of(2))
  })

  it('know a comment, a line of plain text and a file without text', () => {
    const comment = (text: string, line: number) =>
      toFindings(
        analyzer,
        {
          findings: [
            { rule: 'R1', message: 'm', location: { kind: 'file', path: 'a.js', region: { startLine: line } } },
          ],
        },
        () => text,
      )[0]?.fingerprint
    expect(comment('// TODO: write this\nf()\n', 1)).toBe(comment('\ng()\n  //   TODO:  write this\nf()\n', 3))
    expect(comment('// TODO: write this\nf()\n', 1)).not.toBe(comment('// TODO: write that\nf()\n', 1))
    expect(fingerprints('Dockerfile', 'FROM a\nUSER root\n', ['USER'])).toEqual(
      fingerprints('Dockerfile', '# x\nFROM a\n\nUSER   root\n', ['USER']),
    )
    expect(fingerprints('Dockerfile', 'FROM a\nUSER root\n', ['USER'])).not.toEqual(
      fingerprints('Dockerfile', 'FROM a\nUSER app\n', ['USER']),
    )
  })

  it('do not reveal a secret', () => {
    const secret = { id: 'test', version: '1', rule: (id: string) => rule(id, { defect: 'hard-coded-credential' }) }
    const of = (text: string) =>
      toFindings(
        secret,
        {
          findings: [{ rule: 'R1', message: 'm', location: { kind: 'file', path: 'a.py', region: { startLine: 1 } } }],
        },
        () => text,
      )[0]
    expect(of('PASSWORD = "hunter2"')?.fingerprint).toBe(of('PASSWORD = "correct horse"')?.fingerprint)
    expect(of('PASSWORD = "hunter2"')?.fingerprint).not.toBe(of('TOKEN = "hunter2"')?.fingerprint)
    expect(of('PASSWORD = "hunter2"')?.evidence.snippet).toBe('PASSWORD = "****"')
    expect(of('PASSWORD=hunter2')?.evidence.snippet).toBe('PASSWORD=****')
  })

  it('of endpoints know the request, not its values', () => {
    const of = (method: string, url: string, parameter?: string) =>
      toFindings(
        analyzer,
        { findings: [{ rule: 'R1', message: 'm', location: { kind: 'endpoint', method, url, parameter } }] },
        () => undefined,
      )[0]?.fingerprint
    expect(of('get', 'http://127.0.0.1:4000/users/17?q=1', 'q')).toBe(of('GET', 'http://localhost/users/42?q=2', 'q'))
    expect(of('GET', '/users/17', 'q')).not.toBe(of('POST', '/users/17', 'q'))
    expect(of('GET', '/users/17', 'q')).not.toBe(of('GET', '/users/17', 'p'))
  })
})

describe('urlPattern', () => {
  it.each([
    ['http://127.0.0.1:4000/users/17/?b=2&a=1#top', '/users/{id}?a&b'],
    ['/items/0191b2c4-7d6a-7c1e-9f00-000000000001', '/items/{id}'],
    ['https://host', '/'],
    ['/api/<int:id>/x', '/api/{id}/x'],
    ['/api/:id', '/api/{id}'],
    ['/v1/users', '/v1/users'],
  ])('%s → %s', (url, pattern) => {
    expect(urlPattern(url)).toBe(pattern)
  })
})

describe('fingerprints under random edits', () => {
  const names = fc.constantFrom('alpha', 'beta', 'gamma', 'delta')
  const value = fc.oneof(
    fc.nat(99).map(String),
    names,
    fc
      .string({ unit: fc.constantFrom('a', 'b', ' ', '(', '{', ',', ';', '#', '/'), maxLength: 8 })
      .map((s) => `'${s}'`),
  )
  const call = fc.record({ name: names, args: fc.array(value, { minLength: 1, maxLength: 5 }) })
  const program = fc.uniqueArray(call, {
    minLength: 2,
    maxLength: 6,
    selector: ({ name, args }) => `${name}(${args.join()})`,
  })
  const layout = fc.record({
    wrap: fc.boolean(),
    comma: fc.boolean(),
    quote: fc.constantFrom("'", '"'),
    blank: fc.nat(2),
    comment: fc.boolean(),
    indent: fc.constantFrom('  ', '    ', '\t'),
  })
  type Call = { name: string; args: string[] }
  type Layout = { wrap: boolean; comma: boolean; quote: string; blank: number; comment: boolean; indent: string }

  const write = (calls: Call[], layouts: Layout[], language: 'py' | 'js'): { text: string; lines: number[] } => {
    const indent = layouts[0]?.indent ?? '  '
    const out = language === 'py' ? ['def main():'] : ['function main() {']
    const lines = calls.map(({ name, args }, at) => {
      const style = layouts[at % layouts.length] ?? layouts[0]
      for (let blank = 0; blank < (style?.blank ?? 0); blank += 1) out.push('', `${indent}unrelated(${blank})`)
      if (style?.comment) out.push(`${indent}${language === 'py' ? '#' : '//'} it's a comment (`)
      const quoted = args.map((arg) => arg.replaceAll("'", style?.quote ?? "'"))
      const end = language === 'js' && style?.comma ? ';' : ''
      const line = out.length + 1
      if (!style?.wrap) out.push(`${indent}${name}.run(${quoted.join(', ')})${end}`)
      else {
        out.push(
          `${indent}${name}.run(`,
          ...quoted.map((arg, i) => `${indent}${indent}${arg}${i < quoted.length - 1 || style.comma ? ',' : ''}`),
          `${indent})${end}`,
        )
      }
      return line
    })
    if (language === 'js') out.push('}')
    return { text: `${out.join('\n')}\n`, lines }
  }
  const of = (path: string, { text, lines }: { text: string; lines: number[] }): string[] =>
    toFindings(
      analyzer,
      {
        findings: lines.map((startLine, at) => ({
          rule: 'R1',
          message: String(at),
          location: { kind: 'file', path, region: { startLine } },
        })),
      },
      () => text,
    ).map((finding) => finding.fingerprint)

  it.each(['py', 'js'] as const)('stay, and stay different, whatever the layout (%s)', (language) => {
    fc.assert(
      fc.property(
        program,
        fc.array(layout, { minLength: 1, maxLength: 6 }),
        fc.array(layout, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('a', 'src/b', 'renamed'),
        (calls, one, two, name) => {
          const first = of(`a.${language}`, write(calls, one, language))
          expect(of(`${name}.${language}`, write(calls, two, language))).toEqual(first)
          expect(new Set(first).size).toBe(calls.length)
        },
      ),
      { seed: 20_260_101, numRuns: 400 },
    )
  })

  it('never fail and stay linear on hostile text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('"', "'", '`', '\\', '(', ')', '{', '}', '<', '>', '/', '#', '$', '\n', 'a', ' '),
          maxLength: 80,
        }),
        fc.constantFrom('a.py', 'a.tsx', 'a.html', 'Dockerfile'),
        fc.integer({ min: 1, max: 9 }),
        (text, path, startLine) => {
          const [finding] = toFindings(
            analyzer,
            {
              findings: [
                { rule: 'R1', message: 'm', location: { kind: 'file', path, region: { startLine, startColumn: 3 } } },
              ],
            },
            () => text,
          )
          expect(finding?.fingerprint).toMatch(/^[0-9a-f]{32}:1$/)
        },
      ),
      { seed: 7, numRuns: 2_000 },
    )
    for (const unit of ["\\'", '/[', '(', '`${', '"""', '<a', '{(', "'", '})']) {
      const text = unit.repeat(40_000)
      expect(fingerprints('a.js', `x\n${text}`, ['x'])).toHaveLength(1)
      expect(fingerprints('a.py', `x\n${text}`, ['x'])).toHaveLength(1)
    }
  })
})
