import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Severity } from '#bench/findings'
import { InvalidInput, messageOf } from '#platform/errors'
import type { Style } from './table.ts'

/** Writes to standard output. */
export function print(text: string): void {
  process.stdout.write(text)
}

/** Writes one JSON document to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)
}

/** Colours that repeat the word they stand on. */
export const severityStyles: Readonly<Record<Severity, Style>> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'blue',
  info: 'dim',
}

/**
 * Writes a file whole or not at all: beside its place, then moved there. What is no ordinary file (`/dev/stdout`, a
 * pipe) is written to as it is.
 * @throws InvalidInput when it cannot be written
 */
export async function writeWhole(path: string, content: string | Readable): Promise<void> {
  const target = await stat(path).catch(() => undefined)
  const direct = target !== undefined && !target.isFile()
  const place = target?.isFile() ? await realpath(path) : path
  const draft = direct ? place : join(dirname(place), `.${basename(place)}.${randomUUID().slice(0, 8)}`)
  try {
    if (typeof content === 'string') await writeFile(draft, content)
    else await pipeline(content, createWriteStream(draft))
    if (!direct) await rename(draft, place)
  } catch (error) {
    if (!direct) await rm(draft, { force: true })
    throw new InvalidInput(`Cannot write ${path}: ${messageOf(error)}.`, {
      next: 'Choose another file with --out.',
      cause: error,
    })
  }
}

/** `12,345`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

/** `2026-01-31 14:05`, local time. */
export function localTime(iso: string): string {
  const at = new Date(iso)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
