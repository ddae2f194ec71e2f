import { posix } from 'node:path'
import { parse } from 'yaml'
import { type AppSnapshot, readText } from '#bench/apps'
import type { LaunchHint } from '../contract.ts'

/** Bytes; larger files are not written by hand. */
const largestFile = 100_000

/** A start command somebody wrote down in a file for another tool. */
export interface StartHint {
  readonly hint: LaunchHint
  /** The folder it speaks of, relative to the app. */
  readonly folder: string
  readonly command: string
  readonly path: string
  readonly line: number
}

type Reader = (path: string, folder: string, text: string) => StartHint[]

const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^Procfile$/, procfile],
  [/^(?:[\w.-]+\.)?Dockerfile(?:\.[\w.-]+)?$/i, dockerfile],
  [/^(?:docker-)?compose[\w.-]*\.ya?ml$/i, compose],
]

/** Start commands in Procfiles, Dockerfiles and compose files: hints, because their surroundings are not there. */
export async function startHints(app: AppSnapshot): Promise<StartHint[]> {
  const hints: StartHint[] = []
  for (const file of app.files) {
    const read = readers.find(([name]) => name.test(posix.basename(file.path)))?.[1]
    if (read === undefined || file.kind !== 'text' || file.size > largestFile) continue
    hints.push(...read(file.path, folderOf(file.path), await readText(app, file)))
  }
  return hints
}

function procfile(path: string, folder: string, text: string): StartHint[] {
  return text.split('\n').flatMap((content, index) => {
    const command = /^web\s*:\s*(\S.*)$/.exec(content.trim())?.[1]
    return command === undefined ? [] : [{ hint: 'procfile' as const, folder, command, path, line: index + 1 }]
  })
}

/** The last `CMD`, behind the last `ENTRYPOINT`. */
function dockerfile(path: string, folder: string, text: string): StartHint[] {
  let entry = ''
  let command = ''
  let line = 0
  text.split('\n').forEach((content, index) => {
    const match = /^\s*(CMD|ENTRYPOINT)\s+(\S.*)$/i.exec(content)
    if (match === null) return
    const words = commandWords(match[2] ?? '')
    if (match[1]?.toUpperCase() === 'CMD') command = words
    else entry = words
    line = index + 1
  })
  const whole = `${entry} ${command}`.trim()
  return whole === '' ? [] : [{ hint: 'dockerfile', folder, command: whole, path, line }]
}

function compose(path: string, folder: string, text: string): StartHint[] {
  let parsed: unknown
  try {
    parsed = parse(text)
  } catch {
    // A broken compose file is a finding of `containers`; it hints at nothing.
    return []
  }
  return Object.values(record(record(parsed)['services'])).flatMap((value): StartHint[] => {
    const service = record(value)
    const { command, build } = service
    const context = typeof build === 'string' ? build : record(build)['context']
    if (command === undefined || typeof context !== 'string') return []
    const words = Array.isArray(command) ? command.join(' ') : String(command)
    const within = `${folder}/${context}`.split('/').filter((part) => part !== '' && part !== '.')
    return [{ hint: 'compose', folder: within.join('/'), command: words, path, line: 1 }]
  })
}

/** `["node", "server.js"]` and `node server.js` alike. */
function commandWords(text: string): string {
  const words = /^\s*\[(.*)\]\s*$/.exec(text)?.[1]
  if (words === undefined) return text.trim()
  return [...words.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '').join(' ')
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function folderOf(path: string): string {
  const folder = posix.dirname(path)
  return folder === '.' ? '' : folder
}
