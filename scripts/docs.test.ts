import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { analyzers } from '#bench/analyzers'
import { environmentVariables } from '#platform/config'

const root = join(import.meta.dirname, '..')
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
]
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8')

/** Fenced blocks of shell; those marked ```sh run are run. */
function shellBlocks(text: string): { readonly code: string; readonly runnable: boolean }[] {
  return [...text.matchAll(/^```sh( run)?\n(.*?)^```$/gms)].map(([, run, code = '']) => ({
    code,
    runnable: run !== undefined,
  }))
}

/** Every use of the command: lines of shell blocks and code in sentences, as words after `assay`. */
function usesOf(text: string): string[][] {
  const shell = shellBlocks(text).flatMap(({ code }) => code.split('\n'))
  const inline = [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  return [...shell, ...inline].flatMap((line) => {
    const words = /^(?:[A-Z_]+=\S+ )*(?:bin\/)?assay( .*)?$/.exec(line.trim())?.[1]
    return words === undefined ? [] : [words.trim().split(/\s+/)]
  })
}

const localLinks = (page: string): string[] =>
  [...textOf(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].flatMap(([, to = '']) => (/^https?:/.test(to) ? [] : [to]))

const helps = new Map<string, string>()
function helpOf(command: readonly string[]): string {
  const key = command.join(' ')
  const known = helps.get(key)
  if (known !== undefined) return known
  const help = execFileSync(join(root, 'bin/assay'), [...command, '--help'], { encoding: 'utf8' })
  helps.set(key, help)
  return help
}

const lists = (help: string, name: string): boolean => new RegExp(`^  ${name}(?: |$)`, 'm').test(help)

/** `study run examples --name x` → ['study', 'run'], as far as the help knows the words. */
function commandOf(words: readonly string[]): string[] {
  const command: string[] = []
  for (const word of words) {
    if (!/^[a-z][a-z-]*$/.test(word) || !lists(helpOf(command), word)) break
    command.push(word)
  }
  return command
}

describe.each(pages.filter((page) => usesOf(textOf(page)).length + localLinks(page).length > 0))('%s', (page) => {
  const uses = usesOf(textOf(page))
  if (uses.length > 0)
    test('every command and option it names exists', { timeout: 60_000 }, () => {
      const unknown = uses.flatMap((words) => {
        const command = commandOf(words)
        const [first = ''] = words
        if (command.length === 0 && /^[a-z]/.test(first)) return [words.join(' ')]
        const help = helpOf(command)
        return words.filter((word) => /^--\w/.test(word) && !help.includes(word.replace(/=.*/, '')))
      })
      expect(unknown).toEqual([])
    })

  const local = localLinks(page)
  if (local.length > 0)
    test('what it links to is there', () => {
      expect(local.filter((to) => !existsSync(join(root, dirname(page), to)))).toEqual([])
    })

  const runnable = shellBlocks(textOf(page)).filter((block) => block.runnable)
  if (runnable.length > 0)
    test('its examples run', { timeout: 240_000 }, async () => {
      for (const { code } of runnable) {
        await promisify(execFile)('sh', ['-eu', '-c', code], {
          cwd: root,
          env: surroundings,
          maxBuffer: 64 * 1024 * 1024,
        })
      }
    })
})

const home = mkdtempSync(join(tmpdir(), 'assay docs '))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const surroundings = {
  ...process.env,
  ASSAY_DATA_DIR: join(home, 'data'),
  XDG_CACHE_HOME: join(home, 'cache'),
  ASSAY_OFFLINE: '1',
  DATABASE_URL: '',
  HOST: '',
  ASSAY_SECRET: '',
  ASSAY_SERVER: '',
}

test('docs/analyzers.md lists every analyzer with its canary and needs', () => {
  const rows = textOf('docs/analyzers.md')
    .split('\n')
    .flatMap((line) => {
      const [, id, , , canary = '', needs = ''] = line.split('|').map((cell) => cell.trim())
      return id?.startsWith('`') ? [`${id} ${canary} ${needs}`.trim()] : []
    })
  expect(rows).toEqual(
    analyzers.map(({ id, canary, needs }) => `\`${id}\` \`${canary.rule}\` ${Object.keys(needs).join(', ')}`.trim()),
  )
})

test('docs/operating.md lists every setting', () => {
  const text = textOf('docs/operating.md')
  const missing = Object.entries(environmentVariables)
    .flat()
    .filter((name) => !text.includes(`\`${name}\``))
  expect(missing).toEqual([])
})
