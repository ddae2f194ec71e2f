import { expect, test } from 'vitest'
import { readSources } from '../check-architecture.ts'
import { checkArchitecture } from './check.ts'
import { importsOf, tokensOf } from './imports.ts'

/** Violations as `path:line rule: message`, of a tree given as path → text. */
function check(tree: Record<string, string>, reasons: Record<string, string> = {}): string[] {
  return checkArchitecture(new Map(Object.entries(tree)), reasons).map(
    ({ path, line, rule, message }) => `${path}:${line} ${rule}: ${message}`,
  )
}

const face = 'export const x = 1\n'

test('a tree that keeps every rule has no violation', () => {
  const tree = {
    'src/platform/errors/index.ts': "export { oops } from './oops.ts'\n",
    'src/platform/errors/oops.ts': 'export const oops = 1\n',
    'src/bench/findings/index.ts':
      "import { createHash } from 'node:crypto'\nimport { oops } from '#platform/errors'\n",
    'src/bench/apps/index.ts': "export type { F } from '#bench/findings'\n",
    'src/server/index.ts': "import { a } from '#bench/apps'\n",
    'src/cli/main.ts': "const { serve } = await import('#server')\n",
    'web/src/main.tsx': "import type { paths } from './client.gen.ts'\n",
    'web/src/client.gen.ts': 'export interface paths {}\n',
    'scripts/x.ts': "import { serve } from '../src/server/index.ts'\n",
  }
  expect(check(tree)).toEqual([])
})

test.each([
  ['src/platform/queue/index.ts', '#bench/apps', 'platform imports no wing'],
  ['src/bench/apps/index.ts', '#server', 'nothing imports a door'],
  ['src/platform/queue/index.ts', '../../cli/main.ts', 'nothing imports a door'],
  ['src/server/index.ts', '../cli/main.ts', 'nothing imports a door'],
  ['src/bench/apps/index.ts', '#scaffold/engine', 'no arrow from bench/apps to scaffold/engine'],
  ['src/guidance/context/index.ts', '#agents/tools', 'no arrow from guidance/context to agents/tools'],
  ['src/misc/x.ts', '#bench/apps', 'misc is not a folder the map knows'],
])('%s may not import %s: %s', (path, specifier, reason) => {
  const rooms = ['bench/apps', 'server', 'scaffold/engine', 'agents/tools', 'platform/queue', 'guidance/context']
  const tree = {
    ...Object.fromEntries(rooms.map((room) => [`src/${room}/index.ts`, face])),
    'src/cli/main.ts': face,
    [path]: `\nimport type { x } from '${specifier}'\n`,
  }
  expect(check(tree)).toEqual([`${path}:2 arrows: imports '${specifier}': ${reason}`])
})

test.each([
  ['agents/engine', '#bench/apps'],
  ['bench/review', '#agents/llm'],
  ['testlab/load', '#bench/apps'],
])('%s may import %s', (room, specifier) => {
  const tree = {
    'src/bench/apps/index.ts': face,
    'src/agents/llm/index.ts': face,
    [`src/${room}/index.ts`]: `import { x } from '${specifier}'\n`,
  }
  expect(check(tree)).toEqual([])
})

test('sources import nothing outside src', () => {
  expect(check({ 'src/bench/apps/index.ts': "import '../../../scripts/x.ts'\n", 'scripts/x.ts': face })).toEqual([
    "src/bench/apps/index.ts:1 arrows: imports '../../../scripts/x.ts', outside src/",
  ])
})

test('other rooms are imported through their public face, also dynamically', () => {
  const tree = {
    'src/bench/apps/index.ts': face,
    'src/bench/apps/git.ts': face,
    'src/bench/check/check.ts': "export const f = async () => (await import('../apps/git.ts')).x\n",
  }
  expect(check(tree)).toEqual([
    "src/bench/check/check.ts:1 public faces: imports '../apps/git.ts' from inside another room; import '#bench/apps'",
  ])
})

test('files may not import each other in a circle; types may', () => {
  const circle = (kind: string) => ({
    'src/bench/apps/a.ts': "import { b } from './b.ts'\n",
    'src/bench/apps/b.ts': "\n\nexport { c } from './c.ts'\nexport const b = 1\n",
    'src/bench/apps/c.ts': `import ${kind}{ a } from './a.ts'\nexport const c = 1\n`,
  })
  expect(check(circle(''))).toEqual([
    'src/bench/apps/a.ts:1 no cycles: is in an import cycle: src/bench/apps/a.ts → src/bench/apps/b.ts → src/bench/apps/c.ts → src/bench/apps/a.ts',
  ])
  expect(check(circle('type '))).toEqual([])
})

test('rooms may not need each other in a circle, not even for types', () => {
  const tree = {
    'src/bench/apps/index.ts': "import type { x } from '#bench/syntax'\n",
    'src/bench/syntax/index.ts': "\nimport { x } from './y.ts'\n",
    'src/bench/syntax/y.ts': "import type { x } from '#bench/apps'\n",
    'src/bench/syntax/y.test.ts': "import type { x } from '#bench/check'\n",
    'src/bench/check/index.ts': "import type { x } from '#bench/syntax'\n",
  }
  expect(check(tree)).toEqual([
    'src/bench/apps/index.ts:1 no cycles: closes a cycle between rooms: bench/apps → bench/syntax → bench/apps',
  ])
})

