import { type AppSnapshot, readText } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import { type Manifest, ManifestSyntaxError, memberOf, parseJson, readManifests } from '#bench/manifests'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { readAliases } from './aliases.ts'
import { appFiles } from './app-files.ts'
import { checkExistence } from './existence.ts'
import { judgeImports } from './judge.ts'
import { readOptions } from './options.ts'
import { pythonTarget } from './python-version.ts'
import { atDeclaration } from './report.ts'
import type { Resolution } from './resolution.ts'
import { resolveJavaScript } from './resolve-javascript.ts'
import { resolvePython } from './resolve-python.ts'
import { installCommands, Scopes } from './scope.ts'
import { scriptBlocks } from './script-blocks.ts'
import { readSources } from './sources.ts'
import { mayProvide, providersOf } from './tables/python-distributions.ts'
import { unusedDependencies } from './unused.ts'

/** Resolves every import, then asks the registries about what is declared. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const options = readOptions(context.options)
  const manifests = await readManifests(app, context.signal)
  const commands = await installCommands(app)
  const sources = await readSources(app, context.signal)
  const { aliases, gaps } = await readAliases(app)
  const files = appFiles(app)
  const scopes = new Scopes([...manifests, ...commands])
  const resolve = resolver(app, files, manifests, scopes, aliases, await readImportMaps(app))
  const python = await pythonTarget(app, manifests)
  const judged = judgeImports({ sources: sources.files, files, scopes, manifests, python, resolve })
  context.signal.throwIfAborted()
  const unused = await unusedDependencies({
    app,
    sources,
    manifests,
    imported: judged.imported,
    guessedModules: judged.guessedModules,
  })
  const existence = await checkExistence(manifests, judged.undeclared, {
    ...options,
    cache: context.cache,
    network: context.network,
    now: context.now,
    signal: context.signal,
    log: context.log,
  })
  const allGaps = [...sources.gaps, ...gaps]
  return {
    findings: [
      ...judged.findings,
      ...existence.findings,
      ...unused.map((declaration) =>
        atDeclaration(
          'unused-dependency',
          declaration,
          `${declaration.file} declares ${declaration.name}, and nothing in the app uses it.`,
        ),
      ),
      ...malformed(manifests),
    ],
    metrics: {
      'imports.total': Object.values(judged.counts).reduce((sum, count) => sum + count, 0),
      'imports.standard-library': judged.counts['standard-library'],
      'imports.local': judged.counts.local,
      'imports.packages': judged.counts.package,
      'imports.unresolved': judged.counts.unresolved + judged.counts['no-builtin'],
      'imports.not-judged': judged.counts.external,
      'packages.declared': manifests.reduce((sum, manifest) => sum + manifest.declarations.length, 0),
      'packages.asked': existence.asked,
      'packages.answered': existence.answered,
    },
    coverage: { analysed: sources.total - sources.gaps.length, total: sources.total, gaps: allGaps },
    checks: existence.checks,
  }
}

/** Resolves modules of both ecosystems; the same module asked from the same folder is resolved once. */
function resolver(
  app: AppSnapshot,
  files: ReturnType<typeof appFiles>,
  manifests: readonly Manifest[],
  scopes: Scopes,
  aliases: Awaited<ReturnType<typeof readAliases>>['aliases'],
  importMap: readonly string[],
): (module: string, from: string) => Resolution {
  const packages = manifests.filter((manifest) => manifest.format === 'package.json')
  const roots = [...new Set(app.components.map((component) => component.path))]
  const known = new Map<string, Resolution>()
  return (module, from) => {
    const isPython = from.endsWith('.py')
    const folder = from.slice(0, from.lastIndexOf('/') + 1)
    // What a Python module finds under its own name is its own affair.
    const key = module.startsWith(from.slice(folder.length).replace(/\.py$/, ''))
      ? `${from} ${module}`
      : `${folder} ${isPython} ${module}`
    const before = known.get(key)
    if (before) return before
    const found = isPython
      ? resolvePython(module, from, {
          files,
          roots,
          declares(name) {
            const { declared } = scopes.of(from, 'pypi')
            const { distributions } = providersOf(name)
            const top = name.split('.')[0] ?? name
            return (
              distributions.some((one) => declared.has(one)) || [...declared.keys()].some((one) => mayProvide(one, top))
            )
          },
        })
      : resolveJavaScript(module, from, { files, aliases, packages, importMap })
    known.set(key, found)
    return found
  }
}

/** Names defined by `<script type="importmap">` in the app's pages. */
async function readImportMaps(app: AppSnapshot): Promise<readonly string[]> {
  const names: string[] = []
  for (const file of app.files) {
    if (file.language !== 'html' || file.kind !== 'text' || file.size > 500_000) continue
    const text = await readText(app, file)
    const at = text.indexOf('importmap')
    if (at === -1) continue
    const block = scriptBlocks(text.slice(text.lastIndexOf('<script', at)))[0]
    try {
      const entries = block && memberOf(parseJson(block.text), 'imports')
      if (entries?.kind === 'object') names.push(...entries.members.keys())
    } catch (error) {
      if (!(error instanceof ManifestSyntaxError)) throw error
    }
  }
  return names
}

function malformed(manifests: readonly Manifest[]): RawFinding[] {
  return manifests.flatMap((manifest) =>
    manifest.problems.map(({ file, line, column, message }) => ({
      rule: 'malformed-manifest',
      message: `${file}, line ${line}: ${message}.`,
      location: { kind: 'file' as const, path: file, region: { startLine: line, startColumn: column } },
      subject: message,
    })),
  )
}
