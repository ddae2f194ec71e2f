import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import { syntaxLanguageOf } from '#bench/syntax'
import { messageOf } from '#platform/errors'
import { extractJavaScript } from './extract-javascript.ts'
import { extractPython } from './extract-python.ts'
import { isSource } from './files.ts'
import { scriptBlocks } from './script-blocks.ts'
import type { ModuleFacts } from './site.ts'

export interface SourceFile {
  readonly file: SnapshotFile
  readonly ecosystem: 'npm' | 'pypi'
  readonly facts: ModuleFacts
}

export interface Sources {
  readonly files: ReadonlyMap<string, SourceFile>
  /** Files that should have been read: read or not. */
  readonly total: number
  readonly gaps: readonly { readonly path: string; readonly reason: string }[]
}

/** Parses every source file of the app and reads its imports and exports. */
export async function readSources(app: AppSnapshot, signal: AbortSignal): Promise<Sources> {
  const files = new Map<string, SourceFile>()
  const gaps: { path: string; reason: string }[] = []
  const candidates = app.files.filter(isSource)
  for (const file of candidates) {
    signal.throwIfAborted()
    let text: string
    try {
      text = await readText(app, file)
    } catch (error) {
      gaps.push({ path: file.path, reason: messageOf(error) })
      continue
    }
    const facts = await factsOf(file, text)
    files.set(file.path, { file, ecosystem: file.language === 'python' ? 'pypi' : 'npm', facts })
    if (facts.brokenAt !== undefined) {
      gaps.push({
        path: file.path,
        reason: `line ${facts.brokenAt} is a syntax error, or newer than the grammar: imports near it may be missed, its names are not judged`,
      })
    }
  }
  return { files, total: candidates.length, gaps }
}

async function factsOf(file: SnapshotFile, text: string): Promise<ModuleFacts> {
  if (file.language === 'python') return extractPython(file.path, text, file.digest)
  const language = syntaxLanguageOf(file.language)
  if (language !== undefined) return extractJavaScript(file.path, language, text, file.digest)
  const blocks: ModuleFacts[] = []
  for (const [index, block] of scriptBlocks(text).entries()) {
    const digest = `${file.digest} block ${index}`
    blocks.push(await extractJavaScript(file.path, block.language, block.text, digest, block.linesBefore))
  }
  const broken = blocks.find((block) => block.brokenAt !== undefined)?.brokenAt
  return {
    sites: blocks.flatMap((block) => block.sites),
    exports: { names: new Set(['default']), stars: [], dynamic: 'a component' },
    ...(broken !== undefined && { brokenAt: broken }),
    strings: async () => (await Promise.all(blocks.map((block) => block.strings()))).flat(),
  }
}
