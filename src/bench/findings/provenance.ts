import type { Defect } from './defects.ts'
import type { Finding, Provenance } from './finding.ts'

/** One app as far as telling scaffold from model needs it. Apps compared with each other answer the same specs. */
export interface ComparedApp {
  /** Apps without a model take no part in the comparison. */
  readonly model: string | null
  readonly files: readonly {
    readonly path: string
    readonly digest: string
    /** The lines of a text file; empty for binary ones. Called only for paths that several models have. */
    lines(): readonly string[]
  }[]
}

/** What every app was started from, when that is known. */
export interface Scaffold {
  readonly files: readonly { readonly path: string; readonly digest: string; lines(): readonly string[] }[]
}

export interface ScaffoldIndex {
  /** Whether this very file is scaffold as a whole. */
  ofFile(path: string, digest: string): boolean
  /** Whether a line (from 1) of the file with these lines is scaffold. Pass the same array again: answers are kept by it. */
  ofLine(path: string, lines: readonly string[], line: number): boolean
}

/** Consecutive non-blank lines that must agree between models before they count as scaffold. */
const sharedBlock = 10
/** The same for a scaffold that was given: it is known, so less agreement is proof enough. */
const givenBlock = 3

/**
 * Tells what the models were handed from what they wrote. A file is scaffold when the given scaffold has it under the same
 * path and digest, or when apps of at least two models and of at least half of all models do. A block of lines is
 * scaffold when the given scaffold's file has it (3 lines), or when apps of at least two models and of at least 80 % of
 * all models have it under the same path (10 lines); blank lines and white space do not count.
 *
 * Time and memory grow with the lines of paths that several models share, not with pairs of apps.
 */
export function scaffoldIndex(apps: readonly ComparedApp[], scaffold: Scaffold = { files: [] }): ScaffoldIndex {
  const models = new Set(apps.flatMap(({ model }) => (model === null ? [] : [model])))
  const given = new Map(scaffold.files.map((file) => [file.path, file]))
  const files = new Set([
    ...scaffold.files.map(({ path, digest }) => fileKey(path, digest)),
    ...sharedFiles(apps, Math.max(2, Math.ceil(models.size / 2))),
  ])
  const shared = sharedBlocks(apps, Math.max(2, Math.ceil(models.size * 0.8)))
  const known = new Map<string, Blocks>()
  const answers = new WeakMap<readonly string[], Map<string, ReadonlySet<number>>>()

  return {
    ofFile: (path, digest) => files.has(fileKey(path, digest)),
    ofLine(path, lines, line) {
      const byPath = answers.get(lines) ?? new Map<string, ReadonlySet<number>>()
      answers.set(lines, byPath)
      let marked = byPath.get(path)
      if (marked === undefined) {
        marked = new Set([...linesIn(lines, shared.get(path)), ...linesIn(lines, blocksOfGiven(path))])
        byPath.set(path, marked)
      }
      return marked.has(line)
    },
  }

  function blocksOfGiven(path: string): Blocks | undefined {
    const file = given.get(path)
    if (file === undefined) return undefined
    let blocks = known.get(path)
    if (blocks === undefined) {
      const lines = normalisedLines(file.lines())
      const size = Math.max(1, Math.min(givenBlock, lines.length))
      blocks = { size, keys: new Set(windowsOf(lines, size).map(({ key }) => key)) }
      known.set(path, blocks)
    }
    return blocks
  }
}

/** What this function needs of an app besides its findings. */
export interface FindingContext {
  readonly index: ScaffoldIndex
  /** The file at a path of the app; undefined when there is none. */
  file(path: string): { readonly digest: string; readonly role: string } | undefined
  /** Its lines; the same array for the same path. */
  lines(path: string): readonly string[]
}

/** Defects of what was installed rather than of what was written. */
const dependencyDefects = new Set<Defect | undefined>([
  'vulnerable-dependency',
  'deprecated-dependency',
  'licence-problem',
])

/**
 * The findings of one app with their provenance. `dependency`: in vendored files, or about an installed package's
 * advisories, deprecation or licence. `scaffold`: every line of the region is scaffold. Everything else, and everything
 * seen at an endpoint, is the model's.
 */
export function withProvenance(findings: readonly Finding[], context: FindingContext): Finding[] {
  return findings.map((finding) => ({ ...finding, provenance: provenanceOf(finding, context) }))
}

