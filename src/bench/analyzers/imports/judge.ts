import { dirname } from 'node:path/posix'
import type { RawFinding } from '#bench/findings'
import type { Manifest } from '#bench/manifests'
import type { AppFiles } from './app-files.ts'
import { missingManifests } from './missing-manifests.ts'
import { missingNames, type NameContext } from './missing-names.ts'
import type { PythonTarget } from './python-version.ts'
import { atSite, manifestToName, severityAt } from './report.ts'
import type { Resolution } from './resolution.ts'
import type { Scope, Scopes } from './scope.ts'
import type { ImportSite } from './site.ts'
import type { SourceFile } from './sources.ts'
import { loadedModule, mayProvide } from './tables/python-distributions.ts'
import { hasModule } from './tables/python-standard-library.ts'
import type { UndeclaredPackage } from './undeclared-package.ts'

export interface JudgeContext extends NameContext {
  readonly files: AppFiles
  readonly scopes: Scopes
  readonly manifests: readonly Manifest[]
  readonly python: PythonTarget | undefined
}

export interface Judgement {
  readonly findings: readonly RawFinding[]
  readonly undeclared: readonly UndeclaredPackage[]
  readonly imported: ReadonlySet<string>
  readonly guessedModules: ReadonlySet<string>
  readonly counts: Readonly<Record<Resolution['kind'], number>>
}

/** Judges every import of the app. */
export function judgeImports(context: JudgeContext): Judgement {
  const findings: RawFinding[] = []
  const undeclared: UndeclaredPackage[] = []
  const imported = new Set<string>()
  const guessedModules = new Set<string>()
  const counts = { 'standard-library': 0, local: 0, package: 0, unresolved: 0, 'no-builtin': 0, external: 0 }
  const reported = new Set<string>()
  for (const source of context.sources.values()) {
    for (const site of source.facts.sites) {
      const module = source.ecosystem === 'pypi' ? loadedModule(site.module, site.names[0]?.name) : site.module
      const resolution = context.resolve(module, site.file)
      counts[resolution.kind]++
      if (resolution.kind === 'package') {
        const scope = context.scopes.of(site.file, source.ecosystem)
        const declared = declaredName(resolution, site, source.ecosystem, scope)
        for (const name of [resolution.name, ...resolution.alternatives, ...(declared ? [declared] : [])]) {
          imported.add(`${source.ecosystem} ${name}`)
        }
        if (!resolution.known) guessedModules.add(site.module.split('.')[0] ?? site.module)
        const judged = judgePackage(site, source, resolution, declared, scope)
        const key = `${judged?.finding.rule} ${site.file} ${resolution.name}`
        if (judged === undefined || reported.has(key)) continue
        reported.add(key)
        if (judged.undeclared) undeclared.push(judged.undeclared)
        // Code that goes on without the package needs no declaration, as long as the package exists.
        if (!site.optional) findings.push(judged.finding)
      } else findings.push(...judgeOther(site, source, resolution, context))
    }
  }
  const { kept, missing } = missingManifests(findings, undeclared, context.scopes)
  return { findings: [...kept, ...missing], undeclared, imported, guessedModules, counts }
}

/** The declared package that satisfies the import. */
function declaredName(
  resolution: Resolution & { kind: 'package' },
  site: ImportSite,
  ecosystem: 'npm' | 'pypi',
  scope: Scope,
): string | undefined {
  const exact = [resolution.name, ...resolution.alternatives].find((name) => scope.declared.has(name))
  if (exact !== undefined) return exact
  if (ecosystem === 'npm') {
    const types = `@types/${resolution.name.replace(/^@([^/]+)\//, '$1__')}`
    return site.typeOnly && scope.declared.has(types) ? types : undefined
  }
  const top = site.module.split('.')[0] ?? site.module
  for (const name of scope.declared.keys()) {
    // Portions of large namespaces: google-cloud-x, azure-x. And names by custom: python-magic, django-x.
    if (site.module.includes('.') && name.startsWith(`${top}-`) && namespaces.has(top)) return name
    if (!resolution.known && mayProvide(name, top)) return name
  }
  return undefined
}

