import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { InvalidSpec, type SpecProblem } from './errors.ts'
import { type Spec, specJsonSchema, specSchema } from './format.ts'

/**
 * Reads a spec.
 * @param path shown in messages
 * @throws InvalidSpec naming each problem with its line and, for a misspelt name, what may have been meant
 */
export function parseSpec(text: string, path: string): Spec {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  if (document.errors.length > 0) {
    throw new InvalidSpec(
      path,
      document.errors.map(({ message, pos }) => ({
        line: lines.linePos(pos[0]).line,
        message: message.split('\n', 1)[0]?.replace(/ at line .*$/, '') ?? message,
      })),
    )
  }
  const parsed = specSchema.safeParse(document.toJS({ maxAliasCount: 100 }))
  const lineOf = (at: readonly PropertyKey[]): number => lineOfPath(document, lines, at)
  if (!parsed.success)
    throw new InvalidSpec(
      path,
      parsed.error.issues.flatMap((issue) => problemsOf(issue, [], lineOf)),
    )
  const problems = contradictions(parsed.data, lineOf)
  if (problems.length > 0) throw new InvalidSpec(path, problems)
  return parsed.data
}

type LineOf = (at: readonly PropertyKey[]) => number

/** The problems of an issue; of the alternatives of a union, those of the one that came closest. */
function problemsOf(issue: z.core.$ZodIssue, within: readonly PropertyKey[], lineOf: LineOf): SpecProblem[] {
  const at = [...within, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.toSorted((one, other) => distance(one) - distance(other))[0] ?? []
    if (closest.some(({ path, code }) => path.length > 0 || code === 'unrecognized_keys')) {
      return closest.flatMap((inner) => problemsOf(inner, at, lineOf))
    }
  }
  const where = at.length > 0 ? `${at.map(String).join('.')}: ` : ''
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      line: lineOf([...at, key]),
      message: `${where}"${key}" is not known here${meant(key)}`,
    }))
  }
  return [{ line: lineOf(at), message: `${where}${issue.message}` }]
}

/** How far an alternative is from what was written: what goes wrong deep inside it speaks for it. */
function distance(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + 2 * issue.keys.length
    return sum + (issue.path.length > 0 ? 1 : 4)
  }, 0)
}

function meant(key: string): string {
  const near = knownNames().find(
    (name) => name !== key && changes(name, key) <= Math.max(1, Math.floor(key.length / 4)),
  )
  return near ? `; did you mean "${near}"?` : ''
}

let names: readonly string[] | undefined

/** Every name of the format. */
function knownNames(): readonly string[] {
  names ??= [...new Set(propertyNames(specJsonSchema()))]
  return names
}

function propertyNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => [
    ...(key === 'properties' && typeof value === 'object' && value !== null ? Object.keys(value) : []),
    ...propertyNames(value),
  ])
}

/** Levenshtein distance: insertions, deletions and replacements of single characters. */
function changes(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [at, character] of [...one].entries()) {
    const next = [at + 1]
    for (const [index, counterpart] of [...other].entries()) {
      const replaced = (row[index] ?? 0) + (character === counterpart ? 0 : 1)
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** What no schema can say: ids twice, requirements that do not exist. */
function contradictions(spec: Spec, lineOf: LineOf): SpecProblem[] {
  const requirements = new Set(spec.requirements?.map(({ id }) => id))
  const seen = new Map<string, string>()
  return (['requirements', 'acceptance', 'flows', 'browser'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap((entry, at): SpecProblem[] => {
      const problems: SpecProblem[] = []
      const key = list === 'browser' ? `flows ${entry.id}` : `${list} ${entry.id}`
      if (seen.has(key)) {
        problems.push({ line: lineOf([list, at, 'id']), message: `${list}.${at}.id: "${entry.id}" is there twice` })
      }
      seen.set(key, entry.id)
      const requirement = 'requirement' in entry ? entry.requirement : undefined
      if (requirement !== undefined && !requirements.has(requirement)) {
        problems.push({
          line: lineOf([list, at, 'requirement']),
          message: `${list}.${at}.requirement: there is no requirement "${requirement}"`,
        })
      }
      return problems
    }),
  )
}

/** The line of the node at a path, or of the nearest one around it. */
function lineOfPath(document: Document, lines: LineCounter, at: readonly PropertyKey[]): number {
  for (let length = at.length; length > 0; length--) {
    const node = document.getIn(at.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}
