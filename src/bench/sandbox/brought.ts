import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { extname, join } from 'node:path'
import { etcInside } from './inside.ts'

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
  const compiled = extname(import.meta.filename) === '.js'
  const names = (await readdir(sources)).filter((name) => /(?<!\.test)\.[jt]s$/.test(name))
  const texts = await Promise.all(names.map((name) => readFile(join(sources, name), 'utf8')))
  const code = names.map((name, index) => {
    const text = texts[index] ?? ''
    return [`supervisor/${name.replace(/\.ts$/, '.js')}`, compiled ? text : javascript(text)] as const
  })
  const files: readonly (readonly [string, string])[] = [
    ...code,
    ['supervisor/package.json', '{"type":"module"}'],
    ...Object.entries(etcInside).map(([name, text]) => [`etc/${name}`, text] as const),
  ]
  const digest = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16)
  const folder = join(home, `brought-${digest}`)
  const brought = { supervisor: join(folder, 'supervisor'), etc: join(folder, 'etc') }
  if ((await readdir(folder).catch(() => [])).length > 0) return brought

  const draft = `${folder}.${process.pid}`
  await rm(draft, { recursive: true, force: true })
  await mkdir(join(draft, 'supervisor'), { recursive: true })
  await mkdir(join(draft, 'etc'))
  for (const [path, text] of files) await writeFile(join(draft, path), text)
  // Another process may have been first: its folder is the same.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }))
  return brought
}

function javascript(typescript: string): string {
  return stripTypeScriptTypes(typescript).replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'")
}
