import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Ecosystem, normalisePythonName } from '#bench/manifests'
import { messageOf } from '#platform/errors'
import { type OsvRecord, osvRecordSchema } from './osv-record.ts'

/** Advisories of a local folder, by package. */
export interface LocalAdvisories {
  readonly records: number
  /** Files that are no OSV record: their advisories are not known. */
  readonly unreadable: readonly string[]
  of(ecosystem: Ecosystem, name: string): readonly OsvRecord[]
}

const loaded = new Map<string, { readonly changed: number; readonly advisories: Promise<LocalAdvisories> }>()

/**
 * Reads every `*.json` below a folder, as osv.dev's `all.zip` unpacks. Kept for the life of the process while the
 * folder does not change.
 *
 * @throws Error when the folder cannot be read
 */
export async function readOsvDirectory(folder: string): Promise<LocalAdvisories> {
  const { mtimeMs } = await stat(folder)
  const before = loaded.get(folder)
  if (before?.changed === mtimeMs) return before.advisories
  const advisories = load(folder)
  loaded.set(folder, { changed: mtimeMs, advisories })
  advisories.catch(() => loaded.delete(folder))
  return advisories
}

async function load(folder: string): Promise<LocalAdvisories> {
  const byPackage = new Map<string, OsvRecord[]>()
  const unreadable: string[] = []
  let records = 0
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.json')).sort()
  for (const path of paths) {
    const record = await readRecord(join(folder, path))
    if (typeof record === 'string') {
      unreadable.push(`${path}: ${record}`)
      continue
    }
    records++
    const keys = new Set(record.affected?.flatMap(({ package: of }) => (of ? [keyOf(of.ecosystem, of.name)] : [])))
    for (const key of keys) byPackage.set(key, [...(byPackage.get(key) ?? []), record])
  }
  return { records, unreadable, of: (ecosystem, name) => byPackage.get(keyOf(ecosystem, name)) ?? [] }
}

/** The record, or why the file holds none. */
async function readRecord(path: string): Promise<OsvRecord | string> {
  const text = await readFile(path, 'utf8')
  try {
    const parsed = osvRecordSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : 'no OSV record'
  } catch (error) {
    if (error instanceof SyntaxError) return messageOf(error)
    throw error
  }
}

function keyOf(ecosystem: string, name: string): string {
  const lower = ecosystem.toLowerCase()
  return `${lower} ${lower === 'pypi' ? normalisePythonName(name) : name}`
}
