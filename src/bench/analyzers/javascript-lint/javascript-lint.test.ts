import { describe, expect, it } from 'vitest'
import { ruleSchema } from '#bench/findings'
import { analyzeFiles, appOf, testContext } from '../testing.ts'
import { javascriptLint } from './index.ts'
import { askedRules } from './rules.ts'

async function hits(files: Record<string, string>): Promise<string[]> {
  const { findings } = await analyzeFiles(javascriptLint, files)
  return findings
    .map(({ rule, location }) => {
      if (location.kind !== 'file') throw new Error('expected a place in a file')
      return `${rule} ${location.path}:${location.region?.startLine}`
    })
    .sort()
}

describe('javascriptLint', () => {
  it('finds its canary', async () => {
    const { findings } = await analyzeFiles(javascriptLint, javascriptLint.canary.files)
    expect(findings.map((finding) => finding.rule)).toContain(javascriptLint.canary.rule)
  })

  it('has a complete rule for everything it asks oxlint for', () => {
    for (const id of askedRules) {
      const rule = ruleSchema.parse(javascriptLint.rule(id))
      expect(rule.category === 'security' ? rule.cwe?.length : 1, id).toBeGreaterThan(0)
    }
    expect(askedRules.length).toBeGreaterThan(150)
  })

  it('reports React, accessibility and security mistakes of one component', async () => {
    const component = [
      "import { useEffect, useState } from 'react'",
      'export function Post({ html, tags, id }) {',
      '  const [post, setPost] = useState(null)',
      '  useEffect(() => { load(id).then(setPost) }, [])',
      '  if (id) { useState(0) }',
      '  return (',
      '    <main>',
      '      <div dangerouslySetInnerHTML={{ __html: html }} />',
      '      <a href="https://example.org" target="_blank">more</a>',
      '      <img src={post.image} />',
      '      {tags.map((tag) => <b>{tag}</b>)}',
      '    </main>',
      '  )',
      '}',
    ].join('\n')
    expect(await hits({ 'src/Post.jsx': component })).toEqual([
      'eslint/no-undef src/Post.jsx:4',
      'jsx-a11y/alt-text src/Post.jsx:10',
      'promise/catch-or-return src/Post.jsx:4',
      'react/exhaustive-deps src/Post.jsx:4',
      'react/jsx-key src/Post.jsx:11',
      'react/jsx-no-target-blank src/Post.jsx:9',
      'react/no-danger src/Post.jsx:8',
      'react/rules-of-hooks src/Post.jsx:5',
    ])
  })

  it('places an early end at the last line with text', async () => {
    expect(await hits({ 'a.jsx': 'export default function A() {\n  return <p>\n\n\n' })).toEqual([
      'syntax-error a.jsx:2',
    ])
  })

  it('reports an undefined name once in a file, and none that a build tool or jQuery defines', async () => {
    expect(
      await hits({
        'a.mjs': 'export const run = () => missing(missing(__VERSION__))\n',
        'b.js': "const x = require('./x')\n$('#a').text(x)\n$('#b').text(x)\n",
        'c.mjs': 'export const base = SETTINGS.base\n',
        'views/layout.ejs': '<script>window.SETTINGS = <%- settings %></script>\n',
        'd.mjs': "import * as filters from './e.mjs'\nfor (const name of Object.keys(filters)) filters[name]()\n",
        'e.mjs': 'export const upper = (text) => text.toUpperCase()\n',
        'f.ts': 'export interface Node { a: 1 }\nexport const Node = { a: 1 }\n',
      }),
    ).toEqual(['eslint/no-undef a.mjs:1'])
  })

  it('weighs a name that sloppy code makes a global lightly', async () => {
    const { findings } = await analyzeFiles(javascriptLint, {
      'a.js': "try { bcrypt = require('bcrypt') } catch (error) { console.error(error) }\nbcrypt.hash('x')\n",
      'b.js': "'use strict'\nconst fs = require('fs')\nconsole.log(fs, settings)\n",
    })
    const weights = findings
      .filter(({ rule }) => rule === 'eslint/no-undef')
      .map(({ location, severity }) => [location.kind === 'file' && location.path, severity])
    expect(Object.fromEntries(weights)).toEqual({ 'a.js': 'low', 'b.js': undefined })
  })

  it('judges React only where there is React, and async handlers only where there is Express', async () => {
    const component = 'export function useIt(a) { if (a) { useState(0) } }\n'
    expect(
      await hits({
        'command.mjs': `import { useState } from 'vue'\n${component}`,
        'hook.mjs': `import { useState } from 'react'\n${component}`,
        'server.mjs': "import http from 'node:http'\nexport function Server() { this.on('next', http) }\n",
        'fastify.mjs': "import fastify from 'fastify'\nconst app = fastify()\napp.get('/', async () => ({ a: 1 }))\n",
      }),
    ).toEqual(['react/rules-of-hooks hook.mjs:2'])
  })

  it('places findings in UTF-16 columns, whatever precedes them', async () => {
    const { findings } = await analyzeFiles(javascriptLint, { 'a.mjs': "export const t = 'é😀' + eval('x')\n" })
    expect(findings[0]).toMatchObject({
      rule: 'eslint/no-eval',
      message: 'eval can be harmful.',
      location: { region: { startLine: 1, startColumn: 26, endLine: 1, endColumn: 30 } },
      evidence: { snippet: "export const t = 'é😀' + eval('x')" },
    })
  })

  it('reads the scripts of Vue and Svelte components', async () => {
    expect(
      await hits({
        'a.vue': '<template><p/></template>\n<script setup>\neval("x")\n</script>\n',
        'b.svelte': '<script>\nlet name\neval(name)\n</script>\n<p>{name}</p>\n',
        'c.vue': '<template><p/></template>\n',
      }),
    ).toEqual(['eslint/no-eval a.vue:3', 'eslint/no-eval b.svelte:3'])
  })

  it('reports a file that does not parse once, and as a gap', async () => {
    const { findings, coverage } = await analyzeFiles(javascriptLint, {
      'bad.js': 'const a = ;\nconst b = ;\n',
      'fine.ts': 'export const a: number = 1\n',
    })
    expect(findings.map(({ rule, location }) => [rule, location])).toEqual([
      [
        'syntax-error',
        {
          kind: 'file',
          path: 'bad.js',
          region: { startLine: 1, startColumn: 11, endLine: 1, endColumn: 12 },
        },
      ],
    ])
    expect(coverage).toEqual({
      analysed: 1,
      total: 2,
      gaps: [{ path: 'bad.js', reason: 'does not parse: Unexpected token' }],
    })
  })

  it('obeys no configuration or ignore file of the app', async () => {
    expect(
      await hits({
        '.gitignore': '*.js\n',
        '.eslintignore': '*.js\n',
        '.oxlintrc.json': '{"rules":{"no-eval":"off"},"ignorePatterns":["**"],"jsPlugins":["./evil.cjs"]}',
        'oxlint.config.ts': 'throw new Error("loaded")\n',
        'evil.cjs': 'process.exit(9)\n',
        'run.mjs': 'eval("1")\n',
      }),
    ).toEqual(['eslint/no-eval run.mjs:1'])
  })

  it('does not let code silence security rules, and counts the other silenced ones', async () => {
    const { findings, metrics } = await analyzeFiles(javascriptLint, {
      'a.mjs': '/* eslint-disable */\nconst unused = 1\nexport const f = (t) => eval(t) // oxlint-disable-line\n',
    })
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({
      rule: 'eslint/no-eval',
      message: 'eval can be harmful. (silenced by a comment in the code)',
      evidence: { facts: { silenced: true } },
    })
    expect(metrics).toEqual({ 'findings.silenced': 1 })
  })

  it('copes with hostile file names', async () => {
    expect(
      await hits({
        'new\nline.mjs': 'eval("1")\n',
        '-c.mjs': 'eval("1")\n',
        'pages/[id].jsx': 'eval("1"); export default 1\n',
        "it's $(x) & co.mjs": 'eval("1")\n',
        [`${'x'.repeat(240)}.mjs`]: 'eval("1")\n',
      }),
    ).toHaveLength(5)
  })

  it('knows that classic scripts share their names with the page', async () => {
    expect(await hits({ 'static/app.js': 'function save() { $.post("/x", other) }\n' })).toEqual([])
    expect(await hits({ 'src/app.js': 'import "./a.js"\nfunction save() { return other }\n' })).toEqual([
      'eslint/no-undef src/app.js:2',
      'eslint/no-unused-vars src/app.js:2',
    ])
  })

  it('tells unused imports, imports of nothing, and sanitised markup apart', async () => {
    expect(
      await hits({
        'a.jsx': [
          "import DOMPurify from 'dompurify'",
          "import { known, missing } from './b.js'",
          'export const A = ({ html }) => <p dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(html) }} title={known} />',
          'export function B({ text }) {',
          '  const html = DOMPurify.sanitize(text)',
          '  return <p dangerouslySetInnerHTML={{ __html: html }} />',
          '}',
        ].join('\n'),
        'b.js': 'export const known = 1\n',
      }),
    ).toEqual(['import/named a.jsx:2', 'unused-import a.jsx:2'])
  })

  it('reports async handlers where rejections are lost', async () => {
    const handler = 'app.get("/x", async (req, res) => { res.send(await load()) })\n'
    const guarded =
      'app.get("/y", async (req, res) => {\n  try { res.send(await load()) } catch (e) { res.sendStatus(500) }\n})\n'
    const source = `const express = require('express')\nconst { app, load } = require('./x')(express)\n${handler}${guarded}`
    expect(await hits({ 'server.js': source, 'package.json': '{"dependencies":{"express":"^4.19.0"}}' })).toEqual([
      'oxc/no-async-endpoint-handlers server.js:3',
    ])
    expect(await hits({ 'server.js': source, 'package.json': '{"dependencies":{"express":"^5.1.0"}}' })).toEqual([])
  })

  it('survives code on which oxlint breaks down', async () => {
    const { findings, coverage } = await analyzeFiles(javascriptLint, {
      'a.mjs': 'eval("1")\n',
      'deep.mjs': `x = ${'[\n'.repeat(200_000)}`,
      'z.mjs': 'eval("1")\n',
    })
    expect(findings.filter((finding) => finding.rule === 'eslint/no-eval')).toHaveLength(2)
    expect(coverage.gaps.map((gap) => gap.path)).toEqual(['deep.mjs'])
  })

  it('stops when told to', async () => {
    const app = await appOf({ 'a.mjs': 'eval("1")\n' })
    const signal = AbortSignal.abort(new Error('cancelled'))
    const context = testContext({ signal })
    await expect(javascriptLint.analyze(app, context)).rejects.toThrow('cancelled')
  })

  it('leaves apps without JavaScript alone', async () => {
    expect(javascriptLint.applies(await appOf({ 'app.py': 'x = 1\n' }))).toEqual({
      applies: false,
      reason: 'no JavaScript, TypeScript, Vue or Svelte files',
    })
  })
})
