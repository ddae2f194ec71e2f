import { type AppSnapshot, readText } from '#bench/apps'
import { readManifests } from '#bench/manifests'
import type { LaunchOptions } from '../launch.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { importedDistributions } from './distributions.ts'
import { provisionNpm } from './npm.ts'
import { provisionPip, type Wanted, wantedPackages } from './pip.ts'
import type { Provisioned } from './provisioned.ts'

/**
 * Makes the packages an app declares ready for its sandbox: installed from the registries this machine is configured for, kept from an
 * earlier time, or what the machine has. Nothing of a package runs while it is installed.
 *
 * @throws SandboxUnavailable, the signal's reason
 */
export async function provisionApp(
  app: AppSnapshot,
  plan: LaunchPlan,
  options: LaunchOptions,
): Promise<Provisioned & { readonly declared: ReadonlySet<string> }> {
  const all: Provisioned[] = []
  const declarations = (await readManifests(app, options.signal)).flatMap((manifest) => manifest.declarations)
  if (plan.servers.some(({ runtime }) => runtime === 'python')) all.push(await pythonPackages(app, plan, options))
  const manifests = new Set(app.files.map(({ path }) => path).filter((path) => /(?:^|\/)package\.json$/.test(path)))
  const folders = new Map<string, boolean>()
  for (const server of plan.servers) {
    if (server.runtime === 'node') folders.set(nearest(server.start.cwd, manifests), server.part.framework === 'next')
  }
  if (plan.pages?.build !== undefined) folders.set(nearest(plan.pages.build.cwd, manifests), false)
  let index = 0
  for (const [folder, copy] of folders) {
    all.push(await provisionNpm(app, folder, index, copy, options))
    index += 1
  }
  return {
    provisions: all.flatMap(({ provisions }) => provisions),
    mounts: all.flatMap(({ mounts }) => mounts),
    environment: Object.assign({}, ...all.map(({ environment }) => environment)),
    links: all.flatMap(({ links }) => links),
    declared: new Set(declarations.map(({ name }) => name)),
  }
}

async function pythonPackages(app: AppSnapshot, plan: LaunchPlan, options: LaunchOptions): Promise<Provisioned> {
  const manifests = await readManifests(app, options.signal)
  const wanted = wantedPackages(manifests)
  if (wanted.length === 0) {
    if (manifests.some(({ ecosystem }) => ecosystem === 'pypi'))
      return { provisions: [], mounts: [], environment: {}, links: [] }
    const imported = await importedBy(app)
    const note = `The app declares no packages; those it imports are installed: ${imported.join(', ')}.`
    return provisionPip(
      imported.map((name) => ({ name, specifier: '', extras: [] })),
      note,
      options,
    )
  }
  const known = new Set(wanted.map(({ name }) => name))
  // The framework beside the declared packages, so that both are of one time; the machine's own may be much older.
  const frameworks = plan.servers.flatMap(({ part, runtime, start }): string[] => {
    const runs = start.argv[1] === '-m' ? [start.argv[2] ?? ''] : []
    return runtime === 'python' && part.framework !== 'python'
      ? [part.framework, ...runs.filter((name) => name === 'uvicorn')]
      : []
  })
  const added = [...new Set(frameworks)].filter((name) => !known.has(name))
  const all: Wanted[] = [...wanted, ...added.map((name) => ({ name, specifier: '', extras: [] }))]
  const note = added.length === 0 ? undefined : `Not declared and added: ${added.join(', ')}.`
  return provisionPip(all, note, options)
}

async function importedBy(app: AppSnapshot): Promise<string[]> {
  const found = new Set<string>()
  for (const file of app.files) {
    if (file.language !== 'python' || file.role !== 'source') continue
    for (const name of importedDistributions(await readText(app, file))) found.add(name)
  }
  return [...found].toSorted()
}

/** The folder of the nearest `package.json` at or above a folder. */
function nearest(folder: string, manifests: ReadonlySet<string>): string {
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    if (manifests.has(at === '' ? 'package.json' : `${at}/package.json`)) return at
    if (at === '') return folder
  }
}
