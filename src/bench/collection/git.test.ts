import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeFiles } from '../apps/testing.ts'
import { cloneRepository } from './git.ts'

const home = mkdtempSync(join(tmpdir(), 'assay-git-'))
const hasGit = spawnSync('git', ['--version']).status === 0
const all = 'https:http:ssh:git:file'
const bare = join(home, 'apps.git')
const marker = join(home, 'executed')
let count = 0

function git(folder: string, ...args: string[]): void {
  execFileSync(
    'git',
    ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'protocol.file.allow=always', ...args],
    {
      cwd: folder,
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], HOME: home },
    },
  )
}

describe.skipIf(!hasGit)('git', () => {
  beforeAll(() => {
    const work = join(home, 'work')
    const inner = join(home, 'inner')
    for (const folder of [work, inner]) {
      mkdirSync(folder)
      git(folder, 'init', '-q', '-b', 'main')
    }
    writeFiles(inner, { 'inner.py': 'x' })
    git(inner, 'add', '.')
    git(inner, 'commit', '-qm', 'inner')
    writeFiles(work, { 'app1/app.py': 'print(1)\n', '.gitattributes': '*.py filter=evil\n' })
    git(work, 'submodule', 'add', '-q', inner, 'sub')
    execFileSync('ln', ['-s', '/etc/passwd', join(work, 'app1', 'link')])
    git(work, 'add', '.')
    git(work, 'commit', '-qm', 'one')
    git(work, 'tag', 'v1')
    writeFiles(work, { 'app1/app.py': 'print(2)\n' })
    git(work, 'commit', '-qam', 'two')
    git(home, 'clone', '-q', '--bare', work, bare)
    const hook = join(bare, 'hooks', 'post-checkout')
    writeFileSync(hook, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 })
    // What a template or configuration of the user would run is theirs; what the repository brings must not run.
    git(bare, 'config', 'filter.evil.smudge', `touch ${marker}; cat`)
    git(bare, 'config', 'uploadpack.packObjectsHook', `touch ${marker}`)
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))

  const clone = async (url: string, ref?: string, protocols = all, signal?: AbortSignal) => {
    const folder = join(home, `clone-${++count}`)
    await cloneRepository({ url, ref }, folder, protocols, signal)
    return folder
  }

  test('takes the newest commit, or the one named, and runs nothing of it', async () => {
    const newest = await clone(`file://${bare}`)
    expect(readFileSync(join(newest, 'app1/app.py'), 'utf8')).toBe('print(2)\n')
    expect(readFileSync(join(await clone(`file://${bare}`, 'v1'), 'app1/app.py'), 'utf8')).toBe('print(1)\n')
    expect(readdirSync(join(newest, 'sub'))).toEqual([])
    // A link is a file that holds where it would lead.
    expect(readFileSync(join(newest, 'app1/link'), 'utf8')).toBe('/etc/passwd')
    expect(existsSync(marker)).toBe(false)
  })

  test('refuses what is no address, no branch, no allowed transport', async () => {
    const helpers = [`ext::sh -c 'touch ${marker}'`, 'fd::3', 'ftp://127.0.0.1/x', 'EXT::x']
    for (const url of ['-u', '--upload-pack=touch x', '-oProxyCommand=x', ...helpers])
      await expect(clone(url)).rejects.toThrow(`${url} is not the address of a repository.`)
    for (const url of [bare, `file://${bare}`, '.', '../apps.git', 'http://127.0.0.1/x', 'git://127.0.0.1/x'])
      await expect(clone(url, undefined, 'https:ssh')).rejects.toThrow(`${url} is not the address of a repository.`)
    await expect(clone(`file://${bare}`, '--upload-pack=x')).rejects.toThrow('is not the address of a repository.')
    await expect(clone(`file://${bare}\nx`)).rejects.toThrow('is not the address of a repository.')
    await expect(clone(`file://${bare}`, 'nowhere')).rejects.toMatchObject({
      name: 'InvalidInput',
      message: expect.stringMatching(/^Cannot clone file:.*: fatal: Remote branch nowhere not found/),
      next: 'Check the address, the branch, and your access to it.',
    })
    await expect(clone(`file://${home}/none.git`)).rejects.toThrow(/^Cannot clone file:/)
    await expect(clone('ssh://-oProxyCommand=touch/y')).rejects.toThrow(/^Cannot clone ssh:.*blocked/)
    expect(existsSync(marker)).toBe(false)
  })

  test('never tells the password of an address', async () => {
    const failure = await clone('http://ada:hunter2@127.0.0.1:1/x.git').catch((error) => error)
    expect(failure.message).toMatch(/^Cannot clone http:\/\/127\.0\.0\.1:1\/x\.git: /)
    expect(`${failure.message}${failure.next}${failure.stack}`).not.toContain('hunter2')
  })

  test('is cancelled while a server keeps it waiting', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const started = Date.now()
    await expect(clone(`http://127.0.0.1:${port}/x.git`, undefined, all, AbortSignal.timeout(500))).rejects.toThrow()
    expect(Date.now() - started).toBeLessThan(5000)
    silent.close()
  })
})
