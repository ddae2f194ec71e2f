import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

/** Whole files: those with the weakness, and those without. */
export interface Programs {
  readonly vulnerable: readonly string[]
  readonly safe: readonly string[]
}

/** One test a program: whether the rule finds something in it of more than low confidence. */
export function testPrograms(path: string, programs: Readonly<Record<string, Programs>>): void {
  for (const [rule, { vulnerable, safe }] of Object.entries(programs)) {
    for (const [isFound, texts] of [
      [true, vulnerable],
      [false, safe],
    ] as const) {
      test.each(texts)(`${rule}: ${isFound ? 'found' : 'not found'} in %s`, async (text) => {
        const { findings } = await analyzeFiles(dataflow, { [path]: text })
        const sure = findings.filter((finding) => finding.rule === rule && finding.confidence !== 'low')
        expect(sure.length > 0).toBe(isFound)
      })
    }
  }
}
