import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { processRunner } from '../process/runner.ts'

const { available } = await processRunner.examine(AbortSignal.timeout(30_000))

test.skipIf(!available)('a process that has had sandboxes ends by itself', async () => {
  const script = `
    const { processRunner } = await import(${JSON.stringify(join(import.meta.dirname, '..', 'process', 'runner.ts'))})
    const sandbox = await processRunner.start({ signal: new AbortController().signal })
    await sandbox.stop()
    console.log('stopped')`
  const ended = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 30_000 })
  expect(ended.stdout).toBe('stopped\n')
})
