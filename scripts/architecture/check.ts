import { dirname, join, normalize } from 'node:path/posix'
import { cyclesOf } from './cycles.ts'
import { type Import, importsOf, type Token, tokensOf } from './imports.ts'
import { arrows, dataFiles, impureNames, layers, lineLimit, longFiles, pureModules, pureRooms } from './map.ts'

export interface Violation {
  readonly path: string
  readonly line: number
  readonly message: string
  /** The rule, by the name ARCHITECTURE.md gives it. */
  readonly rule: Rule
}

export type Rule = 'arrows' | 'public faces' | 'no cycles' | 'purity' | 'no barrels' | 'web apart' | 'short files'

interface Source {
  readonly path: string
  readonly room: string
  readonly isTest: boolean
  readonly lines: number
  readonly tokens: readonly Token[]
  readonly imports: readonly (Import & { readonly target: string | undefined })[]
}

/**
 * Checks sources against the map.
 * @param files path from the root of the project, with `/` → text
 * @param reasons files allowed to be long, and why
 */
export function checkArchitecture(
  files: ReadonlyMap<string, string>,
  reasons: Readonly<Record<string, string>> = longFiles,
): Violation[] {
  const sources = [...files].map(([path, text]) => sourceOf(path, text, files))
  return [
    ...sources.flatMap((source) => [
      ...checkImports(source),
      ...checkPurity(source),
      ...checkBarrel(source),
      ...checkLength(source, reasons),
    ]),
    ...checkReasons(files, reasons),
    ...checkFileCycles(sources),
    ...checkRoomCycles(sources),
  ].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line))
}

function sourceOf(path: string, text: string, files: ReadonlyMap<string, string>): Source {
  const tokens = tokensOf(text)
  return {
    path,
    room: roomOf(path),
    isTest: isTest(path),
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    tokens,
    imports: importsOf(tokens).map((each) => ({ ...each, target: targetOf(path, each.specifier, files) })),
  }
}

/** `src/bench/apps/git.ts` → `bench/apps`, `src/cli/main.ts` → `cli`, `web/src/main.tsx` → `web`, `scripts/x.ts` → `scripts`. */
function roomOf(path: string): string {
  const [top = '', wing = '', room = ''] = path.split('/')
  if (top !== 'src') return top
  return layers[wing] === 'door' || path.split('/').length < 4 ? wing : `${wing}/${room}`
}

const wingOf = (room: string): string => room.split('/')[0] ?? room

/** Tests, and what only tests import. */
function isTest(path: string): boolean {
  return /\.(test|fixture)\.tsx?$|(^|\/)testing(-[\w-]+)?\.ts$|\/(e2e|fixtures)\//.test(path)
}

/** The file an import means; undefined for packages, and for what is not there (the compiler reports that). */
function targetOf(path: string, specifier: string, files: ReadonlyMap<string, string>): string | undefined {
  const [, room] = /^#(.+)$/.exec(specifier) ?? []
  if (room !== undefined) return `src/${room}/index.ts`
  if (!specifier.startsWith('.')) return undefined
  const target = normalize(join(dirname(path), specifier))
  return [target, `${target}.ts`, `${target}.tsx`, `${target}/index.ts`].find((candidate) => files.has(candidate))
}

function* checkImports(source: Source): Generator<Violation> {
  for (const { target, specifier, line } of source.imports) {
    if (target === undefined) continue
    const room = roomOf(target)
    if (room === source.room) continue
    const report = (rule: Rule, message: string): Violation => ({ path: source.path, line, rule, message })
    if (source.room === 'web') {
      yield report(
        'web apart',
        `imports '${specifier}', outside web/; the API's types are in web/src/api/client.gen.ts`,
      )
    } else if (target.startsWith('src/') && source.path.startsWith('src/')) {
      const forbidden = arrowMissing(source.room, room)
      if (forbidden !== undefined) yield report('arrows', `imports '${specifier}': ${forbidden}`)
      else if (!specifier.startsWith('#') && room.includes('/') && !source.isTest) {
        yield report('public faces', `imports '${specifier}' from inside another room; import '#${room}'`)
      }
    } else if (source.path.startsWith('src/') && !target.startsWith('src/')) {
      yield report('arrows', `imports '${specifier}', outside src/`)
    }
  }
}

/** Why there is no arrow between two rooms; undefined when there is one. */
function arrowMissing(from: string, to: string): string | undefined {
  const [fromWing, toWing] = [wingOf(from), wingOf(to)]
  const [fromLayer, toLayer] = [layers[fromWing], layers[toWing]]
  if (fromLayer === undefined || toLayer === undefined) {
    return `${fromLayer === undefined ? fromWing : toWing} is not a folder the map knows`
  }
  if (fromWing === toWing) return undefined
  if (arrows.some((arrow) => arrow.from === fromWing && (arrow.to === to || arrow.to === toWing))) return undefined
  if (toLayer === 'door') return 'nothing imports a door'
  if (fromLayer === 'platform') return 'platform imports no wing'
  if (fromLayer === 'wing' && toLayer === 'wing') return `no arrow from ${from} to ${to}`
  return undefined
}

