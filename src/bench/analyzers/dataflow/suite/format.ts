import { defects } from '#bench/findings'
import type { MarkedCase } from './case.ts'

const caseLine = /^=== (\S+)$/
const fileLine = /^--- (\S+)$/
const headerLine = /^(\w+): (.+)$/

/**
 * Reads a file of cases. A case is `=== framework/weakness/variant-number`, header lines (`cwe`, `vulnerable`, `why`), then for each file
 * `--- path` and its content.
 *
 * @throws Error with the line when the text does not follow the format
 */
export function parseCases(text: string): MarkedCase[] {
  const cases: MarkedCase[] = []
  let id = ''
  let header = new Map<string, string>()
  let files: Record<string, string> = {}
  let path = ''
  const close = () => {
    if (id !== '') cases.push(toCase(id, header, files))
  }
  for (const [index, line] of text.split('\n').entries()) {
    const opened = caseLine.exec(line)?.[1]
    const named = fileLine.exec(line)?.[1]
    if (opened !== undefined) {
      close()
      id = opened
      header = new Map()
      files = {}
      path = ''
    } else if (named !== undefined && id !== '') {
      path = named
      files[path] = ''
    } else if (path !== '') {
      files[path] += `${line}\n`
    } else if (line !== '') {
      const [, key, value] = headerLine.exec(line) ?? []
      if (key === undefined || value === undefined) throw new Error(`Line ${index + 1} is no header: ${line}`)
      header.set(key, value)
    }
  }
  close()
  return cases
}

/** Writes cases as {@link parseCases} reads them. */
export function printCases(cases: readonly MarkedCase[]): string {
  return cases.map(printCase).join('\n')
}

function printCase(one: MarkedCase): string {
  const files = Object.entries(one.files).map(([path, content]) => `--- ${path}\n${content.trimEnd()}\n`)
  return `=== ${one.id}\ncwe: ${one.cwe}\nvulnerable: ${one.vulnerable ? 'yes' : 'no'}\nwhy: ${one.why}\n${files.join('')}`
}

function toCase(id: string, header: ReadonlyMap<string, string>, files: Readonly<Record<string, string>>): MarkedCase {
  const [framework = '', slug = '', numbered = ''] = id.split('/')
  const weakness = defects.find((defect) => defect === slug)
  const vulnerable = header.get('vulnerable')
  const cwe = Number(header.get('cwe'))
  const why = header.get('why')
  if (weakness === undefined) throw new Error(`${id}: no defect is called ${slug}.`)
  if (vulnerable !== 'yes' && vulnerable !== 'no') throw new Error(`${id}: vulnerable is yes or no.`)
  if (!Number.isInteger(cwe) || why === undefined || Object.keys(files).length === 0) {
    throw new Error(`${id}: needs cwe, why and at least one file.`)
  }
  const contents = Object.entries(files).map(([path, content]) => [path, `${content.trimEnd()}\n`])
  return {
    id,
    framework,
    weakness,
    variant: numbered.replace(/-\d+$/, ''),
    cwe,
    why,
    vulnerable: vulnerable === 'yes',
    files: Object.fromEntries(contents),
  }
}
