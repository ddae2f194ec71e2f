import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

/**
 * One test per app: the lines at which a rule finds something with medium or high confidence are exactly those with a
 * comment `BAD`, as `path:line`.
 */
export function testMarked(rule: string, apps: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  for (const [name, files] of Object.entries(apps)) {
    test(`${rule}: ${name}`, async () => {
      const { findings } = await analyzeFiles(dataflow, files)
      const found = findings.flatMap(({ rule: each, location, confidence }) =>
        each === rule && confidence !== 'low' && location.kind === 'file'
          ? [`${location.path}:${location.region?.startLine ?? 0}`]
          : [],
      )
      expect([...new Set(found)].sort()).toEqual(markedLines(files))
    })
  }
}

function markedLines(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files)
    .flatMap(([path, text]) =>
      text.split('\n').flatMap((line, at) => (/(?:\/\/|#) BAD\b/.test(line) ? [`${path}:${at + 1}`] : [])),
    )
    .sort()
}
