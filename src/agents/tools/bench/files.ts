import { matchesGlob } from 'node:path/posix'
import { z } from 'zod'
import { type AppSnapshot, readText } from '#bench/apps'
import { NotFound } from '#platform/errors'
import { defineTool, type Tool } from '../contract.ts'
import { type BenchServices, snapshotOf } from './services.ts'

const app = z.uuid().describe('The id of the app.')
const path = z.string().min(1).max(4096).describe('Relative to the app.')
const paths = z.string().max(500).optional().describe('A glob such as `src/**/*.py`; all files without it.')

/** Lines and characters of one answer: what a reader can take in. */
const mostLines = 400
const mostCharacters = 60_000
const mostFiles = 2000
const mostHits = 200

/** Tools that read the code of an app. Its snapshot is read-only: nothing here can change anything. */
export function fileTools(services: BenchServices): readonly Tool[] {
  return [
    defineTool({
      name: 'list_files',
      description: 'Lists the files of an app with their language, role and number of lines.',
      effects: 'reads',
      input: z.strictObject({ app, paths }),
      output: z.object({
        files: z.array(
          z.object({ path: z.string(), language: z.string().nullable(), role: z.string(), lines: z.number() }),
        ),
        more: z.number().describe('Files not listed.'),
      }),
      async run(input, { workspace }) {
        const found = matching(await snapshotOf(services, workspace, input.app), input.paths)
        const files = found
          .slice(0, mostFiles)
          .map((file) => ({ path: file.path, language: file.language ?? null, role: file.role, lines: file.lines }))
        return { files, more: found.length - files.length }
      },
    }),
    defineTool({
      name: 'read_file',
      description: `Reads lines of a text file of an app, at most ${mostLines} at a time.`,
      effects: 'reads',
      input: z.strictObject({ app, path, from: z.int().min(1).default(1).describe('The first line.') }),
      output: z.object({ path: z.string(), from: z.number(), lines: z.array(z.string()), total: z.number() }),
      async run(input, { workspace }) {
        const lines = await linesOf(await snapshotOf(services, workspace, input.app), input.path)
        const shown: string[] = []
        let characters = 0
        for (const line of lines.slice(input.from - 1, input.from - 1 + mostLines)) {
          characters += line.length
          if (characters > mostCharacters && shown.length > 0) break
          shown.push(line.slice(0, mostCharacters))
        }
        return { path: input.path, from: input.from, lines: shown, total: lines.length }
      },
    }),
    defineTool({
      name: 'search_files',
      description: 'Finds lines that contain a text, letter for letter, in the text files of an app.',
      effects: 'reads',
      input: z.strictObject({
        app,
        text: z.string().min(1).max(500),
        paths,
        ignoreCase: z.boolean().default(false),
      }),
      output: z.object({
        hits: z.array(z.object({ path: z.string(), line: z.number(), text: z.string() })),
        complete: z.boolean().describe(`False when there are more than ${mostHits} hits.`),
      }),
      async run(input, { workspace, signal }) {
        const snapshot = await snapshotOf(services, workspace, input.app)
        const fold = (text: string): string => (input.ignoreCase ? text.toLowerCase() : text)
        const wanted = fold(input.text)
        const hits: { path: string; line: number; text: string }[] = []
        for (const file of matching(snapshot, input.paths)) {
          signal.throwIfAborted()
          if (file.kind !== 'text') continue
          for (const [index, text] of (await linesOf(snapshot, file.path)).entries()) {
            if (!fold(text).includes(wanted)) continue
            if (hits.length === mostHits) return { hits, complete: false }
            hits.push({ path: file.path, line: index + 1, text: text.trim().slice(0, 500) })
          }
        }
        return { hits, complete: true }
      },
    }),
  ]
}

function matching({ files }: AppSnapshot, glob: string | undefined): AppSnapshot['files'] {
  return glob === undefined ? files : files.filter((file) => matchesGlob(file.path, glob))
}

async function linesOf(snapshot: AppSnapshot, path: string): Promise<string[]> {
  const file = snapshot.files.find((one) => one.path === path)
  if (file === undefined) throw new NotFound(`The app has no file ${path}.`)
  if (file.kind !== 'text') throw new NotFound(`${path} is not a text file.`)
  return (await readText(snapshot, file)).split(/\r\n?|\n/)
}
