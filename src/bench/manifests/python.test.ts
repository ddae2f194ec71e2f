import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEnvironmentYml } from './environment-yml.ts'
import { parsePipfile, parsePipfileLock } from './pipfile.ts'
import { parsePyproject } from './pyproject.ts'
import { parsePythonLock } from './python-lock.ts'
import { parseRequirement } from './requirement.ts'
import { parseRequirements } from './requirements-txt.ts'
import { parseSetupCfg } from './setup-cfg.ts'
import { parseSetupPy } from './setup-py.ts'

const short = (one: { name: string; specifier: string; kind: string; line: number }) =>
  `${one.line} ${one.kind} ${one.name} ${one.specifier}`

describe('requirements files', () => {
  test('everything pip understands', () => {
    const text = `# web
Flask==3.0.0  # the framework
requests[socks]>=2.8.1,<3 ; python_version < "3.12"
zope.interface
certifi==2024.2.2 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
-r base.txt
--extra-index-url https://example.org/simple
git+https://github.com/u/r.git@main#egg=My_Pkg
tool @ https://example.org/tool.zip
-e .
`
    const read = parseRequirements('requirements.txt', '', text, (path) =>
      path === 'base.txt' ? 'six\n-r requirements.txt' : undefined,
    )
    expect(read.declarations.map((one) => `${one.file} ${short(one)} ${one.pinned ?? '-'} ${one.source}`)).toEqual([
      'requirements.txt 2 runtime flask ==3.0.0 3.0.0 registry',
      'requirements.txt 3 runtime requests >=2.8.1,<3 - registry',
      'requirements.txt 4 runtime zope-interface  - registry',
      'requirements.txt 5 runtime certifi ==2024.2.2 2024.2.2 registry',
      'base.txt 1 runtime six  - registry',
      'requirements.txt 10 runtime my-pkg git+https://github.com/u/r.git@main#egg=My_Pkg - git',
      'requirements.txt 11 runtime tool https://example.org/tool.zip - url',
    ])
    expect(read.declarations[1]).toMatchObject({ extras: ['socks'], marker: 'python_version < "3.12"' })
    expect(read).toMatchObject({ problems: [], otherIndex: true })
  })

  test('lines pip refuses are problems of their place', () => {
    const text = '```\nflask\nflask=2.0\nHere are the requirements:\n-r missing.txt\n--frob\n'
    const read = parseRequirements('requirements.txt', '', text, () => undefined)
    expect(read.declarations.map((one) => one.name)).toEqual(['flask'])
    expect(read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      '1:1 expected a package name',
      '3:6 "=2.0" is no version specifier (PEP 440)',
      '4:6 "are the requirements:" is no version specifier (PEP 440)',
      '5:1 includes missing.txt, which is not in the app',
      '6:1 "--frob" is no option pip knows in a requirements file',
    ])
  })

  test('files named after development hold development dependencies', () => {
    expect(parseRequirements('requirements-dev.txt', '', 'black', () => undefined).declarations[0]?.kind).toBe('dev')
    expect(parseRequirements('requirements/test.txt', '', 'x', () => undefined).declarations[0]?.kind).toBe('dev')
    expect(parseRequirements('device/requirements.txt', '', 'x', () => undefined).declarations[0]?.kind).toBe('runtime')
  })

  test('a requirement is read back from its parts', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}([-_.][A-Za-z0-9]{1,5})?$/)
    const version = fc.stringMatching(/^[1-9]\.[0-9]{1,2}(\.[0-9])?$/)
    const operator = fc.constantFrom('==', '>=', '<=', '~=', '!=', '>', '<')
    fc.assert(
      fc.property(name, operator, version, fc.constantFrom('', ' '), (of, op, at, gap) => {
        const result = parseRequirement(`${of}${gap}${op}${gap}${at}`)
        expect(result).toMatchObject({
          kind: 'requirement',
          requirement: {
            name: of.replace(/[-_.]+/g, '-').toLowerCase(),
            specifier: `${op}${gap}${at}`,
            source: 'registry',
          },
        })
      }),
      { seed: 508, numRuns: 500 },
    )
  })

  test('never throws, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(parseRequirements('requirements.txt', '', text, () => undefined).format).toBe('requirements')
      }),
      { seed: 508, numRuns: 500 },
    )
  })
})

