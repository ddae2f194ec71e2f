import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppSnapshot } from '#bench/apps'
import type { Runner, Sandbox } from '#bench/sandbox'
import { Unavailable } from '#platform/errors'
import type { LaunchFailure, LaunchPart } from './contract.ts'
import { classifyFailure, partName } from './failure/classify.ts'
import { folderInside } from './folders.ts'
import type { Logs } from './logs.ts'
import type { PlannedPages } from './plan/launch-plan.ts'
import type { Provisioned } from './provision/provisioned.ts'
import { always, linkPackages, withPackagePrograms } from './session.ts'

/** Raised when builds are kept or made in another way. */
const version = 1
/** What a build may use: bundlers are hungrier than what they build. */
const buildLimits = { memory: 2048, processes: 512, disk: 1024, cpuSeconds: 240, wallSeconds: 180 }

/** Pages ready to be served. */
export interface BuiltPages {
  readonly part: LaunchPart
  readonly port: number
  /** The folder of the app with `index.html`. */
  readonly folder: string
  /** Puts what was built into the app's copy in a sandbox. */
  unpack(sandbox: Sandbox): Promise<void>
}

export type PagesResult =
  | { readonly outcome: 'built'; readonly pages: BuiltPages }
  | { readonly outcome: 'failed'; readonly failure: LaunchFailure }

export interface PagesRequest {
  readonly app: AppSnapshot
  readonly planned: PlannedPages
  readonly provisioned: Provisioned
  readonly environment: Readonly<Record<string, string>>
  readonly runner: Runner
  readonly cache: string
  readonly logs: Logs
  readonly signal: AbortSignal
  elapsed(): number
}

interface Built {
  readonly folder: string
  readonly archive: Buffer
}

/**
 * Builds the pages of a front end in a sandbox of their own, or takes an earlier build of the same files with the same packages.
 *
 * @throws SandboxUnavailable, SandboxEnded, the signal's reason
 */
export async function buildPages(request: PagesRequest): Promise<PagesResult> {
  const { planned, app } = request
  const { part, port, build, outputs } = planned
  if (build === undefined) {
    return { outcome: 'built', pages: { part, port, folder: outputs[0] ?? '', unpack: async () => undefined } }
  }
  const file = join(request.cache, 'launch', 'builds', keyOf(request))
  const kept = await keptBuild(file)
  if (kept !== undefined) return { outcome: 'built', pages: pagesOf(planned, kept) }

  const began = request.elapsed()
  await using sandbox = await request.runner.start({
    files: app.root,
    mounts: request.provisioned.mounts,
    environment: { ...always, ...request.provisioned.environment, ...request.environment },
    limits: buildLimits,
    signal: request.signal,
  })
  await linkPackages(sandbox, request.provisioned)
  const process = await sandbox.start({ argv: withPackagePrograms(build), cwd: folderInside(build.cwd) })
  request.logs.follow(process, partName(part), began)
  const exit = await process.exited
  request.signal.throwIfAborted()
  const folder = exit.code === 0 ? await outputOf(sandbox, outputs) : undefined
  if (folder === undefined) {
    const paths = new Set(app.files.map(({ path }) => path))
    const failure = classifyFailure({ part, phase: 'build', logs: request.logs.lines(), exit, waited: 0, paths })
    if (exit.code !== 0) return { outcome: 'failed', failure }
    const message = `The build left no index.html in ${outputs.join(', ')}.`
    return { outcome: 'failed', failure: { ...failure, kind: 'build', message } }
  }
  const archive = await archiveOf(sandbox, folder)
  await keepBuild(file, { folder, archive })
  return { outcome: 'built', pages: pagesOf(planned, { folder, archive }) }
}

function pagesOf({ part, port }: PlannedPages, { folder, archive }: Built): BuiltPages {
  return {
    part,
    port,
    folder,
    async unpack(sandbox) {
      await sandbox.write('/tmp/pages.tar', archive)
      const script = 'mkdir -p "$1" && tar -xf /tmp/pages.tar -C "$1" --no-same-owner && rm /tmp/pages.tar'
      await must(sandbox, script, folderInside(folder))
    },
  }
}

/** The first folder with a page in it, or the highest page under one of them. */
async function outputOf(sandbox: Sandbox, outputs: readonly string[]): Promise<string | undefined> {
  const script = `
    for folder; do if [ -f "$folder/index.html" ]; then echo "$folder"; exit; fi; done
    for folder; do
      page=$(find "$folder" -name index.html -not -path '*/node_modules/*' 2>/dev/null | head -n 1)
      if [ -n "$page" ]; then dirname "$page"; exit; fi
    done`
  const { stdout } = await sandbox.run({ argv: ['sh', '-c', script, 'sh', ...outputs], cwd: '/app' })
  const folder = stdout.trim()
  return folder === '' ? undefined : folder
}

async function archiveOf(sandbox: Sandbox, folder: string): Promise<Buffer> {
  await must(sandbox, 'tar -cf /tmp/pages.tar --exclude=node_modules -C "$1" .', folderInside(folder))
  const archive = await sandbox.read('/tmp/pages.tar')
  if (archive === undefined) throw new Unavailable('The built pages could not be read from the sandbox.')
  return archive
}

async function must(sandbox: Sandbox, script: string, ...words: readonly string[]): Promise<void> {
  const { code, stderr } = await sandbox.run({ argv: ['sh', '-c', script, 'sh', ...words], cwd: '/' })
  if (code !== 0) throw new Unavailable(`The built pages could not be moved: ${stderr.trim() || `exit code ${code}`}.`)
}

/** The same files, packages, environment and command give the same pages. */
function keyOf({ app, planned, provisioned, environment }: PagesRequest): string {
  const { path } = planned.part
  const files = app.files.filter((file) => path === '' || file.path.startsWith(`${path}/`))
  const parts = [
    version,
    planned.build,
    planned.outputs,
    environment,
    provisioned.mounts,
    files.map((file) => [file.path, file.digest]),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

async function keptBuild(file: string): Promise<Built | undefined> {
  let content: Buffer
  try {
    content = await readFile(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const end = content.indexOf('\n')
  return { folder: content.subarray(0, end).toString(), archive: content.subarray(end + 1) }
}

/** One file: the folder, a line end, the archive. */
async function keepBuild(file: string, { folder, archive }: Built): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
  const draft = `${file}.${process.pid}.${performance.now()}`
  await writeFile(draft, Buffer.concat([Buffer.from(`${folder}\n`), archive]))
  await rename(draft, file)
}
