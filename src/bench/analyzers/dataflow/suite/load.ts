import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Case, unmark } from './case.ts'
import { parseCases } from './format.ts'

/** `open` is for building and tuning an engine; nobody tunes on `held-back`, it only says how far to trust the open score. */
export type Half = 'open' | 'held-back'

/** Every case of one half, by framework and weakness, without markers. */
export function loadSuite(half: Half): Case[] {
  const folder = join(import.meta.dirname, half)
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return paths
    .filter((path) => path.endsWith('.cases'))
    .sort()
    .flatMap((path) => parseCases(readFileSync(join(folder, path), 'utf8')))
    .map(unmark)
}
