import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, extname, join } from 'node:path'

/** Where Assay's own programs of a launch lie in the sandbox, read-only. */
export const insideFolder = '/run/assay-launch'

/** What is brought: programs in TypeScript under their JavaScript name, everything else as it is. */
const programs = ['edge', 'observe']
const others = ['python/sitecustomize.py']

/**
 * A folder of the host with the programs that run beside an app, made once for every version of them. Types are stripped
 * here, which inside would cost every start.
 */
export async function bringInside(cache: string): Promise<string> {
  const isCompiled = extname(import.meta.filename) === '.js'
  const files: (readonly [string, string])[] = [['package.json', '{"type":"module"}']]
  for (const name of programs) {
    const source = await readFile(join(import.meta.dirname, `${name}${isCompiled ? '.js' : '.ts'}`), 'utf8')
    files.push([`${name}.js`, isCompiled ? source : stripTypeScriptTypes(source)])
  }
  for (const name of others) files.push([name, await readFile(join(import.meta.dirname, name), 'utf8')])
  const digest = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16)
  const folder = join(cache, 'launch', `inside-${digest}`)
  if ((await readdir(folder).catch(() => [])).length > 0) return folder
  const draft = `${folder}.${process.pid}.${performance.now()}`
  for (const [path, text] of files) {
    await mkdir(dirname(join(draft, path)), { recursive: true })
    await writeFile(join(draft, path), text)
  }
  // Another process may have been first: its folder is the same.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }))
  return folder
}
