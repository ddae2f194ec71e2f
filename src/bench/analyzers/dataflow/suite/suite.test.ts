import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, type SyntaxLanguage } from '#bench/syntax'
import { type Case, unmark } from './case.ts'
import { composeSuite } from './compose.ts'
import { parseCases, printCases } from './format.ts'
import { isFurther } from './fragments/further.ts'
import { loadSuite } from './load.ts'
import { frameworkNames, pairs } from './pairs.ts'

const open = loadSuite('open')
const heldBack = loadSuite('held-back')
const all = [...open, ...heldBack]

const grammars: Readonly<Record<string, SyntaxLanguage>> = {
  '.py': 'python',
  '.js': 'javascript',
  '.jsx': 'javascript',
  '.ts': 'typescript',
  '.tsx': 'tsx',
}
const grammarOf = (path: string) => grammars[path.slice(path.lastIndexOf('.'))]

function countBy(cases: readonly Case[], keyOf: (one: Case) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const one of cases) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  return counts
}

describe('the cases', () => {
  test('every weakness that makes sense in a framework has six vulnerable and six safe cases there', () => {
    const counts = countBy(all, (one) => `${one.framework}/${one.weakness} ${one.vulnerable}`)
    const sensible = pairs.flatMap(({ weakness, frameworks }) => frameworks.map((name) => `${name}/${weakness}`))
    const thin = sensible.filter(
      (pair) => (counts.get(`${pair} true`) ?? 0) < 6 || (counts.get(`${pair} false`) ?? 0) < 6,
    )
    expect(thin).toEqual([])
    const others = [...new Set(all.map((one) => `${one.framework}/${one.weakness}`))]
    expect(others.filter((pair) => !sensible.includes(pair))).toEqual([])
    expect(all.length).toBeGreaterThanOrEqual(800)
  })

  test('of every weakness it is said why the other frameworks have none', () => {
    for (const { weakness, frameworks, without } of pairs) {
      const named = [...frameworks, ...without.flatMap(([names]) => names)]
      expect([...named].sort(), weakness).toEqual([...frameworkNames].sort())
    }
  })

  test('vulnerable and safe cases are about as many', () => {
    const vulnerable = all.filter((one) => one.vulnerable).length
    expect(Math.abs(vulnerable / all.length - 0.5)).toBeLessThan(0.05)
  })

  test('no two cases share an id or their files', () => {
    expect(new Set(all.map((one) => one.id)).size).toBe(all.length)
    const byContent = Map.groupBy(all, (one) => `${one.weakness} ${JSON.stringify(one.files)}`)
    expect([...byContent.values()].filter((same) => same.length > 1).map((same) => same.map((one) => one.id))).toEqual(
      [],
    )
  })

  test('every program parses without an error', async () => {
    const broken: string[] = []
    for (const one of all) {
      for (const [path, content] of Object.entries(one.files)) {
        const grammar = grammarOf(path)
        if (grammar !== undefined && (await parse(grammar, content)).rootNode.hasError) broken.push(`${one.id} ${path}`)
      }
    }
    expect(broken).toEqual([])
  })

  test('no marker is left, and sinks are at lines with code', () => {
    for (const one of all) {
      for (const content of Object.values(one.files)) expect(content).not.toContain('! sink')
      expect(one.sink === undefined).toBe(!one.vulnerable)
      if (one.sink === undefined) continue
      const line = one.files[one.sink.path]?.split('\n')[one.sink.line - 1] ?? ''
      expect(line.trim(), one.id).not.toBe('')
    }
  })

  test('every import is used', () => {
    const unused = all.flatMap((one) =>
      Object.entries(one.files).flatMap(([path, content]) =>
        importedNames(path, content)
          .filter(
            (name) => content.match(new RegExp(`(?<![\\w$])${name.replace('$', '\\$')}(?![\\w$])`, 'g'))?.length === 1,
          )
          .map((name) => `${one.id} ${name}`),
      ),
    )
    expect(unused).toEqual([])
  })
})

