import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Analyzer, analyzerById, analyzers } from '#bench/analyzers'
import { type AppSnapshot, decode, snapshotDirectory } from '#bench/apps'
import { type Finding, mergeFindings, scaffoldIndex, severities, toFindings, withProvenance } from '#bench/findings'
import { analyzeApp } from './analyzers/testing.ts'
import { examples, type Label, type NearMiss, readExpected } from './corpus.ts'
import { type RegistryStandIn, registryStandIn } from './registry-stand-in.ts'

const expected = readExpected()
/** The corpus is labelled by what its code says; what needs a running app has labelled apps of its own. */
const readers = analyzers.filter(({ needs }) => needs.running !== true)
const apps = ['careful', 'hasty', 'careless'].flatMap((model) =>
  ['app1', 'app2', 'app3'].map((app) => `${model}/${app}`),
)
/** A label is found up to this many lines away: tools point at the decorator, the argument or the closing line. */
const tolerance = 1
/** A finding over more lines than this counts for the line it starts at only. */
const widest = 12

/** What osv.dev says of the outdated versions the corpus pins, as far as needed here. */
const advisories = join(import.meta.dirname, 'fixtures', 'osv')

const snapshots = new Map<string, AppSnapshot>()
const seen = new Map<string, Finding[]>()
const failures: { readonly analyzer: string; readonly error: unknown }[] = []
const store = mkdtempSync(join(tmpdir(), 'assay-corpus-'))
let registry: RegistryStandIn

beforeAll(async () => {
  registry = await registryStandIn()
  for (const app of apps) snapshots.set(app, await snapshotDirectory(join(examples, app), { store }))
  for (const [app, snapshot] of snapshots) seen.set(app, await findingsOf(snapshot))
}, 300_000)

afterAll(async () => {
  await registry[Symbol.asyncDispose]()
  rmSync(store, { recursive: true, force: true })
})

describe('the labels', () => {
  test('name apps, files and lines that hold their text', () => {
    const wrong = [...expected.labels, ...expected.correct].filter(({ app, file, line, text }) => {
      const lines = readFileSync(join(examples, app, file), 'utf8').split('\n')
      return !apps.includes(app) || lines[line - 1]?.includes(text) !== true
    })
    expect(wrong).toEqual([])
  })

  test('name analyzers there are', () => {
    const named = new Set(expected.labels.flatMap((label) => label.analyzers))
    expect([...named].filter((id) => analyzerById(id) === undefined)).toEqual([])
  })

  test('name rules their analyzers have', () => {
    const named = [
      ...expected.labels.flatMap(({ defect, also }) => [defect, ...also]),
      ...expected.correct.flatMap(({ mustNot }) => mustNot),
    ].filter((kind) => kind.includes('/'))
    const unknown = [...new Set(named)].filter((kind) => {
      const slash = kind.indexOf('/')
      const analyzer = analyzerById(kind.slice(0, slash))
      return analyzer !== undefined && analyzer.rule(kind.slice(slash + 1)) === undefined
    })
    expect(unknown).toEqual([])
  })

  test('lie in every app of the hasty and the careless variant, and only in the scaffold of the careful one', () => {
    const labelled = new Set(expected.labels.map(({ app }) => app))
    expect(apps.filter((app) => !labelled.has(app))).toEqual(['careful/app2', 'careful/app3'])
    const careful = expected.labels.filter(({ app }) => app.startsWith('careful/'))
    expect(careful.map(({ provenance }) => provenance)).toEqual(['scaffold'])
  })

  test('are not given away by a comment', () => {
    const tell = /(#|\/\/|\/\*|<!--).*\b(vulnerab|insecure|unsafe|planted|CWE-|exploit|injection)/i
    const told = apps.flatMap((app) =>
      filesOf(app).flatMap((file) => {
        const lines = readFileSync(join(examples, app, file), 'utf8').split('\n')
        return lines.filter((line) => tell.test(line)).map((line) => `${app}/${file}: ${line}`)
      }),
    )
    expect(told).toEqual([])
  })
})

describe.each(readers.map(({ id }) => id))('%s', (id) => {
  const labels = expected.labels.filter((label) => label.analyzers.includes(id))

  test('analyses every app it applies to', () => {
    expect(failures.filter(({ analyzer }) => analyzer === id)).toEqual([])
  })

  test.skipIf(labels.length === 0)(`finds its ${labels.length} labels`, () => {
    const missed = labels.filter((label) => !findingsAt(label).some((finding) => sawIt(finding, label, id)))
    expect(missed.map(describeLabel), table(`${id} misses ${missed.length} of ${labels.length}`, missed)).toEqual([])
  })

  test('flags no near miss', () => {
    const flagged = expected.correct.flatMap((place) =>
      (seen.get(place.app) ?? [])
        .filter((finding) => covers(finding, place, 0) && finding.witnesses.some(({ analyzer }) => analyzer === id))
        .filter((finding) => place.mustNot.some((kind) => isKind(finding, kind)))
        .map((finding) => `${place.app}/${place.file}:${place.line} ${finding.rule} (${place.note}) ${place.text}`),
    )
    expect(flagged, `\n${flagged.join('\n')}\n`).toEqual([])
  })
})

describe('paths', () => {
  const flows = expected.labels.filter(({ path }) => path !== undefined)

  test(`of ${flows.length} labels lead from source to sink`, () => {
    expect(flows.length).toBeGreaterThan(60)
    const astray = flows.flatMap((label) => {
      const paths = findingsAt(label)
        .filter((finding) => sawIt(finding, label, 'dataflow'))
        .map((finding) => endsOf(finding))
      return paths.some((ends) => isPathOf(ends, label)) ? [] : [`${describeLabel(label)}: ${JSON.stringify(paths)}`]
    })
    expect(astray).toEqual([])
  })
})

describe('merged findings', () => {
  test('are as severe as the labels say', () => {
    const mild = expected.labels.filter((label) => {
      const found = findingsAt(label).filter((finding) =>
        [label.defect, ...label.also].some((kind) => isKind(finding, kind)),
      )
      return found.length > 0 && !found.some((finding) => rank(finding.severity) <= rank(label.severityAtLeast))
    })
    expect(mild.map(describeLabel), table('too mild', mild)).toEqual([])
  })

  test('tell the scaffold from the model', () => {
    const compared = [...snapshots]
      .filter(([app]) => app.endsWith('/app1'))
      .map(([app, snapshot]) => ({ app, snapshot }))
    const index = scaffoldIndex(
      compared.map(({ app, snapshot }) => ({
        model: app.split('/')[0] ?? null,
        files: snapshot.files.map(({ path, digest }) => ({ path, digest, lines: () => linesOf(snapshot, path) })),
      })),
    )
    const wrong = compared.flatMap(({ app, snapshot }) => {
      const findings = withProvenance(seen.get(app) ?? [], {
        index,
        file: (path) => snapshot.files.find((file) => file.path === path),
        lines: (path) => linesOf(snapshot, path),
      })
      return findings
        .filter(({ location }) => location.kind === 'file' && location.path.startsWith('frontend/index.html'))
        .filter(({ provenance }) => provenance !== 'scaffold')
    })
    expect(wrong).toEqual([])
  })
})

async function findingsOf(snapshot: AppSnapshot): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const analyzer of readers) {
    if (!analyzer.applies(snapshot).applies) continue
    const options = localOptions(analyzer)
    try {
      const result = await analyzeApp(analyzer, snapshot, options ?? {}, options !== undefined)
      findings.push(...toFindings(analyzer, result, (path) => textOf(snapshot, path)))
    } catch (error) {
      failures.push({ analyzer: analyzer.id, error })
    }
  }
  return mergeFindings(findings)
}

