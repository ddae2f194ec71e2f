import { describe, expect, it } from 'vitest'
import { ruleSchema } from '#bench/findings'
import { analyzeFiles, appOf } from '../testing.ts'
import { pythonLint } from './index.ts'
import { askedCodes } from './rules.ts'

async function hits(files: Record<string, string>): Promise<string[]> {
  const { findings } = await analyzeFiles(pythonLint, files)
  return findings.map(({ rule, location }) => {
    if (location.kind !== 'file') throw new Error('expected a place in a file')
    return `${rule} ${location.path}:${location.region?.startLine}`
  })
}

describe('pythonLint', () => {
  it('finds its canary', async () => {
    const { findings } = await analyzeFiles(pythonLint, pythonLint.canary.files)
    expect(findings.map((finding) => finding.rule)).toContain(pythonLint.canary.rule)
  })

  it('has a complete rule for every code it asks ruff for', () => {
    for (const code of askedCodes) {
      const rule = ruleSchema.parse(pythonLint.rule(code))
      expect(rule.category === 'security' ? rule.cwe?.length : 1, code).toBeGreaterThan(0)
    }
    expect(askedCodes.length).toBeGreaterThan(200)
    expect(pythonLint.rule('E501')).toBeUndefined()
  })

  it('reports insecure calls with place, excerpt and message', async () => {
    const { findings, coverage } = await analyzeFiles(pythonLint, {
      'app.py': [
        'from flask import Flask',
        'app = Flask(__name__)',
        'def users(name):',
        '    return app.db.execute("SELECT * FROM users WHERE name = \'" + name + "\'")',
        "if __name__ == '__main__':",
        "    app.run(host='0.0.0.0', debug=True)",
        '',
      ].join('\n'),
    })
    expect(findings.map((finding) => finding.rule).sort()).toEqual(['S104', 'S201', 'S608'])
    expect(findings.find((finding) => finding.rule === 'S201')).toMatchObject({
      message: 'Use of `debug=True` in Flask app detected',
      location: { kind: 'file', path: 'app.py', region: { startLine: 6, startColumn: 29, endLine: 6, endColumn: 39 } },
      evidence: { snippet: "    app.run(host='0.0.0.0', debug=True)" },
    })
    expect(pythonLint.rule('S104')?.severity).toBe('low')
    expect(coverage).toEqual({ analysed: 1, total: 1, gaps: [] })
  })

  it('reports a file that does not parse once, and as a gap', async () => {
    const { findings, coverage } = await analyzeFiles(pythonLint, {
      'broken.py': 'def f(:\n    x = (\n',
      'fine.py': 'print(missing)\n',
    })
    expect(findings.map((finding) => finding.rule)).toEqual(['syntax-error', 'F821'])
    expect(coverage).toEqual({
      analysed: 1,
      total: 2,
      gaps: [
        {
          path: 'broken.py',
          reason: 'does not parse: Expected a parameter or the end of the parameter list (line 1)',
        },
      ],
    })
  })

  it('weighs commands without variables lightly', async () => {
    const { findings } = await analyzeFiles(pythonLint, {
      'run.py': 'import os\nos.system("ls")\ndef list_folder(path):\n    os.system("ls " + path)\n',
    })
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['S605', 'low'],
      ['S605', undefined],
    ])
  })

  it('tells SQL made of constants, and chance that guards nothing, from the rest', async () => {
    const { findings } = await analyzeFiles(pythonLint, {
      'notes.py': [
        'import random',
        'def tags_of(db, ids):',
        '    marks = ", ".join("?" for _ in ids)',
        '    return db.execute(f"SELECT tag FROM tags WHERE note_id IN ({marks})", ids)',
        'def find(db, text):',
        '    return db.execute(f"SELECT id FROM notes WHERE text = \'{text}\'")',
        'def prompt():',
        '    return random.choice(["Hello", "Hi"])',
        'def reset_token():',
        '    return "".join(random.choice("abc") for _ in range(20))',
        '',
      ].join('\n'),
    })
    expect(
      findings.map(({ rule, location }) => [rule, location.kind === 'file' && location.region?.startLine]),
    ).toEqual([
      ['S608', 6],
      ['S311', 10],
    ])
  })

  it('knows fixed commands, quoted names and subqueries from what can be injected into', async () => {
    const { findings } = await analyzeFiles(pythonLint, {
      'run.py': [
        'import os',
        'COMMAND = "curl -s http://docker/info"',
        'def info():',
        '    return os.popen(COMMAND).read()',
        'def select(table, sql):',
        '    return "DELETE FROM %s" % quote_name(table), f"SELECT * FROM ({sql}) subquery"',
        'def find(name):',
        `    return f"SELECT * FROM t WHERE name = '{name}'"`,
        '',
      ].join('\n'),
    })
    expect(
      findings.map(({ rule, location }) => [rule, location.kind === 'file' && location.region?.startLine]),
    ).toEqual([
      ['S608', 8],
      ['F821', 6],
    ])
  })

  it('knows tokens of a parser and masks from credentials', async () => {
    expect(
      await hits({
        'a.py':
          "def f(token, url):\n    if token == 'COLLATE':\n        token = 'not in'\n    return token, url.replace(password='********')\n",
      }),
    ).toEqual([])
  })

  it('lets stub files and modules that make names name them', async () => {
    expect(
      await hits({
        'a.pyi': 'def f() -> Later: ...\nclass Later: ...\n',
        'b/__init__.py': "__all__ = ['web']\ndef __getattr__(name):\n    return name\n",
        'c.py': "__all__ = ['web']\n",
      }),
    ).toEqual(['F822 c.py:1'])
  })

  it('reports each name of a star import once', async () => {
    expect(await hits({ 'app.py': 'from flask import *\napp = Flask(__name__)\nother = Flask(__name__)\n' })).toEqual([
      'F403 app.py:1',
      'F405 app.py:2',
    ])
  })

  it('places an early end at the last line with text', async () => {
    expect(await hits({ 'app.py': 'def f():\n    return (1,\n\n\n' })).toEqual(['syntax-error app.py:2'])
  })

  it('accepts in tests what is normal there', async () => {
    expect(
      await hits({
        'tests/test_app.py':
          "def test_login(client):\n    password = 'hunter2hunter2'\n    assert client.login(password)\n",
      }),
    ).toEqual([])
    expect(await hits({ 'app.py': 'def f(x):\n    assert x\n' })).toEqual(['S101 app.py:2'])
  })

  it('judges a password by its value, and masks it', async () => {
    const { findings } = await analyzeFiles(pythonLint, {
      'settings.py': [
        "SECRET_KEY = 'dev'",
        "token_type = 'bearer'",
        "PASSWORD_FIELD = 'password'",
        "api_token = 'YOUR_API_TOKEN'",
        "db_password = 'Tr0ub4dor&3-horse-staple'",
        '',
      ].join('\n'),
    })
    expect(findings.map(({ rule, evidence }) => [rule, evidence?.snippet])).toEqual([
      ['S105', "SECRET_KEY = 'dev'"],
      ['S105', "db_password = 'Tr0u… (24 characters)'"],
    ])
  })

  it('does not let code silence security rules, and counts the other silenced ones', async () => {
    const { findings, metrics } = await analyzeFiles(pythonLint, {
      'app.py': 'import os  # noqa: F401\ndef f(text):\n    return eval(text)  # noqa\n',
      'all.py': '# ruff: noqa\nimport json\n',
    })
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({
      rule: 'S307',
      message: expect.stringContaining('(silenced by a comment in the code)'),
      evidence: { snippet: '    return eval(text)  # noqa', facts: { silenced: true } },
    })
    expect(metrics).toEqual({ 'findings.silenced': 2 })
  })

  it("ignores the app's own configuration", async () => {
    expect(await hits({ 'app.py': 'eval(x)\n', 'ruff.toml': 'exclude = ["*.py"]\n[lint]\nselect = []\n' })).toEqual([
      'S307 app.py:1',
      'F821 app.py:1',
    ])
  })

  it('survives code nested so deep that ruff overflows', async () => {
    const { findings, coverage } = await analyzeFiles(pythonLint, {
      'a.py': `x = ${'(\n'.repeat(50_000)}`,
      'b.py': 'eval(input())\n',
    })
    expect(findings.map((finding) => finding.rule)).toEqual(['S307'])
    expect(coverage.gaps).toEqual([{ path: 'a.py', reason: 'ruff failed: Maximum call stack size exceeded' }])
  })

  it('leaves apps without Python alone', async () => {
    expect(pythonLint.applies(await appOf({ 'index.js': 'let x\n' }))).toEqual({
      applies: false,
      reason: 'no Python files',
    })
  })
})
