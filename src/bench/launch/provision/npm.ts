import { createHash } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join, posix } from 'node:path'
import { type AppSnapshot, readText } from '#bench/apps'
import type { SandboxResult } from '#bench/sandbox'
import type { Provision } from '../contract.ts'
import type { LaunchOptions } from '../launch.ts'
import { npmSource } from './configured.ts'
import { fetched, RegistrySilent } from './fetched.ts'
import { type InstallRecord, keptPackages, type PackageFolder } from './folder.ts'
import type { Answer } from './gate.ts'
import { install } from './install.ts'
import type { Provisioned } from './provisioned.ts'

/** Raised when packages are installed in another way. */
const version = 1
/** Attempts at a manifest that names packages or versions that do not exist. */
const attempts = 8
const npmInside = '/run/assay-npm'

/** The packages of one `package.json`, installed in a sandbox or kept from an earlier time. */
export async function provisionNpm(
  app: AppSnapshot,
  folder: string,
  index: number,
  copy: boolean,
  options: LaunchOptions,
): Promise<Provisioned> {
  const texts = await manifestTexts(app, folder)
  const manifest = texts.get('package.json')
  if (manifest === undefined || !/"(?:dev)?[dD]ependencies"\s*:\s*\{\s*"/.test(manifest)) return nothing('none')
  const digest = createHash('sha256')
    .update(JSON.stringify([version, process.platform, process.arch, process.versions.modules, ...texts]))
    .digest('hex')
  const kept = await keptPackages(options.cache, digest, options.now)
  if (kept !== undefined) return provided(kept, folder, index, copy, 'cache')
  const npm = installedNpm()
  if (npm === undefined)
    return nothing('machine', 'The packages the app declares are not there.', 'npm is not installed on this machine.')
  const tried = { manifest, texts, silence: undefined as string | undefined }
  const installed = await install(
    { digest, mounts: [{ from: npm, to: npmInside }], answer: npmAnswer(options, tried), output: 'node_modules' },
    options,
    (run, write) => installInside(tried, run, write),
  )
  if ('failure' in installed) {
    const why = tried.silence ?? installed.failure
    const note = `The packages of ${posix.join(folder, 'package.json')} could not be installed: ${why}`
    return nothing('machine', note, tried.silence)
  }
  return provided(installed, folder, index, copy, 'registry')
}

interface Tried {
  readonly manifest: string
  readonly texts: ReadonlyMap<string, string>
  /** Why the registry could not be asked, when it could not. */
  silence: string | undefined
}

type Run = (argv: readonly [string, ...string[]]) => Promise<SandboxResult>
type Write = (path: string, text: string) => Promise<void>

/** `npm ci` where there is a lock that fits, else `npm install`, each time without what turns out not to exist. */
async function installInside(tried: Tried, run: Run, write: Write): Promise<InstallRecord | string> {
  const missing: { name: string; reason: string }[] = []
  const changed: string[] = []
  let manifest = tried.manifest
  let withLock = tried.texts.has('package-lock.json')
  let legacy = false
  let last = ''
  for (let attempt = 0; attempt < attempts; attempt++) {
    await write('package.json', manifest)
    for (const [name, text] of tried.texts) if (name !== 'package.json' && withLock) await write(name, text)
    const command = withLock ? ['ci'] : ['install', '--no-package-lock', ...(legacy ? ['--legacy-peer-deps'] : [])]
    const result = await run(['node', `${npmInside}/bin/npm-cli.js`, ...command])
    if (result.code === 0) return record(missing, changed)
    if (tried.silence !== undefined) return tried.silence
    last = failureLine(`${result.stderr}\n${result.stdout}`)
    const absent = /(?:404|E404)[^\n]*?(?:GET [^\n]*?127\.0\.0\.1:\d+\/|'|")((?:@[\w.-]+(?:\/|%2f))?[\w.-]+)/i.exec(
      result.stderr,
    )?.[1]
    const unmatched = /No matching version found for ((?:@[\w.-]+\/)?[\w.-]+)@([^\s.]\S*?)\.?(?:\s|$)/.exec(
      result.stderr,
    )
    if (withLock && absent === undefined) {
      withLock = false
      await run(['rm', '-rf', 'package-lock.json', 'node_modules'])
      changed.push('package-lock.json does not fit package.json and is not used')
    } else if (absent !== undefined) {
      const name = decodeURIComponent(absent)
      const without = edited(manifest, name, undefined)
      if (without === manifest) return last
      manifest = without
      withLock = false
      await run(['rm', '-rf', 'package-lock.json', 'node_modules'])
      missing.push({ name, reason: 'the registry has no package of that name' })
    } else if (unmatched !== null) {
      const [, name = '', wanted = ''] = unmatched
      const relaxed = edited(manifest, name, '*')
      if (relaxed === manifest) return last
      manifest = relaxed
      changed.push(`${name} ${wanted} does not exist; its newest version is used`)
    } else if (/ERESOLVE/.test(result.stderr) && !legacy) {
      legacy = true
      changed.push('packages contradict each other in what they need beside them, and were installed all the same')
    } else return last
  }
  return last
}

function record(missing: InstallRecord['missing'], changed: readonly string[]): InstallRecord {
  return { missing, ...(changed.length === 0 ? {} : { note: `${changed.join('; ')}.` }) }
}

/** The manifest with another range for a package, or without it. */
function edited(manifest: string, name: string, range: string | undefined): string {
  const parsed: Record<string, unknown> = JSON.parse(manifest)
  let touched = false
  for (const field of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
    const group = parsed[field]
    if (typeof group !== 'object' || group === null || !(name in group)) continue
    touched = true
    const kept = Object.entries(group).filter(([key]) => key !== name)
    parsed[field] = Object.fromEntries(range === undefined ? kept : [...kept, [name, range]])
  }
  return touched ? JSON.stringify(parsed) : manifest
}

/** Passes questions on to the registry: reading only, and only there. */
function npmAnswer(options: LaunchOptions, tried: Tried): Answer {
  const { registry, token } = npmSource()
  return async (request, response) => {
    if (request.method !== 'GET') {
      response.writeHead(405).end()
      return
    }
    const url = new URL(request.url ?? '/', registry)
    if (url.origin !== new URL(registry).origin) throw new RegistrySilent('Only the registry is asked.')
    const isPackage = url.pathname.endsWith('.tgz')
    const accept = request.headers.accept ?? '*/*'
    const headers = { accept, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
    try {
      const content = await fetched(url.href, isPackage ? 'package' : 'list', headers, options)
      if (content === undefined) response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
      else
        response
          .writeHead(200, { 'content-type': isPackage ? 'application/octet-stream' : 'application/json' })
          .end(content)
    } catch (error) {
      if (!(error instanceof RegistrySilent)) throw error
      tried.silence ??= error.message
      response.writeHead(503).end()
    }
  }
}

function provided(
  packages: PackageFolder,
  folder: string,
  index: number,
  copy: boolean,
  from: Provision['from'],
): Provisioned {
  const inside = `/run/packages/${index}/node_modules`
  return {
    provisions: [{ manager: 'npm', from, ...packages.record }],
    mounts: [{ from: packages.path, to: inside }],
    environment: {},
    links: [{ from: inside, to: folder, copy }],
  }
}

function nothing(from: 'none' | 'machine', note?: string, unreachable?: string): Provisioned {
  if (from === 'none') return { provisions: [], mounts: [], environment: {}, links: [] }
  const provision = {
    manager: 'npm',
    from,
    missing: [],
    ...(note === undefined ? {} : { note }),
    ...(unreachable === undefined ? {} : { unreachable }),
  } as const
  return { provisions: [provision], mounts: [], environment: {}, links: [] }
}

async function manifestTexts(app: AppSnapshot, folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  for (const name of ['package.json', 'package-lock.json', 'yarn.lock']) {
    const path = posix.join(folder, name)
    const file = app.files.find((each) => each.path === path)
    if (file !== undefined) texts.set(name, await readText(app, file))
  }
  return texts
}

/** The folder of npm's own code, which Node runs inside. */
function installedNpm(): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const program = join(folder, 'npm')
    if (!existsSync(program)) continue
    const npm = dirname(dirname(realpathSync(program)))
    if (existsSync(join(npm, 'bin', 'npm-cli.js'))) return npm
  }
  return undefined
}

function failureLine(output: string): string {
  const lines = output.split('\n').filter((line) => /npm (?:error|ERR!)/.test(line) && !/A complete log/.test(line))
  return (lines[1] ?? lines[0] ?? output.trim().split('\n').at(-1) ?? '').replace(/^npm (?:error|ERR!)\s*/, '')
}