describe('the halves', () => {
  /** The open half as it was when the other one was closed. */
  const first = open.filter((one) => !isFurther(one))

  test('hold the cases of every weakness of a framework evenly', () => {
    const key = (one: Case) => `${one.framework}/${one.weakness} ${one.vulnerable}`
    const [inOpen, inHeldBack] = [countBy(first, key), countBy(heldBack, key)]
    const uneven = [...new Set([...inOpen.keys(), ...inHeldBack.keys()])].filter(
      (group) => Math.abs((inOpen.get(group) ?? 0) - (inHeldBack.get(group) ?? 0)) > 1,
    )
    expect(uneven).toEqual([])
  })

  test('hold every kind of variant in similar number', () => {
    const key = (one: Case) => one.variant
    const [inOpen, inHeldBack] = [countBy(first, key), countBy(heldBack, key)]
    const frequent = [...countBy([...first, ...heldBack], key)]
      .filter(([, count]) => count >= 12)
      .map(([variant]) => variant)
    expect(frequent.length).toBeGreaterThan(60)
    const uneven = frequent.filter((variant) => {
      const [one, other] = [inOpen.get(variant) ?? 0, inHeldBack.get(variant) ?? 0]
      return Math.abs(one - other) > 0.2 * (one + other)
    })
    expect(uneven).toEqual([])
  })
})

describe('the written form', () => {
  test('is what the composer writes', () => {
    for (const [half, files] of Object.entries(composeSuite())) {
      for (const [path, cases] of files) {
        expect(readFileSync(join(import.meta.dirname, half, path), 'utf8'), path).toBe(printCases(cases))
      }
    }
  })

  test('is read as it was written', () => {
    const text = [
      '=== flask/sql-injection/direct-1',
      'cwe: 89',
      'vulnerable: yes',
      'why: It is read.',
      '--- app.py',
      'import db',
      '',
      'db.run(input())  #! sink',
      '',
    ].join('\n')
    const cases = parseCases(text)
    expect(printCases(cases)).toBe(text)
    expect(cases.map(unmark)).toEqual([
      {
        id: 'flask/sql-injection/direct-1',
        framework: 'flask',
        weakness: 'sql-injection',
        variant: 'direct',
        cwe: 89,
        vulnerable: true,
        why: 'It is read.',
        files: { 'app.py': 'import db\n\ndb.run(input())\n' },
        sink: { path: 'app.py', line: 3 },
      },
    ])
  })

  test('a safe case with a marker and a vulnerable one without are refused', () => {
    const marked = (vulnerable: boolean, content: string) => ({
      id: 'a/xss/b-1',
      framework: 'a',
      weakness: 'xss' as const,
      variant: 'b',
      cwe: 79,
      vulnerable,
      why: 'c',
      files: { 'a.js': content },
    })
    expect(() => unmark(marked(false, 'x()  //! sink\n'))).toThrow('1 sink markers, expected 0')
    expect(() => unmark(marked(true, 'x()\n'))).toThrow('0 sink markers, expected 1')
  })
})

/** Names the imports at the top of a file bring in. */
function importedNames(path: string, content: string): string[] {
  const python = path.endsWith('.py')
  return content.split('\n').flatMap((line) => {
    const listed = python
      ? (/^from \S+ import (.+)$/.exec(line)?.[1] ?? /^import (.+)$/.exec(line)?.[1]?.replace(/\.\w+/g, ''))
      : (/^import (?:type )?\{ (.+) \} from/.exec(line)?.[1] ?? /^const \{ (.+) \} = require/.exec(line)?.[1])
    const whole = python
      ? undefined
      : (/^import (?:\* as )?(\w+) from/.exec(line)?.[1] ?? /^const (\w+) = require\(/.exec(line)?.[1])
    const names = whole === undefined ? (listed ?? '').split(', ') : [whole]
    return names.map((name) => name.replace(/^type /, '').replace(/^.*( as |: )/, '')).filter((name) => name !== '')
  })
}
