import type { SandboxMount, SandboxResult } from '#bench/sandbox'
import type { LaunchOptions } from '../launch.ts'
import { draftPackages, type InstallRecord, type PackageFolder } from './folder.ts'
import { type Answer, openGate } from './gate.ts'

/** The one port an installing sandbox can reach: the gate. */
export const gatePort = 4873

/** Installing takes more room than running; a long time means that something hangs. */
const limits = { memory: 3072, processes: 256, openFiles: 4096, disk: 2048, cpuSeconds: 400, wallSeconds: 300 }

/** What npm is told besides its command. */
const npmEnvironment: Readonly<Record<string, string>> = {
  npm_config_registry: `http://127.0.0.1:${gatePort}/`,
  npm_config_replace_registry_host: 'always',
  npm_config_ignore_scripts: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  npm_config_cache: '/tmp/npm',
  npm_config_fetch_retries: '0',
  npm_config_loglevel: 'error',
}

const workplace = '/home/app/work'

export interface Installation {
  /** Packages are kept under it. */
  readonly digest: string
  readonly mounts: readonly SandboxMount[]
  /** What the gate answers to. */
  readonly answer: Answer
  /** The folder, relative to the working folder, that holds the packages afterwards. */
  readonly output: string
}

/**
 * Installs packages in a sandbox of their own that reaches nothing but the gate, and keeps them on the host.
 *
 * @param perform runs the package manager; answers what it installed, or why it could not
 * @returns the packages, or the failure in one line
 */
export async function install(
  installation: Installation,
  options: LaunchOptions,
  perform: (
    run: (argv: readonly [string, ...string[]]) => Promise<SandboxResult>,
    write: (path: string, text: string) => Promise<void>,
  ) => Promise<InstallRecord | string>,
): Promise<PackageFolder | { readonly failure: string }> {
  const draft = await draftPackages(options.cache, installation.digest)
  let received = false
  const gate = await openGate(async (request, response) => {
    if (request.method === 'PUT' && request.url === '/assay-packages') {
      await draft.receive(request)
      received = true
      response.writeHead(204).end()
    } else await installation.answer(request, response)
  })
  try {
    await using sandbox = await options.runner.start({
      mounts: installation.mounts,
      gateways: [{ port: gatePort, socket: gate.socket }],
      environment: npmEnvironment,
      limits,
      signal: options.signal,
    })
    const run = (argv: readonly [string, ...string[]]) =>
      sandbox.run({ argv: [...argv], cwd: workplace }, options.signal)
    await sandbox.write(`${workplace}/.keep`, '')
    const result = await perform(run, (path, text) => sandbox.write(`${workplace}/${path}`, text))
    if (typeof result === 'string') return { failure: result }
    const sent = await run([
      'sh',
      '-c',
      `mkdir -p "$1" && tar -cf - -C "$1" . | node -e '${sender}'`,
      'sh',
      installation.output,
    ])
    if (sent.code !== 0 || !received) return { failure: `They could not be taken over: ${sent.stderr.trim()}` }
    return await draft.keep(result)
  } finally {
    await gate.close()
    await draft.drop()
  }
}

/** Runs inside: what comes on standard input goes to the gate. */
const sender = `
  const request = require("node:http").request({ port: ${gatePort}, method: "PUT", path: "/assay-packages" }, (response) => {
    process.exit(response.statusCode === 204 ? 0 : 1)
  })
  process.stdin.pipe(request)`