test.each([
  ["import { readFile } from 'node:fs/promises'", "imports 'node:fs/promises'"],
  ["import { connect } from 'node:net'", "imports 'node:net'"],
  ["import { spawn } from 'node:child_process'", "imports 'node:child_process'"],
  ['const at = Date.now()', 'uses Date.now'],
  ['const at = new Date()', 'uses new Date()'],
  ['const p = Math.random()', 'uses Math.random'],
  ['const id = crypto.randomUUID()', 'uses crypto.randomUUID'],
  ["const home = process.env['HOME']", 'uses process'],
  ["const page = await fetch('x')", 'uses fetch'],
])('a pure room may not hold: %s', (text, message) => {
  const path = 'src/bench/statistics/x.ts'
  expect(check({ [path]: `// Date.now() in words\n${text}\n` })).toEqual([
    `${path}:2 purity: ${message}; bench/statistics is pure`,
  ])
})

test('a pure room may read a time it was handed, and name things as it likes', () => {
  const text = "export const at = (now: number) => ({ process: new Date(now), text: 'Math.random', x: a.fetch })\n"
  expect(check({ 'src/bench/statistics/x.ts': text })).toEqual([])
})

test("only a room's index.ts passes on what others export", () => {
  const tree = {
    'src/bench/apps/all.ts': "export * from './a.ts'\nexport { a } from './a.ts'\n",
    'src/bench/apps/index.ts': "export * from './all.ts'\n",
    'src/bench/apps/some.ts': "export { a } from './a.ts'\nexport const own = 1\n",
    'src/bench/apps/a.ts': face,
    'src/bench/apps/deep/index.ts': "export * from '../a.ts'\n",
  }
  expect(check(tree)).toEqual([
    "src/bench/apps/all.ts:1 no barrels: only passes on other files; only a room's index.ts may",
    "src/bench/apps/deep/index.ts:1 no barrels: only passes on other files; only a room's index.ts may",
  ])
})

test('the browser app imports no code of the server', () => {
  const tree = {
    'src/bench/findings/index.ts': face,
    'web/src/x.ts': "import type { x } from '../../src/bench/findings/index.ts'\n",
  }
  expect(check(tree)).toEqual([
    "web/src/x.ts:1 web apart: imports '../../src/bench/findings/index.ts', outside web/; the API's types are in web/src/api/client.gen.ts",
  ])
})

test('a long file needs a reason; tables and tests need none; a reason needs a long file', () => {
  const long = 'const x = 1\n'.repeat(301)
  const tree = {
    'src/bench/apps/long.ts': long,
    'src/bench/apps/known.ts': long,
    'src/bench/apps/just.ts': 'const x = 1\n'.repeat(300),
    'src/bench/apps/long.test.ts': long,
    'src/bench/apps/tables/names.ts': long,
  }
  expect(check(tree, { 'src/bench/apps/known.ts': 'One grammar.', 'src/bench/apps/gone.ts': 'Old.' })).toEqual([
    'scripts/architecture/map.ts:1 short files: gives a reason for src/bench/apps/gone.ts, which is not there',
    'src/bench/apps/long.ts:301 short files: has 301 lines, over 300; split it, or give the reason in scripts/architecture/map.ts',
  ])
})

test('imports are found in every form, and nowhere else', () => {
  const source = [
    "import 'side-effect'",
    "import one, { type Two } from 'static' with { type: 'json' }",
    "import type { T } from 'type'",
    "import type, { x } from 'named-type'",
    "export * as all from 'passed'",
    "export type { U } from 'passed-type'",
    "export { 'odd name' as odd } from 'odd'",
    "const lazy = () => import('dynamic')",
    "let v: import('type-query').V",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a template literal
    "const t = `import x from 'no' ${await import('in-template')} } import('no')`",
    "const r = /import 'no'[/']/.test(a) ? 1 / 2 : b / import.meta.n",
    "// import 'no'",
    "/* import 'no' */ const s = \"import 'no'\"",
    'export { local }',
    "export const from = 'no'",
    "loader.import('no')",
  ].join('\n')
  expect(importsOf(tokensOf(source)).map(({ line, kind, specifier }) => [line, kind, specifier])).toEqual([
    [1, 'static', 'side-effect'],
    [2, 'static', 'static'],
    [3, 'type', 'type'],
    [4, 'static', 'named-type'],
    [5, 'static', 'passed'],
    [6, 'type', 'passed-type'],
    [7, 'static', 'odd'],
    [8, 'dynamic', 'dynamic'],
    [9, 'dynamic', 'type-query'],
    [10, 'dynamic', 'in-template'],
  ])
})

test("the project's own sources are read", () => {
  const sources = readSources(`${import.meta.dirname}/../..`)
  expect(sources.get('scripts/architecture/check.test.ts')).toContain("the project's own sources are read")
  expect([...sources.keys()].filter((path) => path.includes('node_modules'))).toEqual([])
})
