import { describe, expect, test } from 'vitest'
import { parsePackageJson, readNpmRange } from './package-json.ts'
import { parsePackageLock } from './package-lock.ts'
import { parsePnpmLock } from './pnpm-lock.ts'
import { parseYarnLock } from './yarn-lock.ts'

describe('package.json', () => {
  test('gives each dependency with its kind and line', () => {
    const text = `{
  "name": "shop",
  "dependencies": {
    "express": "^4.18.0",
    "left": "npm:left-pad@1.3.0"
  },
  "devDependencies": { "vitest": "1.2.3" },
  "peerDependencies": { "react": ">=17" },
  "optionalDependencies": { "fork": "github:user/fork#main" }
}`
    expect(parsePackageJson('web/package.json', 'web', text).declarations).toEqual([
      {
        ecosystem: 'npm',
        name: 'express',
        specifier: '^4.18.0',
        source: 'registry',
        kind: 'runtime',
        file: 'web/package.json',
        line: 4,
      },
      {
        ecosystem: 'npm',
        name: 'left-pad',
        alias: 'left',
        specifier: '1.3.0',
        pinned: '1.3.0',
        source: 'registry',
        kind: 'runtime',
        file: 'web/package.json',
        line: 5,
      },
      {
        ecosystem: 'npm',
        name: 'vitest',
        specifier: '1.2.3',
        pinned: '1.2.3',
        source: 'registry',
        kind: 'dev',
        file: 'web/package.json',
        line: 7,
      },
      {
        ecosystem: 'npm',
        name: 'fork',
        specifier: 'github:user/fork#main',
        source: 'git',
        kind: 'optional',
        file: 'web/package.json',
        line: 9,
      },
      {
        ecosystem: 'npm',
        name: 'react',
        specifier: '>=17',
        source: 'registry',
        kind: 'peer',
        file: 'web/package.json',
        line: 8,
      },
    ])
  })

  test('reports what npm would refuse, with its place', () => {
    const text =
      '{\n  "dependencies": {\n    "React App": "1",\n    "x": 3,\n    "y": "not a range!"\n  },\n  "devDependencies": []\n}'
    expect(parsePackageJson('package.json', '', text).problems).toEqual([
      { file: 'package.json', line: 3, column: 5, message: '"React App" is not a package name npm accepts' },
      { file: 'package.json', line: 4, column: 10, message: 'the range of "x" must be a string' },
      { file: 'package.json', line: 5, column: 10, message: '"not a range!" is no range npm understands (for "y")' },
      { file: 'package.json', line: 7, column: 22, message: '"devDependencies" must be an object of names and ranges' },
    ])
  })

  test.each([
    ['file:../lib', 'path'],
    ['workspace:*', 'path'],
    ['patch:renderjson@npm%3A1.4.0#~/.yarn/patches/renderjson.patch', 'path'],
    ['git+ssh://git@host/x.git', 'git'],
    ['user/repo#v1', 'git'],
    ['https://host/x.tgz', 'url'],
    ['latest', 'registry'],
    ['>=1 <2 || ^3', 'registry'],
  ])('%s comes from: %s', (range, source) => {
    expect(readNpmRange('x', range)?.source).toBe(source)
  })
})

describe('npm lock files', () => {
  test('version 3: paths, nesting, links, facts', () => {
    const text = JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { name: 'app' },
        'node_modules/a': { version: '1.0.0', license: 'MIT', hasInstallScript: true },
        'node_modules/a/node_modules/@s/b': { version: '2.0.0', dev: true, deprecated: 'gone' },
        'node_modules/local': { resolved: 'packages/local', link: true },
        'node_modules/fork': { version: '1.1.0', resolved: 'git+ssh://git@github.com/u/fork.git#abc' },
      },
    })
    expect(parsePackageLock('package-lock.json', '', text).locked).toEqual([
      {
        ecosystem: 'npm',
        name: 'a',
        version: '1.0.0',
        kind: 'runtime',
        source: 'registry',
        hoisted: true,
        licence: 'MIT',
        installScript: true,
        file: 'package-lock.json',
        line: 1,
      },
      {
        ecosystem: 'npm',
        name: '@s/b',
        version: '2.0.0',
        kind: 'dev',
        source: 'registry',
        hoisted: false,
        deprecated: 'gone',
        file: 'package-lock.json',
        line: 1,
      },
      {
        ecosystem: 'npm',
        name: 'fork',
        version: '1.1.0',
        kind: 'runtime',
        source: 'git',
        hoisted: true,
        file: 'package-lock.json',
        line: 1,
      },
    ])
  })

  test('version 1: nested dependencies', () => {
    const text =
      '{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","dependencies":{"b":{"version":"2.0.0","dev":true}}}}}'
    const names = parsePackageLock('package-lock.json', '', text).locked.map((one) => [
      one.name,
      one.version,
      one.kind,
      one.hoisted,
    ])
    expect(names).toEqual([
      ['a', '1.0.0', 'runtime', true],
      ['b', '2.0.0', 'dev', false],
    ])
  })

  test('something else is refused', () => {
    expect(() => parsePackageLock('package-lock.json', '', '{"a":1}')).toThrow('no npm lock file')
  })

  test('yarn 1 and later', () => {
    const first =
      '# yarn lockfile v1\n\n"@babel/core@^7.0.0", "@babel/core@^7.1.0":\n  version "7.23.0"\n  resolved "https://registry.yarnpkg.com/x.tgz"\n\nms@2.1.3:\n  version "2.1.3"\n'
    expect(parseYarnLock('yarn.lock', '', first).locked.map((one) => `${one.name} ${one.version} ${one.line}`)).toEqual(
      ['@babel/core 7.23.0 3', 'ms 2.1.3 7'],
    )
    const later =
      '__metadata:\n  version: 8\n\n"app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "app@workspace:."\n\n"ms@npm:^2.0.0":\n  version: 2.1.3\n  resolution: "ms@npm:2.1.3"\n'
    expect(
      parseYarnLock('yarn.lock', '', later).locked.map((one) => `${one.name} ${one.version} ${one.source}`),
    ).toEqual(['ms 2.1.3 registry'])
  })

  test.each([
    [
      '9',
      "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ms:\n        specifier: ^2\n        version: 2.1.3\npackages:\n  '@s/x@1.0.0':\n    deprecated: old\n  ms@2.1.3:\n    resolution: {integrity: x}\n",
    ],
    [
      '6',
      "lockfileVersion: '6.0'\ndependencies:\n  ms:\n    specifier: ^2\n    version: 2.1.3\npackages:\n  /@s/x@1.0.0(react@18.0.0):\n    deprecated: old\n  /ms@2.1.3:\n    dev: false\n",
    ],
    [
      '5',
      'lockfileVersion: 5.4\ndependencies:\n  ms: 2.1.3\npackages:\n  /@s/x/1.0.0_react@18.0.0:\n    deprecated: old\n  /ms/2.1.3:\n    dev: false\n',
    ],
  ])('pnpm %s', (_version, text) => {
    const read = parsePnpmLock('pnpm-lock.yaml', '', text).locked.map((one) => [
      one.name,
      one.version,
      one.hoisted,
      one.deprecated,
    ])
    expect(read).toEqual([
      ['@s/x', '1.0.0', false, 'old'],
      ['ms', '2.1.3', true, undefined],
    ])
  })
})
