import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { kindsOf } from '../analysis/kinds.ts'
import { dataflow } from '../index.ts'
import { rules } from '../models/rules.ts'

const page = readFileSync(new URL('../../../../../docs/data-flow-models.md', import.meta.url), 'utf8')

function block(language: string): string {
  const code = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1]
  if (code === undefined) throw new Error(`The page has no ${language} block.`)
  return code
}

test('the example of the page does what the page says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-models-'))
  try {
    writeFileSync(join(folder, 'assay.config.ts'), block('ts'))
    const config = await import(pathToFileURL(join(folder, 'assay.config.ts')).href)
    const options = { models: config.default.dataflow }
    const { findings } = await analyzeFiles(dataflow, { 'app.py': block('python') }, options)
    const line = (location: (typeof findings)[number]['location']) =>
      location.kind === 'file' ? `${location.path}:${location.region?.startLine}` : ''
    const said = findings.map(({ location, message, evidence }) => {
      const places = [...new Set(evidence?.path?.map((step) => line(step.location)))]
      return `${line(location)} ${message}\n${places.join(' → ').replaceAll(' → app.py', ' → ')}\n`
    })
    expect(said.join('')).toBe(block('text'))
    expect(findings[0]?.fix).toBe('Give the values to query() as its second argument.')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('the kinds and rules the page names are there', () => {
  const table = page.slice(page.indexOf('## Kinds of danger'))
  const kinds = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) => cell.match(/(?<=`)[\w-]+(?=`)/g) ?? [])
  expect(kinds.length).toBeGreaterThan(20)
  for (const kind of kinds) expect([kind, kindsOf(kind as Parameters<typeof kindsOf>[0]) !== 0]).toEqual([kind, true])
  const [, named = ''] = /^`rule` is a rule of the analyzer, (.*?);/ms.exec(page) ?? []
  for (const [id] of named.matchAll(/(?<=`)[\w-]+(?=`)/g)) expect(rules.has(id)).toBe(true)
})
