import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** A program that does nothing but check a folder: no server, timer or terminal keeps it from ending. */
const program = `
import { checkProject } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
const [folder, cache] = process.argv.slice(1)
const report = await checkProject(folder, {
  analyzers: ['complexity'], cache, network: false, parallel: 1, version: '0', now: () => 0,
  signal: new AbortController().signal,
})
console.log(report.analyses[0].outcome)
`

test('ends by itself, with its report, when nothing else keeps the program running', () => {
  const home = mkdtempSync(join(tmpdir(), 'assay-check-test-'))
  try {
    writeFileSync(join(home, 'app.py'), 'print(1)\n')
    const ended = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program, home, join(home, '.cache')],
      { encoding: 'utf8', cwd: import.meta.dirname },
    )
    expect({ status: ended.status, stdout: ended.stdout, stderr: ended.stderr }).toEqual({
      status: 0,
      stdout: 'completed\n',
      stderr: '',
    })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}, 30_000)