const namespaces = new Set([
  'google',
  'azure',
  'opentelemetry',
  'jaraco',
  'zope',
  'sphinxcontrib',
  'backports',
  'flaskext',
])

function judgePackage(
  site: ImportSite,
  source: SourceFile,
  resolution: Resolution & { kind: 'package' },
  declared: string | undefined,
  scope: Scope,
): { readonly finding: RawFinding; readonly undeclared?: UndeclaredPackage } | undefined {
  const { ecosystem, file } = source
  const isTest = file.role === 'test' || isTooling(file.path)
  const manifest = manifestToName(scope.manifests)
  if (declared !== undefined) {
    const kinds = new Set(scope.declared.get(declared)?.map((declaration) => declaration.kind))
    const runsInProduction =
      file.role === 'source' && !site.typeOnly && !site.optional && !isBundled(scope) && !isTooling(file.path)
    if (!(kinds.size === 1 && kinds.has('dev') && runsInProduction)) return undefined
    const where = scope.declared.get(declared)?.[0]
    const message = `\`${site.module}\` is imported by ${site.file}, but ${where?.file ?? manifest} declares \`${declared}\` for development only.`
    return { finding: atSite('dev-dependency-at-runtime', site, message, declared) }
  }
  if (scope.dynamic !== undefined || site.file.endsWith('setup.py')) return undefined
  const severity = severityAt(site, isTest)
  const bringer = [resolution.name, ...resolution.alternatives]
    .map((name) => scope.bringer(name))
    .find((found) => found !== undefined)
  if (bringer !== undefined) {
    const message = `\`${site.module}\` comes from \`${resolution.name}\`, which ${manifest} does not declare; only \`${bringer}\` brings it along.`
    const fix = `Add ${resolution.name} to ${manifest}.`
    const mild = site.typeOnly || isTest ? 'info' : 'low'
    return { finding: atSite('transitive-import', site, message, resolution.name, { severity: mild, fix }) }
  }
  const either =
    resolution.alternatives.length > 0 ? ` (or ${resolution.alternatives.map((name) => `\`${name}\``).join(', ')})` : ''
  const guess = resolution.known ? '' : ', by its name'
  const consequence = site.typeOnly
    ? 'Only types are taken.'
    : isTest
      ? 'Tests or tools cannot run.'
      : site.lazy
        ? 'The code that needs it fails.'
        : 'The app will not start.'
  const what = ecosystem === 'npm' ? site.module : `import ${site.module}`
  const message = `\`${what}\` needs the package \`${resolution.name}\`${either}${guess}, which ${manifest} does not declare. ${consequence}`
  return {
    finding: atSite('undeclared-import', site, message, resolution.name, {
      severity,
      confidence: resolution.known ? 'high' : 'medium',
      fix: `Add ${resolution.name} to ${manifest}.`,
      facts: { package: resolution.name, ecosystem },
    }),
    undeclared: { site, ecosystem, name: resolution.name, certain: resolution.known },
  }
}

/** A bundler puts what it needs into the result: which section declares it does not matter when it runs. */
function isBundled(scope: Scope): boolean {
  return [
    'vite',
    'webpack',
    'next',
    'nuxt',
    'parcel',
    'rollup',
    'esbuild',
    'react-scripts',
    '@vue/cli-service',
    '@sveltejs/kit',
    'astro',
    '@angular/cli',
    'tsup',
    '@nestjs/cli',
  ].some((name) => scope.declared.has(name))
}

function isTooling(path: string): boolean {
  return /(?:^|\/)(?:scripts?|tools?|bench(?:marks?)?|examples?|types|tasks?|migrations?|seeds?|docs?|\.storybook)\/|\.stories\.|(?:^|\/)(?:gulpfile|gruntfile|noxfile|tasks|fabfile|seed)\.\w+$/i.test(
    path,
  )
}

