import { describe, expect, it } from 'vitest'
import { ruleSchema } from '#bench/findings'
import { analyzeFiles, appOf } from '../testing.ts'
import { types } from './index.ts'
import { pythonRules } from './python-rules.ts'
import { typescriptRules } from './typescript-rules.ts'

async function hits(files: Record<string, string>): Promise<string[]> {
  const { findings } = await analyzeFiles(types, files)
  return findings
    .map(({ rule, location }) => {
      if (location.kind !== 'file') throw new Error('expected a place in a file')
      return `${rule} ${location.path}:${location.region?.startLine}:${location.region?.startColumn}`
    })
    .sort()
}

describe('types', { timeout: 30_000 }, () => {
  it('finds its canary', async () => {
    const { findings } = await analyzeFiles(types, types.canary.files)
    expect(findings.map((finding) => finding.rule)).toEqual([types.canary.rule])
  })

  it('has a complete rule for every check', () => {
    for (const id of [...Object.keys(pythonRules), ...Object.keys(typescriptRules)]) {
      expect(ruleSchema.parse(types.rule(id)).id).toBe(id)
    }
  })

  it('weighs what pyright cannot know lightly, and leaves out what Python allows', async () => {
    const { findings } = await analyzeFiles(types, {
      'app.py': [
        'import os',
        'class Mixin:',
        '    def save(self):',
        '        return self.fields',
        'class Point: ...',
        'point = Point()',
        'point.x = 1',
        'print(point.y)',
        'print("a".reverse(), os.getcwdd())',
        'def greet(name): ...',
        'greet()',
        '',
      ].join('\n'),
    })
    expect(
      findings.map(({ location, severity, confidence }) => [
        location.kind === 'file' && location.region?.startLine,
        severity,
        confidence,
      ]),
    ).toEqual([
      [4, 'low', 'low'],
      [8, 'low', 'low'],
      [9, undefined, undefined],
      [9, undefined, undefined],
      [11, undefined, undefined],
    ])
  })

  it('is not stopped by code that asks pyright for more', async () => {
    expect(await hits({ 'app.py': '# pyright: strict\ndef f(x: 1):\n    return x\n' })).toEqual([])
  })

  it('reports in Python what is wrong without the dependencies, and nothing that follows from their absence', async () => {
    const { findings, coverage, checks } = await analyzeFiles(types, {
      'app.py': [
        'import os',
        'import re',
        'from flask import Flask, request',
        'from sqlalchemy.orm import Session',
        'from helper import greet, missing',
        '',
        'app = Flask(__name__)',
        'greet(1, 2)',
        'os.getcwdd()',
        're.match("a", request.path).group()',
        'undefined_thing()',
        'if request.args:',
        '    value = 1',
        'print(value)',
        'class Repository(Session):',
        '    def load(self):',
        '        return self.query(1).all()',
        'async def work(): return 1',
        'async def main():',
        '    work()',
        '',
      ].join('\n'),
      'helper.py': 'def greet(name):\n    return "hello " + name\n',
    })
    expect(
      findings.map(({ rule, location }) => [rule, location.kind === 'file' && location.region?.startLine]),
    ).toEqual([
      ['reportCallIssue', 8],
      ['reportAttributeAccessIssue', 9],
      ['reportOptionalMemberAccess', 10],
      ['reportUndefinedVariable', 11],
      ['reportPossiblyUnboundVariable', 14],
      ['reportUnusedCoroutine', 20],
    ])
    expect(findings[0]).toMatchObject({
      message: 'Expected 1 positional argument',
      evidence: { snippet: 'greet(1, 2)' },
    })
    expect(coverage).toEqual({ analysed: 2, total: 2, gaps: [] })
    expect(checks).toEqual([
      { id: 'python', title: 'Python types checked', outcome: 'pass' },
      { id: 'typescript', title: 'TypeScript types checked', outcome: 'not_applicable', reason: 'no TypeScript files' },
    ])
  })

  it('reports in TypeScript what is wrong without the dependencies, and nothing that follows from their absence', async () => {
    const view = [
      "import React, { FC, ButtonHTMLAttributes, useState } from 'react'",
      "import { add, gone } from '@/math'",
      "import './view.css'",
      'interface Props extends ButtonHTMLAttributes<HTMLButtonElement> { label: string }',
      'const Button: FC<Props> = (props) => <button className={props.className}>{props.label}</button>',
      'function Row({ n, children }: { n: number; children: any }) { return <p>{n}{children}</p> }',
      'class Old extends React.Component<Props> { render() { return this.props.label } }',
      "const [name] = useState<string>('')",
      'const row = <Row key="1" n={name}><b onClick={(event) => event.target}/></Row>',
      'add("1")',
      'console.log(process.env.X, import.meta.env.VITE_X, window.google, nope)',
      "const field = document.querySelector('input'); field.value",
      'async function load() { return false }',
      'if (load()) { }',
      'const bad = <Row n="x"><i/></Row>',
      '',
    ].join('\n')
    const files = {
      'web/src/view.tsx': view,
      'web/src/math.ts': 'export function add(a: number, b: number) { return a + b }\n',
      'web/tsconfig.json':
        '{ // strict\n "compilerOptions": { "strict": true, "plugins": [{ "name": "evil" }], "paths": { "@/*": ["./src/*"] }, } }\n',
    }
    expect(await hits(files)).toEqual([
      'TS18047 web/src/view.tsx:12:48',
      'TS2304 web/src/view.tsx:11:67',
      'TS2305 web/src/view.tsx:2:15',
      'TS2322 web/src/view.tsx:15:18',
      'TS2554 web/src/view.tsx:10:1',
      'TS2801 web/src/view.tsx:14:5',
    ])
  })

  it('lists files it cannot follow as gaps', async () => {
    const { findings, coverage } = await analyzeFiles(types, {
      'bad.py': 'nothing\ndef f(:\n',
      'star.py': 'from flask import *\napp = Flask(__name__)\n',
      'bad.ts': 'const = 1\n',
      'good.py': 'x = 1\n',
      'new\nline.py': 'nothing\n',
    })
    expect(findings.map(({ rule, location }) => [rule, location.kind === 'file' && location.path])).toEqual([
      ['reportUndefinedVariable', 'new\nline.py'],
    ])
    expect(coverage.analysed).toBe(3)
    expect(coverage.gaps.map((gap) => gap.path)).toEqual(['bad.py', 'bad.ts'])
  })

  it('obeys no configuration of the app', async () => {
    expect(
      await hits({
        'app.py': '# pyright: strict, reportUndefinedVariable=false\nimport os\nprint(nothing)\n',
        'pyrightconfig.json': '{"exclude": ["**"], "venvPath": ".", "venv": "venv"}',
        'pyproject.toml': '[tool.pyright]\nexclude = ["**"]\n',
      }),
    ).toEqual(['reportUndefinedVariable app.py:3:7'])
    expect(
      await hits({
        'app.py': '# type: ignore\nnothing\nless  # type: ignore\n',
        'a.ts': '// @ts-nocheck\nnothing()\n',
      }),
    ).toEqual(['TS2304 a.ts:2:1', 'reportUndefinedVariable app.py:2:1'])
  })

  it('stops when told to', async () => {
    const app = await appOf({ 'a.py': 'x = 1\n' })
    const signal = AbortSignal.abort(new Error('cancelled'))
    const context = {
      signal,
      log: () => undefined,
      options: {},
      scratch: app.root,
      cache: app.root,
      network: false,
      now: 0,
    }
    await expect(types.analyze(app, context)).rejects.toThrow('cancelled')
  })

  it('leaves other apps alone', async () => {
    expect(types.applies(await appOf({ 'index.html': '<p>\n' }))).toEqual({
      applies: false,
      reason: 'no Python or TypeScript files',
    })
  })
})