function provenanceOf({ defect, location }: Finding, { index, file, lines }: FindingContext): Provenance {
  if (dependencyDefects.has(defect)) return 'dependency'
  if (location.kind === 'endpoint') return 'model'
  const found = file(location.path)
  if (found === undefined) return 'model'
  if (found.role === 'vendored') return 'dependency'
  if (index.ofFile(location.path, found.digest)) return 'scaffold'
  if (location.region === undefined) return 'model'
  const text = lines(location.path)
  const { startLine, endLine = startLine } = location.region
  for (let line = startLine; line <= Math.min(endLine, text.length); line += 1) {
    if ((text[line - 1] ?? '').trim() !== '' && !index.ofLine(location.path, text, line)) return 'model'
  }
  return startLine <= text.length ? 'scaffold' : 'model'
}

function fileKey(path: string, digest: string): string {
  return `${digest} ${path}`
}

function sharedFiles(apps: readonly ComparedApp[], enough: number): string[] {
  const models = new Map<string, Set<string>>()
  for (const { model, files } of apps) {
    if (model === null) continue
    for (const { path, digest } of files) entryOf(models, fileKey(path, digest), () => new Set<string>()).add(model)
  }
  return [...models].filter(([, set]) => set.size >= enough).map(([key]) => key)
}

interface Blocks {
  /** Lines of a block. */
  readonly size: number
  readonly keys: ReadonlySet<string>
}

/** By path, the blocks that enough models share. Only runs of lines that enough models share are looked at. */
function sharedBlocks(apps: readonly ComparedApp[], enough: number): Map<string, Blocks> {
  const byPath = new Map<string, Map<string, Map<string, () => readonly string[]>>>()
  for (const { model, files } of apps) {
    if (model === null) continue
    for (const { path, digest, lines } of files) {
      const models = entryOf(byPath, path, () => new Map<string, Map<string, () => readonly string[]>>())
      entryOf(models, model, () => new Map<string, () => readonly string[]>()).set(digest, lines)
    }
  }
  const blocks = new Map<string, Blocks>()
  for (const [path, models] of byPath) {
    if (models.size < enough) continue
    const read = new Map<string, Line[]>()
    const texts = [...models.values()].map((own) =>
      [...own].map(([digest, lines]) => entryOf(read, digest, () => normalisedLines(lines()))),
    )
    const keys = sharedKeys(texts, enough)
    if (keys.size > 0) blocks.set(path, { size: sharedBlock, keys })
  }
  return blocks
}

/** @param texts for each model, the files it has at one path */
function sharedKeys(texts: readonly (readonly Line[][])[], enough: number): Set<string> {
  const lines = texts.map((own) => own.map((text) => text.map((line) => line.text)))
  const common = commonTo(enough, lines)
  const windows = texts.map((own) =>
    own.map((text) =>
      runsOf(text, (line) => common.has(line.text)).flatMap((run) => windowsOf(run, sharedBlock).map(({ key }) => key)),
    ),
  )
  return commonTo(enough, windows)
}

/** The strings that occur in the texts of enough models. */
function commonTo(enough: number, models: readonly (readonly string[][])[]): Set<string> {
  const seen = new Map<string, { count: number; last: number }>()
  for (const [model, texts] of models.entries()) {
    for (const text of texts.flat()) {
      const entry = seen.get(text)
      if (entry === undefined) seen.set(text, { count: 1, last: model })
      else if (entry.last !== model) {
        entry.count += 1
        entry.last = model
      }
    }
  }
  return new Set([...seen].filter(([, { count }]) => count >= enough).map(([text]) => text))
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

interface Line {
  /** From 1. */
  readonly number: number
  readonly text: string
}

function normalisedLines(lines: readonly string[]): Line[] {
  return lines
    .map((line, at) => ({ number: at + 1, text: line.replaceAll(/\s+/g, ' ').trim() }))
    .filter(({ text }) => text !== '')
}

function runsOf(lines: readonly Line[], belongs: (line: Line) => boolean): Line[][] {
  const runs: Line[][] = [[]]
  for (const line of lines) {
    if (belongs(line)) runs.at(-1)?.push(line)
    else if (runs.at(-1)?.length !== 0) runs.push([])
  }
  return runs
}

function windowsOf(lines: readonly Line[], size: number): { readonly key: string; readonly start: number }[] {
  const windows: { key: string; start: number }[] = []
  for (let start = 0; start + size <= lines.length; start += 1) {
    windows.push({
      key: lines
        .slice(start, start + size)
        .map(({ text }) => text)
        .join('\n'),
      start,
    })
  }
  return windows
}

function linesIn(lines: readonly string[], blocks: Blocks | undefined): Set<number> {
  const marked = new Set<number>()
  if (blocks === undefined) return marked
  const normalised = normalisedLines(lines)
  for (const { key, start } of windowsOf(normalised, blocks.size)) {
    if (!blocks.keys.has(key)) continue
    for (const { number } of normalised.slice(start, start + blocks.size)) marked.add(number)
  }
  return marked
}