function* checkPurity({ path, room, isTest: test, imports, tokens }: Source): Generator<Violation> {
  if (test || !pureRooms.includes(room)) return
  for (const { specifier, line } of imports) {
    if (specifier.startsWith('node:') && !pureModules.has(specifier)) {
      yield { path, line, rule: 'purity', message: `imports '${specifier}'; ${room} is pure` }
    }
  }
  for (const [at, { kind, text, line }] of tokens.entries()) {
    if (kind !== 'word' || tokens[at - 1]?.text === '.' || tokens[at + 1]?.text === ':') continue
    const member = tokens[at + 1]?.text === '.' ? `${text}.${tokens[at + 2]?.text ?? ''}` : text
    const clock = text === 'Date' && tokens[at - 1]?.text === 'new' && /^[^(]|^$/.test(tokens[at + 1]?.text ?? '')
    const now = text === 'Date' && tokens[at + 1]?.text === '(' && tokens[at + 2]?.text === ')'
    const name = clock || now ? 'new Date()' : [text, member].find((each) => impureNames.has(each))
    if (name !== undefined) yield { path, line, rule: 'purity', message: `uses ${name}; ${room} is pure` }
  }
}

/** A file that only passes on what others export. */
function* checkBarrel({ path, imports, tokens, isTest: test }: Source): Generator<Violation> {
  const isFace = path.endsWith('/index.ts') && path.split('/').length <= 4
  if (isFace || test || !imports.some(({ passesOn }) => passesOn)) return
  const statements = tokens.filter(({ kind, text }) => kind === 'word' && (text === 'export' || text === 'import'))
  const own = tokens.some(({ text }) => ['function', 'const', 'class', 'interface', '='].includes(text))
  if (own || statements.length !== imports.length) return
  yield { path, line: 1, rule: 'no barrels', message: `only passes on other files; only a room's index.ts may` }
}

function* checkLength(
  { path, lines, isTest: test }: Source,
  reasons: Readonly<Record<string, string>>,
): Generator<Violation> {
  const exempt = test || dataFiles.test(path) || !/^(src|web\/src)\//.test(path)
  if (exempt || lines <= lineLimit || reasons[path] !== undefined) return
  yield {
    path,
    line: lineLimit + 1,
    rule: 'short files',
    message: `has ${lines} lines, over ${lineLimit}; split it, or give the reason in scripts/architecture/map.ts`,
  }
}

function* checkReasons(
  files: ReadonlyMap<string, string>,
  reasons: Readonly<Record<string, string>>,
): Generator<Violation> {
  for (const path of Object.keys(reasons)) {
    const text = files.get(path)
    if (text !== undefined && text.split('\n').length - 1 > lineLimit) continue
    yield {
      path: 'scripts/architecture/map.ts',
      line: 1,
      rule: 'short files',
      message: `gives a reason for ${path}, which ${text === undefined ? 'is not there' : `has at most ${lineLimit} lines`}`,
    }
  }
}

/** Cycles between files through what is loaded at run time; types are gone by then. */
function checkFileCycles(sources: readonly Source[]): Violation[] {
  const graph = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.flatMap(({ kind, target }) => (kind === 'type' || target === undefined ? [] : [target])),
    ]),
  )
  return cyclesOf(graph).map((cycle) => ({
    path: cycle[0] ?? '',
    line: lineOf(sources, cycle[0], (target) => target === cycle[1]),
    rule: 'no cycles',
    message: `is in an import cycle: ${[...cycle, cycle[0]].join(' → ')}`,
  }))
}

/** Cycles between rooms, types included: a room that needs another's types is not there without it. */
function checkRoomCycles(sources: readonly Source[]): Violation[] {
  const graph = new Map<string, string[]>()
  for (const { room, isTest: test, path, imports } of sources) {
    if (test || !path.startsWith('src/')) continue
    const targets = imports.flatMap(({ target }) => (target === undefined ? [] : [roomOf(target)]))
    graph.set(room, [...(graph.get(room) ?? []), ...targets.filter((target) => target !== room)])
  }
  return cyclesOf(graph).map((cycle) => {
    const place = sources.find(
      ({ room, isTest: test, imports }) =>
        !test && room === cycle[0] && imports.some(({ target }) => target !== undefined && roomOf(target) === cycle[1]),
    )
    return {
      path: place?.path ?? '',
      line: lineOf(sources, place?.path, (target) => roomOf(target) === cycle[1]),
      rule: 'no cycles',
      message: `closes a cycle between rooms: ${[...cycle, cycle[0]].join(' → ')}`,
    }
  })
}

function lineOf(sources: readonly Source[], path: string | undefined, leadsOn: (target: string) => boolean): number {
  const imports = sources.find((source) => source.path === path)?.imports ?? []
  return imports.find(({ target }) => target !== undefined && leadsOn(target))?.line ?? 1
}
