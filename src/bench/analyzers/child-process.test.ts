import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { runChild } from './child-process.ts'

const cwd = tmpdir()

describe('runChild', () => {
  it('collects what the program prints and how it ended', async () => {
    const script = 'process.stdout.write("out"); process.stderr.write("err"); process.exitCode = 3'
    const result = await runChild(process.execPath, ['-e', script], { cwd, signal: new AbortController().signal })
    expect(result).toEqual({ code: 3, signal: null, stdout: 'out', stderr: 'err' })
  })

  it('hands down no environment but PATH and what it was given', async () => {
    process.env['ASSAY_TEST_SECRET'] = 'hidden'
    const script = 'process.stdout.write(String(process.env.ASSAY_TEST_SECRET) + process.env.GIVEN)'
    const result = await runChild(process.execPath, ['-e', script], {
      cwd,
      env: { GIVEN: 'yes' },
      signal: new AbortController().signal,
    })
    expect(result.stdout).toBe('undefinedyes')
  })

  it('kills the child and its children when aborted', async () => {
    const controller = new AbortController()
    const script = 'require("child_process").spawn("sleep", ["60"], { stdio: "inherit" }); setTimeout(() => {}, 60000)'
    const running = runChild(process.execPath, ['-e', script], { cwd, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('stop now')), 300)
    await expect(running).rejects.toThrow('stop now')
  })

  it('fails when there is no such program', async () => {
    await expect(
      runChild('/nonexistent/program', [], { cwd, signal: new AbortController().signal }),
    ).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