describe('pyproject.toml', () => {
  test('PEP 621 and dependency groups', () => {
    const text = `[project]
name = "My_App"
requires-python = ">=3.11"
license = "MIT"
dependencies = [
  "fastapi>=0.100",
  "uvicorn[standard]==0.30.0",
]
[project.optional-dependencies]
s3 = ["boto3"]
dev = ["pytest"]
[dependency-groups]
lint = ["ruff"]
`
    const read = parsePyproject('pyproject.toml', '', text)
    expect(read?.declarations.map(short)).toEqual([
      '6 runtime fastapi >=0.100',
      '7 runtime uvicorn ==0.30.0',
      '10 optional boto3 ',
      '11 dev pytest ',
      '13 dev ruff ',
    ])
    expect(read).toMatchObject({ ownName: 'my-app', ownLicence: 'MIT', python: '3.11', problems: [] })
  })

  test('Poetry', () => {
    const text = `[tool.poetry]
name = "x"
[tool.poetry.dependencies]
python = "^3.12"
Django = "^5.0"
requests = {version = "2.31.0", extras = ["socks"]}
fork = {git = "https://github.com/u/fork.git"}
bad = "about two"
[tool.poetry.group.dev.dependencies]
pytest = "*"
`
    const read = parsePyproject('pyproject.toml', '', text)
    expect(read?.declarations.map((one) => `${short(one)} ${one.pinned ?? '-'} ${one.source}`)).toEqual([
      '5 runtime django ^5.0 - registry',
      '6 runtime requests 2.31.0 2.31.0 registry',
      '7 runtime fork https://github.com/u/fork.git - git',
      '10 dev pytest  - registry',
    ])
    expect(read?.problems).toEqual([
      { file: 'pyproject.toml', line: 8, column: 1, message: 'the constraint of "bad" is none Poetry understands' },
    ])
  })

  test('configuration only is no manifest; broken TOML has a place', () => {
    expect(parsePyproject('pyproject.toml', '', '[tool.ruff]\nline-length = 100\n')).toBeUndefined()
    expect(() => parsePyproject('pyproject.toml', '', '[project]\nname = \n')).toThrow(
      expect.objectContaining({ line: 2 }),
    )
  })
})

test('Pipfile and Pipfile.lock', () => {
  const pipfile =
    '[[source]]\nurl = "https://pypi.org/simple"\n[packages]\nflask = "*"\n"ruamel.yaml" = "==0.18.5"\n[dev-packages]\npytest = {version = ">=8"}\n[requires]\npython_version = "3.11"\n'
  const read = parsePipfile('Pipfile', '', pipfile)
  expect(read.declarations.map(short)).toEqual([
    '4 runtime flask ',
    '5 runtime ruamel-yaml ==0.18.5',
    '7 dev pytest >=8',
  ])
  expect(read).toMatchObject({ python: '3.11' })
  expect(read.otherIndex).toBeUndefined()
  const lock = '{\n"default": {\n"flask": {"version": "==3.0.0"}\n},\n"develop": {"pytest": {"version": "==8.0.0"}}\n}'
  expect(
    parsePipfileLock('Pipfile.lock', '', lock).locked.map(
      (one) => `${one.line} ${one.kind} ${one.name} ${one.version}`,
    ),
  ).toEqual(['3 runtime flask 3.0.0', '5 dev pytest 8.0.0'])
})

test('poetry.lock and uv.lock', () => {
  const text =
    '[[package]]\nname = "flask"\nversion = "3.0.0"\n\n[[package]]\nname = "app"\nversion = "0.1.0"\nsource = { editable = "." }\n\n[[package]]\nname = "fork"\nversion = "1.0"\nsource = { git = "https://x/y" }\n'
  expect(
    parsePythonLock('uv.lock', '', text).locked.map((one) => `${one.line} ${one.name} ${one.version} ${one.source}`),
  ).toEqual(['2 flask 3.0.0 registry', '11 fork 1.0 git'])
})

test('setup.cfg', () => {
  const text =
    '[metadata]\nname = my_app\n[options]\npython_requires = >=3.9\ninstall_requires =\n    flask>=2\n    requests\n[options.extras_require]\ns3 = boto3\n'
  const read = parseSetupCfg('setup.cfg', '', text)
  expect(read?.declarations.map(short)).toEqual(['6 runtime flask >=2', '7 runtime requests ', '9 optional boto3 '])
  expect(read).toMatchObject({ ownName: 'my-app', python: '3.9' })
  expect(parseSetupCfg('setup.cfg', '', '[flake8]\nmax-line-length = 100\n')).toBeUndefined()
})

test('setup.py: literals are read, nothing is run', async () => {
  const text =
    'from setuptools import setup\nneeds = ["flask>=2"]\nsetup(\n  name="App_X",\n  install_requires=needs,\n  extras_require={"s3": ["boto3"]},\n  tests_require=open("t").read(),\n)\n'
  const read = await parseSetupPy('setup.py', '', text)
  expect(read.declarations.map(short)).toEqual(['2 runtime flask >=2', '6 optional boto3 '])
  expect(read).toMatchObject({ ownName: 'app-x', dynamic: 'tests_require in line 7 is computed' })
})

test('environment.yml', () => {
  const text =
    'name: x\ndependencies:\n  - python=3.11\n  - conda-forge::numpy=1.26.4\n  - pip:\n      - flask==3.0.0\n'
  const read = parseEnvironmentYml('environment.yml', '', text)
  expect(read?.declarations.map(short)).toEqual(['4 runtime numpy =1.26.4', '6 runtime flask ==3.0.0'])
  expect(read?.python).toBe('3.11')
})
