import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { extname, join } from 'node:path'
import { etcInside } from './inside.ts'

/** Begins the names of the folders. */
const brought = 'brought-'

/** Milliseconds. */
const maximalAge = 7 * 24 * 60 * 60 * 1000

type BroughtFile = readonly [path: string, text: string]

/** Read once; the code of a running Assay does not change. */
let files: Promise<readonly BroughtFile[]> | undefined

const sources = join(import.meta.dirname, 'supervisor')

/** Folders on the host with what every sandbox is given of Assay's own. */
export interface Brought {
  /** The supervisor as JavaScript. */
  readonly supervisor: string
  /** The files of {@link etcInside}. */
  readonly etc: string
}

/**
 * Makes these folders in `home`, once for every version of what is in them. Types are stripped here: inside it would take
 * every sandbox longer than everything else the supervisor does to start.
 */
export async function bring(home: string): Promise<Brought> {
  files ??= filesToBring()
  const all = await files
  const digest = createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16)
  const folder = join(home, `${brought}${digest}`)
  if (!existsSync(folder)) await make(folder, all)
  return { supervisor: join(folder, 'supervisor'), etc: join(folder, 'etc') }
}

/** Removes what other versions brought, once it is old; who still needs it makes it again. */
export async function sweepBrought(home: string, current: Brought, now: number): Promise<void> {
  for (const name of await readdir(home)) {
    const folder = join(home, name)
    if (!name.startsWith(brought) || current.etc.startsWith(folder)) continue
    if (now - (await stat(folder)).mtimeMs > maximalAge) await rm(folder, { recursive: true, force: true })
  }
}

async function filesToBring(): Promise<readonly BroughtFile[]> {
  const compiled = extname(import.meta.filename) === '.js'
  const names = (await readdir(sources)).filter((name) => /(?<!\.test)\.[jt]s$/.test(name))
  const texts = await Promise.all(names.map((name) => readFile(join(sources, name), 'utf8')))
  const code = names.map((name, index) => {
    const text = texts[index] ?? ''
    return [`supervisor/${name.replace(/\.ts$/, '.js')}`, compiled ? text : javascript(text)] as const
  })
  return [
    ...code,
    ['supervisor/package.json', '{"type":"module"}'],
    ...Object.entries(etcInside).map(([name, text]) => [`etc/${name}`, text] as const),
  ]
}

async function make(folder: string, files: readonly BroughtFile[]): Promise<void> {
  const draft = `${folder}.${process.pid}`
  await rm(draft, { recursive: true, force: true })
  await mkdir(join(draft, 'supervisor'), { recursive: true })
  await mkdir(join(draft, 'etc'))
  for (const [path, text] of files) await writeFile(join(draft, path), text)
  // Another process may have been first: its folder is the same.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }))
}

function javascript(typescript: string): string {
  return stripTypeScriptTypes(typescript).replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'")
}