function judgeOther(site: ImportSite, source: SourceFile, resolution: Resolution, context: JudgeContext): RawFinding[] {
  const severity = severityAt(site, source.file.role === 'test')
  if (resolution.kind === 'no-builtin') {
    const message = `Node.js has no module \`${site.module}\`.`
    return [
      atSite('undeclared-import', site, message, site.module, {
        severity,
        fix: 'Import a module Node.js has, or a package.',
      }),
    ]
  }
  if (resolution.kind === 'standard-library') return judgeStandard(site, resolution, context)
  if (resolution.kind === 'unresolved') return [unresolved(site, resolution, severity)]
  if (resolution.kind !== 'local') return []
  const findings = source.ecosystem === 'pypi' ? scriptImport(site, context) : []
  if (site.star || site.module.endsWith('.json')) return findings
  for (const { name, meant } of missingNames(site, resolution.file, context)) {
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
    const where = resolution.file ?? site.module
    const what = name.name === 'default' ? 'has no default export' : `has no ${name.name}`
    const shown = name.name === 'default' ? `the default export of ${site.module}` : `${name.name} from ${site.module}`
    findings.push({
      ...atSite(
        'unresolved-local-import',
        site,
        `${shown} is imported, but ${where} ${what}.${hint}`,
        `${site.module}:${name.name}`,
        {
          severity: name.typeOnly ? 'low' : severity,
          ...(meant !== undefined && { fix: `Import ${meant}, or add ${name.name} to ${where}.` }),
        },
      ),
      location: { kind: 'file', path: site.file, region: name.region },
    })
  }
  return findings
}

function unresolved(
  site: ImportSite,
  { looked, otherCase }: Resolution & { kind: 'unresolved' },
  severity: RawFinding['severity'],
): RawFinding {
  if (otherCase !== undefined) {
    const message = `\`${site.module}\` leads to ${looked}, but the file is named ${otherCase}.`
    return atSite('import-case-mismatch', site, message, site.module, { ...(severity && { severity }) })
  }
  const message = `\`${site.module}\` is imported, but the app has no ${looked}.`
  return atSite('unresolved-local-import', site, message, site.module, { ...(severity && { severity }) })
}

function judgeStandard(
  site: ImportSite,
  availability: Resolution & { kind: 'standard-library' },
  context: JudgeContext,
): RawFinding[] {
  if (site.optional || site.typeOnly || (availability.since === undefined && availability.removed === undefined))
    return []
  const { python } = context
  const top = site.module.split('.')[0] ?? site.module
  const scope = context.scopes.of(site.file, 'pypi')
  // setuptools keeps distutils alive; backports carry the module under its own name or one close to it.
  if (
    [...scope.declared.keys()].some(
      (name) => name.includes(top.replace(/_/g, '-')) || (top === 'distutils' && name === 'setuptools'),
    )
  )
    return []
  const says = python && `${python.file} asks for Python ${python.version}`
  if (python && !hasModule(availability, python.version)) {
    const why =
      availability.removed && Number(python.version.split('.')[1]) >= Number(availability.removed.split('.')[1])
        ? `was removed in Python ${availability.removed}`
        : `exists only since Python ${availability.since}`
    return [atSite('removed-standard-module', site, `${top} ${why}, and ${says}.`, top, { severity: 'high' })]
  }
  if (python || availability.removed === undefined) return []
  return [
    atSite(
      'removed-standard-module',
      site,
      `${top} was removed in Python ${availability.removed}, and nothing says which Python the app needs.`,
      top,
    ),
  ]
}

/** A relative import at the top of a file that is started as a script, or that lies in the app's root. */
function scriptImport(site: ImportSite, { files, sources }: JudgeContext): RawFinding[] {
  if (!site.module.startsWith('.') || site.optional || site.lazy || site.typeOnly) return []
  const folder = dirname(site.file) === '.' ? '' : dirname(site.file)
  if (files.has(folder === '' ? '__init__.py' : `${folder}/__init__.py`)) return []
  const isScript = sources.get(site.file)?.facts.exports.isScript === true
  if (!isScript) return []
  const message = `${site.file} is started as a script and imports \`${site.module}\` relatively, but its folder is no package.`
  return [atSite('relative-import-in-script', site, message, site.module)]
}
