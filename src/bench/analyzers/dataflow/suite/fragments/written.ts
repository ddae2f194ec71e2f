import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MarkedCase } from '../case.ts'
import { withoutMarkers } from './group.ts'
import { javascriptFrameworks } from './javascript-frameworks.ts'
import { javascriptFiles, javascriptScene } from './javascript-scene.ts'
import { pythonFiles, pythonFrameworks, pythonScene } from './python-frameworks.ts'
import type { Parts, Sink } from './sink.ts'
import { type Entry, parseTables, type Table } from './table.ts'

/** The hand-written cases of the folder `tables`, a group for each weakness and framework. */
export function writtenGroups(): MarkedCase[][] {
  const folder = join(import.meta.dirname, 'tables')
  const all = readdirSync(folder)
    .filter((name) => name.endsWith('.table'))
    .sort()
    .flatMap((name) => parseTables(readFileSync(join(folder, name), 'utf8')))
  return all.flatMap((table) => table.frameworks.map((framework) => groupOf(table, framework)))
}

function groupOf(table: Table, framework: string): MarkedCase[] {
  const numbers = new Map<string, number>()
  return table.entries.map((entry, index) => {
    const variant = entry.vulnerable ? entry.variant : `safe-${entry.variant}`
    const number = (numbers.get(variant) ?? 0) + 1
    numbers.set(variant, number)
    const files = { ...ownFiles(table, entry, framework, index), ...marked(entry.files) }
    return {
      id: `${framework}/${table.weakness}/written-${variant}-${number}`,
      weakness: table.weakness,
      cwe: entry.cwe,
      framework,
      variant: `written-${variant}`,
      why: entry.why,
      vulnerable: entry.vulnerable,
      files: entry.vulnerable ? files : withoutMarkers(files),
    }
  })
}

function marked(files: Readonly<Record<string, string>>): Record<string, string> {
  const contents = Object.entries(files).map(([path, content]) => {
    const comment = path.endsWith('.py') ? '  #! sink' : '  //! sink'
    return [path, `${content.replaceAll('$!', comment).trim()}\n`]
  })
  return Object.fromEntries(contents)
}

/** Statements that take more than the one input out of the request's body. */
const readsBody = /req(uest)?\.(body|files|get_json|form|POST)/

/** The file of the request handler; none when the entry brings whole files and no handler. */
function ownFiles(table: Table, entry: Entry, name: string, n: number): Record<string, string> {
  if (entry.body.trim() === '' && entry.top.trim() === '') return {}
  const sink: Sink = {
    ...table,
    template: '{}',
    text: 'text',
    call: '',
    ...(table.out === undefined ? {} : { out: table.out }),
    imports: entry.imports,
    setup: entry.top.trim(),
    allowed: ['', '', ''],
    ...(readsBody.test(entry.body) ? { sources: ['body', 'json', 'form', 'model'] } : {}),
    right: [],
    wrong: [],
  }
  const python = pythonFrameworks.find((framework) => framework.name === name)
  if (python !== undefined) {
    const scene = pythonScene(python, sink, n)
    if (scene === undefined) throw new Error(`${name} has no source for ${table.weakness}.`)
    return pythonFiles(python, scene, partsOf(table, entry, scene.assign(table.name, scene.read), scene))
  }
  const javascript = javascriptFrameworks.find((framework) => framework.name === name)
  if (javascript === undefined) throw new Error(`There is no framework called ${name}.`)
  const scene = javascriptScene(javascript, sink, n)
  if (scene === undefined) throw new Error(`${name} has no source for ${table.weakness}.`)
  return javascriptFiles(scene, partsOf(table, entry, scene.assign(table.name, scene.read), scene))
}

function partsOf(
  table: Table,
  entry: Entry,
  assignment: string,
  scene: { answer: string; fill(code: string): string },
): Parts {
  const body = scene.fill(entry.body.trim())
  const reads = new RegExp(`(?<![\\w."'])${table.name}\\b`).test(body)
  return { body: `${reads ? `${assignment}\n` : ''}${body}\n${scene.answer}` }
}
