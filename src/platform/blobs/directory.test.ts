import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDirectoryBlobs } from './index.ts'

const home = mkdtempSync(join(tmpdir(), 'assay-blobs-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const key = 'sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73'
const fileIn = (folder: string) => join(folder, 'ed', '7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73')

test('keeps content under its digest, once, with nothing else beside it', async () => {
  const folder = join(home, 'once')
  const blobs = openDirectoryBlobs(folder)
  expect(await blobs.has(key)).toBe(false)
  expect(await Promise.all([1, 2, 3].map(() => blobs.put(Buffer.from('content'))))).toEqual([key, key, key])
  expect(await blobs.has(key)).toBe(true)
  expect(String(await blobs.get(key))).toBe('content')
  expect(readdirSync(join(folder, 'ed'))).toEqual([fileIn('').slice(3)])
})

test('tells damage, and mends it when the content comes again', async () => {
  const folder = join(home, 'damaged')
  const blobs = openDirectoryBlobs(folder)
  await blobs.put(Buffer.from('content'))
  for (const damage of [() => truncateSync(fileIn(folder), 3), () => writeFileSync(fileIn(folder), 'CONTENT')]) {
    damage()
    await expect(blobs.get(key)).rejects.toMatchObject({
      message: `The stored blob ${key} is damaged.`,
      next: 'Import the app again, or restore a backup.',
      status: 503,
    })
    expect(await blobs.has(key)).toBe(false)
    await blobs.put(Buffer.from('content'))
    expect(String(await blobs.get(key))).toBe('content')
  }
})

test('a write that a crash cut short is not there', async () => {
  const folder = join(home, 'torn')
  const blobs = openDirectoryBlobs(folder)
  await blobs.put(Buffer.from('content'))
  rmSync(fileIn(folder))
  writeFileSync(join(folder, 'ed', '.draft-of-a-killed-process'), 'cont')
  expect(await blobs.has(key)).toBe(false)
  await expect(blobs.get(key)).rejects.toThrow(`There is no blob ${key}.`)
  await blobs.put(Buffer.from('content'))
  expect(readFileSync(fileIn(folder), 'utf8')).toBe('content')
})

test('what is no key is no path', async () => {
  const blobs = openDirectoryBlobs(join(home, 'keys'))
  for (const bad of ['', 'sha256:../../etc/passwd', `sha256:${'A'.repeat(64)}`, `${key}/..`, key.slice(7)])
    await expect(blobs.get(bad)).rejects.toThrow(`${JSON.stringify(bad)} is not the key of a blob.`)
})

test('a place that cannot be written is told, with what to do', async () => {
  const blobs = openDirectoryBlobs('/dev/null/blobs')
  await expect(blobs.put(Buffer.from('content'))).rejects.toMatchObject({
    message: expect.stringMatching(/^Cannot store 7 bytes in \/dev\/null\/blobs: ENOTDIR/),
    next: 'Free space on the disk and try again.',
  })
})