/** What analyzers that ask the network are told, so that they ask this process only. */
function localOptions(analyzer: Analyzer): Record<string, unknown> | undefined {
  const registries = { npmRegistry: registry.address, pypiRegistry: registry.address }
  if (analyzer.id === 'imports') return registries
  if (analyzer.id === 'dependencies') return { ...registries, osvDirectory: advisories }
  return undefined
}

function findingsAt(label: Label): Finding[] {
  return (seen.get(label.app) ?? []).filter((finding) => covers(finding, label, tolerance))
}

function sawIt(finding: Finding, label: Label, analyzer: string): boolean {
  const kinds = [label.defect, ...label.also]
  return (
    finding.witnesses.some((witness) => witness.analyzer === analyzer) && kinds.some((kind) => isKind(finding, kind))
  )
}

/** Where the path of a finding begins and ends: `file:line`. */
function endsOf({ evidence }: Finding): readonly [string, string] | undefined {
  const places = (evidence.path ?? []).map(({ location }) =>
    location.kind === 'file' ? `${location.path}:${location.region?.startLine}` : '',
  )
  const [first] = places
  const last = places.at(-1)
  return first === undefined || last === undefined ? undefined : [first, last]
}

function isPathOf(ends: readonly [string, string] | undefined, { file, path }: Label): boolean {
  if (ends === undefined || path === undefined) return false
  const sources = [path.source].flat().map((line) => `${file}:${line}`)
  return sources.includes(ends[0]) && ends[1] === `${file}:${path.sink}`
}

function isKind(finding: Finding, kind: string): boolean {
  return finding.defect === kind || finding.witnesses.some(({ analyzer, rule }) => `${analyzer}/${rule}` === kind)
}

function covers({ location }: Finding, place: Label | NearMiss, distance: number): boolean {
  if (location.kind !== 'file' || location.path !== place.file) return false
  if ('anywhere' in place) return true
  if (location.region === undefined) return false
  const { startLine, endLine = startLine } = location.region
  const last = endLine - startLine < widest ? endLine : startLine
  const reach = 'within' in place ? (place.within ?? 0) : 0
  return startLine <= place.line + distance + reach && last >= place.line - distance
}

function rank(severity: Finding['severity']): number {
  return severities.indexOf(severity)
}

function textOf(snapshot: AppSnapshot, path: string): string | undefined {
  const file = snapshot.files.find((each) => each.path === path)
  return file?.encoding && decode(readFileSync(join(snapshot.root, path)), file.encoding)
}

function linesOf(snapshot: AppSnapshot, path: string): string[] {
  return (textOf(snapshot, path) ?? '').split('\n')
}

function filesOf(app: string): string[] {
  return readdirSync(join(examples, app), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(examples, app).length + 1))
}

function describeLabel({ app, file, line, defect }: Label): string {
  return `${app}/${file}:${line} ${defect}`
}

function table(title: string, labels: readonly Label[]): string {
  const rows = labels.map((label) => {
    const near = findingsAt(label).map(({ rule, severity }) => `${rule} ${severity}`)
    return [describeLabel(label), label.text.slice(0, 60), near.length === 0 ? 'nothing' : `only ${near.join(', ')}`]
  })
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return `\n${title}:\n${lines.join('\n')}\n`
}
