import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

/**
 * Small apps with what a rule shall say of each line: `marked/<rule>.apps` holds files (`=== path` and their text), and
 * a line that ends in `#! wrong` or `//! wrong` is reported with medium or high confidence, one that ends in
 * `! perhaps` with low, every other line not at all.
 */
const folder = join(import.meta.dirname, 'marked')
const mark = /[ \t]*(?:#|\/\/)! (wrong|perhaps)$/

for (const name of readdirSync(folder).sort()) {
  const rule = name.replace(/\.apps$/, '')
  const apps = readFileSync(join(folder, name), 'utf8').split(/^=== /m).slice(1)
  apps.forEach((app, at) => {
    const [path = '', ...lines] = app.split('\n')
    test(`${rule} in app ${at + 1}, ${path}`, async () => {
      const plain = lines.map((line) => line.replace(mark, ''))
      const { findings } = await analyzeFiles(dataflow, { [path]: plain.join('\n') })
      const found = new Map<number, string>()
      for (const { rule: of, location, confidence } of findings) {
        const line = location.kind === 'file' ? (location.region?.startLine ?? 0) : 0
        if (of !== rule || found.get(line) === 'wrong') continue
        found.set(line, confidence === 'low' ? 'perhaps' : 'wrong')
      }
      const said = plain.map((line, index) => `${line}${found.has(index + 1) ? `  ! ${found.get(index + 1)}` : ''}`)
      expect(said).toEqual(lines.map((line) => line.replace(mark, '  ! $1')))
    })
  })
}
