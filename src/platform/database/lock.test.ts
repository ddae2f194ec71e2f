import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { lockDirectory } from './lock.ts'

const home = mkdtempSync(join(tmpdir(), 'assay-lock-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Another process that locks the folder, tells `locked` or the message, and waits to be killed. */
function other(folder: string) {
  const script = `
    import { lockDirectory } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))}
    await lockDirectory(process.argv[1]).then(() => console.log('locked'), (error) => console.log(error.message))
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const said = (async () => {
    for await (const line of createInterface({ input: child.stdout })) return line
    return 'nothing'
  })()
  return {
    pid: child.pid,
    said,
    async kill(): Promise<void> {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('one process at a time has a folder; the other is told which', async () => {
  const folder = join(home, 'two')
  const lock = await lockDirectory(folder)
  const second = other(folder)
  expect(await second.said).toBe(`Another Assay process (pid ${process.pid}) is using the data directory ${folder}.`)
  await second.kill()
  await expect(lockDirectory(folder)).rejects.toMatchObject({
    name: 'Conflict',
    next: 'Use that one, stop it, or choose another directory with ASSAY_DATA_DIR.',
    facts: { pid: process.pid, directory: folder },
  })
  await lock.release()
  await lock.release()
  await using _again = await lockDirectory(folder)
})

test('the lock of a killed process is free at once, time after time', async () => {
  const folder = join(home, 'killed')
  for (let time = 0; time < 5; time += 1) {
    const holder = other(folder)
    expect(await holder.said).toBe('locked')
    await expect(lockDirectory(folder)).rejects.toThrow(`(pid ${holder.pid})`)
    await holder.kill()
    await using _mine = await lockDirectory(folder)
  }
})

test('of many that find the lock of a killed process, one gets it', async () => {
  const folder = join(home, 'race')
  const holder = other(folder)
  await holder.said
  await holder.kill()
  const racers = Array.from({ length: 6 }, () => other(folder))
  const said = await Promise.all(racers.map((racer) => racer.said))
  for (const racer of racers) await racer.kill()
  expect(said.filter((line) => line === 'locked')).toHaveLength(1)
})

test('what the note of the holder says decides nothing: reused pids, torn and foreign notes', async () => {
  const folder = join(home, 'notes')
  await (await lockDirectory(folder)).release()
  for (const note of [JSON.stringify({ pid: process.pid }), '{"pid":', '', '\0\0\0', '[]', '{"pid":"x"}']) {
    writeFileSync(join(folder, 'lock'), note)
    const lock = await lockDirectory(folder)
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toEqual({ pid: process.pid })
    writeFileSync(join(folder, 'lock'), 'garbage')
    await expect(lockDirectory(folder)).rejects.toThrow(`Another Assay process is using the data directory ${folder}.`)
    await lock.release()
  }
})

test('a damaged lock and a folder that cannot be are told, with what to do', async () => {
  const folder = join(home, 'damaged')
  await (await lockDirectory(folder)).release()
  writeFileSync(join(folder, 'lock.sqlite'), 'garbage '.repeat(1000))
  await expect(lockDirectory(folder)).rejects.toMatchObject({
    name: 'Unavailable',
    message: `The lock file ${folder}/lock.sqlite is damaged.`,
    next: 'Remove it when no Assay process is running, and start again.',
  })
  await expect(lockDirectory('/dev/null/data')).rejects.toMatchObject({
    name: 'Unavailable',
    message: expect.stringMatching(/^Cannot use the data directory \/dev\/null\/data: ENOTDIR/),
    next: 'Free space, correct its permissions, or choose another with ASSAY_DATA_DIR.',
  })
})
