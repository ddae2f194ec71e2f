import { z } from 'zod'
import type { AppSnapshot } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import {
  askRegistry,
  type Manifest,
  questionKey,
  type RegistryOptions,
  type RegistryQuestion,
  readManifests,
  registryAddress,
} from '#bench/manifests'
import { InvalidInput } from '#platform/errors'
import type { AnalysisContext, AnalysisResult, Check } from '../contract.ts'
import { checkAdvisories } from './advisories.ts'
import { type InventoryItem, inventoryOf } from './inventory.ts'
import { judgeItems } from './judge.ts'

const optionsSchema = z.strictObject({
  /** A folder with OSV records (`*.json`), used instead of osv.dev. Default: the environment's ASSAY_OSV_DIR. */
  osvDirectory: z.string().min(1).exactOptional(),
  osvApi: z.url({ protocol: /^https?$/ }).exactOptional(),
  npmRegistry: z.url({ protocol: /^https?$/ }).exactOptional(),
  pypiRegistry: z.url({ protocol: /^https?$/ }).exactOptional(),
})

/** Takes the inventory and holds it against advisories, registries and licences. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const parsed = optionsSchema.safeParse(context.options)
  if (!parsed.success) {
    throw new InvalidInput(`Options of the analyzer dependencies: ${z.prettifyError(parsed.error)}`, {
      next: 'Known options: osvDirectory, osvApi, npmRegistry, pypiRegistry.',
    })
  }
  const options = parsed.data
  const { cache, network, now, signal } = context
  const manifests = await readManifests(app, signal)
  const items = inventoryOf(manifests)
  const shared = { cache, network, now, signal, log: (message: string) => context.log(message) }
  const directory = options.osvDirectory ?? (process.env['ASSAY_OSV_DIR'] || undefined)
  const advisories = await checkAdvisories(items, directory, {
    ...shared,
    address: options.osvApi ?? 'https://api.osv.dev',
  })
  const described = await describe(items, manifests, { ...options, ...shared })
  const judged = items.filter((item) => item.version !== undefined).length
  return {
    findings: [...advisories.findings, ...judgeItems(described.items, manifests), ...malformedLocks(manifests)],
    metrics: {
      'dependencies.total': items.length,
      'dependencies.direct': items.filter((item) => item.direct).length,
      'dependencies.versioned': judged,
      'dependencies.judged': advisories.judged,
      'dependencies.licence-unknown': described.items.filter((item) => item.licence === undefined).length,
    },
    coverage: coverageOf(manifests, items, advisories.check),
    checks: [advisories.check, ...described.checks],
  }
}

/** Fills in what only the registries know of the direct dependencies: deprecation, licence, install scripts. */
async function describe(
  items: readonly InventoryItem[],
  manifests: readonly Manifest[],
  options: RegistryOptions,
): Promise<{ readonly items: readonly InventoryItem[]; readonly checks: readonly Check[] }> {
  const found = new Map<InventoryItem, InventoryItem>()
  const checks: Check[] = []
  for (const ecosystem of ['npm', 'pypi'] as const) {
    const otherIndex = manifests.some((manifest) => manifest.ecosystem === ecosystem && manifest.otherIndex)
    const open = items.filter(
      (item) => item.ecosystem === ecosystem && item.direct && item.source === 'registry' && item.licence === undefined,
    )
    if (open.length === 0 || otherIndex) continue
    const report = await askRegistry(ecosystem, open.map(questionOf), options)
    for (const item of open) {
      const answer = report.answers.get(questionKey(questionOf(item)))
      if (answer?.kind === 'found') found.set(item, { ...item, ...pick(answer) })
    }
    const check = {
      id: `registry-${ecosystem}`,
      title: `Licences and deprecations from ${ecosystem === 'npm' ? 'npm' : 'PyPI'}`,
    }
    if (report.failure === undefined) checks.push({ ...check, outcome: 'pass' })
    else {
      const reason = `${registryAddress(ecosystem, options)}: ${report.failure}; ${report.answers.size} of ${report.asked} were answered`
      checks.push({ ...check, outcome: 'error', reason })
    }
  }
  return { items: items.map((item) => found.get(item) ?? item), checks }
}

function questionOf({ ecosystem, name, version }: InventoryItem): RegistryQuestion {
  return { ecosystem, name, ...(version !== undefined && { version }) }
}

function pick(answer: { readonly licence?: string; readonly deprecated?: string; readonly installScript?: boolean }) {
  const { licence, deprecated, installScript } = answer
  return {
    ...(licence !== undefined && { licence }),
    ...(deprecated !== undefined && { deprecated }),
    ...(installScript !== undefined && { installScript }),
  }
}

/**
 * Files read and judged, and as gaps those that could not be, and the packages no advisory can be held against. Without
 * advisories, no file is judged that names a version: nothing found there would look like nothing wrong.
 */
function coverageOf(
  manifests: readonly Manifest[],
  items: readonly InventoryItem[],
  advisories: Check,
): AnalysisResult['coverage'] {
  const gaps = new Map<string, string>()
  for (const { problems, path, dynamic } of manifests) {
    const [problem] = problems
    if (problem) gaps.set(path, `line ${problem.line}: ${problem.message}`)
    else if (dynamic !== undefined) gaps.set(path, dynamic)
  }
  if (advisories.outcome === 'error') {
    const reason = `known vulnerabilities could not be looked up: ${advisories.reason ?? 'no reason given'}`
    for (const { version, source, file } of items) {
      if (version !== undefined && source === 'registry' && !gaps.has(file)) gaps.set(file, reason)
    }
  }
  const broken = gaps.size
  const files = new Set(items.map((item) => item.file))
  for (const file of files) {
    const own = items.filter((item) => item.file === file)
    const open = own.filter((item) => item.version === undefined && item.source === 'registry')
    if (open.length > 0 && !gaps.has(file)) {
      gaps.set(
        file,
        `${open.length} of ${own.length} packages have no fixed version: advisories cannot be judged for them`,
      )
    }
  }
  return {
    analysed: manifests.length - broken,
    total: manifests.length,
    gaps: [...gaps].map(([path, reason]) => ({ path, reason })),
  }
}

function malformedLocks(manifests: readonly Manifest[]): RawFinding[] {
  return manifests
    .filter(({ format }) => /lock/.test(format))
    .flatMap((manifest) =>
      manifest.problems.map(({ file, line, column, message }) => ({
        rule: 'malformed-lock-file',
        message: `${file}, line ${line}: ${message}.`,
        location: { kind: 'file' as const, path: file, region: { startLine: line, startColumn: column } },
        subject: message,
      })),
    )
}
