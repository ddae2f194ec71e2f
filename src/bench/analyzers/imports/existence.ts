import type { RawFinding } from '#bench/findings'
import {
  askRegistry,
  type Declaration,
  type Ecosystem,
  isNpmName,
  type Manifest,
  questionKey,
  type RegistryAnswer,
  type RegistryOptions,
  type RegistryQuestion,
  registryAddress,
} from '#bench/manifests'
import type { Check } from '../contract.ts'
import { atDeclaration, atSite } from './report.ts'
import { popularNeighbour } from './tables/popular.ts'
import type { UndeclaredPackage } from './undeclared-package.ts'

export interface ExistenceReport {
  readonly findings: readonly RawFinding[]
  readonly checks: readonly Check[]
  readonly asked: number
  readonly answered: number
}

/** Asks the registries whether the packages the app names exist, in the versions it pins. */
export async function checkExistence(
  manifests: readonly Manifest[],
  undeclared: readonly UndeclaredPackage[],
  options: RegistryOptions,
): Promise<ExistenceReport> {
  const findings: RawFinding[] = []
  const checks: Check[] = []
  let asked = 0
  let answered = 0
  for (const ecosystem of ['npm', 'pypi'] as const) {
    const own = new Set(
      manifests.flatMap((manifest) => (manifest.ecosystem === ecosystem && manifest.ownName ? [manifest.ownName] : [])),
    )
    const declarations = manifests
      .filter((manifest) => manifest.ecosystem === ecosystem)
      .flatMap((manifest) => manifest.declarations)
      .filter((declaration) => declaration.source === 'registry' && !own.has(declaration.name))
    const imports = undeclared.filter((one) => one.ecosystem === ecosystem && isPublicName(one))
    const title = `Packages exist in the ${ecosystem === 'npm' ? 'npm' : 'PyPI'} registry`
    const check = { id: `registry-${ecosystem}`, title }
    if (declarations.length + imports.length === 0) continue
    findings.push(...lookalikes(ecosystem, declarations))
    if (manifests.some((manifest) => manifest.ecosystem === ecosystem && manifest.otherIndex)) {
      const reason = 'the app also installs from another index: the public one cannot say what exists'
      checks.push({ ...check, outcome: 'not_applicable', reason })
      continue
    }
    const questions: RegistryQuestion[] = [
      ...declarations.map(questionOf),
      ...imports.map(({ name }) => ({ ecosystem, name })),
    ]
    const report = await askRegistry(ecosystem, questions, options)
    asked += report.asked
    answered += report.answers.size
    const missing = [
      ...declarations.flatMap((declaration) =>
        judgeDeclaration(declaration, report.answers.get(questionKey(questionOf(declaration)))),
      ),
      ...imports.flatMap((one) => judgeImport(one, report.answers.get(questionKey({ ecosystem, name: one.name })))),
    ]
    findings.push(...missing)
    if (report.failure !== undefined) {
      const reason = `${registryAddress(ecosystem, options)}: ${report.failure}; ${report.answers.size} of ${report.asked} names were answered`
      checks.push({ ...check, outcome: 'error', reason })
    } else if (missing.length > 0) {
      checks.push({ ...check, outcome: 'fail', reason: `${missing.length} of ${report.asked} do not exist as named` })
    } else checks.push({ ...check, outcome: 'pass' })
  }
  return { findings, checks, asked, answered }
}

function questionOf({ ecosystem, name, pinned }: Declaration): RegistryQuestion {
  return { ecosystem, name, ...(pinned !== undefined && { version: pinned }) }
}

/** A guessed name is asked for, too: its absence makes the finding clearer. */
function isPublicName({ ecosystem, name }: UndeclaredPackage): boolean {
  return ecosystem === 'pypi' || isNpmName(name)
}

function judgeDeclaration(declaration: Declaration, answer: RegistryAnswer | undefined): RawFinding[] {
  const { ecosystem, name, pinned, file } = declaration
  const registry = ecosystem === 'npm' ? 'npm' : 'PyPI'
  if (answer?.kind === 'no-package') {
    const near = popularNeighbour(ecosystem, name)
    const hint = near === undefined ? '' : ` Did you mean ${near}?`
    const message = `${file} declares \`${name}\`, and ${registry} has no package of that name: anybody can register it.${hint}`
    return [atDeclaration('nonexistent-package', declaration, message, { facts: { package: name, registry: 404 } })]
  }
  if (answer?.kind === 'found' && answer.securityHold) {
    const message = `${file} declares \`${name}\`, which ${registry} removed for security and now holds empty (${answer.version}).`
    return [
      atDeclaration('nonexistent-package', declaration, message, { facts: { package: name, version: answer.version } }),
    ]
  }
  if (answer?.kind === 'no-version') {
    const message = `${file} pins \`${name}\` to ${pinned ?? 'its newest version'}, which ${registry} does not have.`
    return [
      atDeclaration('nonexistent-version', declaration, message, {
        facts: { package: name, version: pinned ?? 'latest' },
      }),
    ]
  }
  return []
}

/** Only where the import names the package itself is its absence certain; a Python module can be named differently. */
function judgeImport(
  { site, ecosystem, name, certain }: UndeclaredPackage,
  answer: RegistryAnswer | undefined,
): RawFinding[] {
  if (answer?.kind !== 'no-package') return []
  const registry = ecosystem === 'npm' ? 'npm' : 'PyPI'
  const message = `\`${site.module}\` is imported and declared nowhere, and ${registry} has no package \`${name}\`: whoever registers the name gets it installed.`
  const sure = ecosystem === 'npm' || certain
  return [
    atSite('nonexistent-package', site, message, name, {
      ...(!sure && { severity: 'high', confidence: 'medium' }),
      facts: { package: name, registry: 404 },
    }),
  ]
}

function lookalikes(ecosystem: Ecosystem, declarations: readonly Declaration[]): RawFinding[] {
  return declarations.flatMap((declaration) => {
    const near = popularNeighbour(ecosystem, declaration.name)
    if (near === undefined) return []
    const message = `\`${declaration.name}\` in ${declaration.file} is one letter away from \`${near}\`, which is far better known.`
    return [
      atDeclaration('lookalike-package', declaration, message, { facts: { package: declaration.name, popular: near } }),
    ]
  })
}
