import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Manifest, normalisePythonName } from '#bench/manifests'
import type { SandboxResult } from '#bench/sandbox'
import type { Provision } from '../contract.ts'
import type { LaunchOptions } from '../launch.ts'
import { pipSource } from './configured.ts'
import { fetched, RegistrySilent } from './fetched.ts'
import { type InstallRecord, keptPackages, type PackageFolder } from './folder.ts'
import type { Answer } from './gate.ts'
import { gatePort, install } from './install.ts'
import type { Provisioned } from './provisioned.ts'

/** Raised when packages are installed in another way. */
const version = 1
const attempts = 12
const inside = '/run/packages/python'

/** A package to install, as pip is told. */
export interface Wanted {
  readonly name: string
  /** `''` for any version. */
  readonly specifier: string
  readonly extras: readonly string[]
}

/** The Python packages an app declares for running, each once, the first declaration of each. */
export function wantedPackages(manifests: readonly Manifest[]): Wanted[] {
  const wanted = new Map<string, Wanted>()
  for (const { ecosystem, declarations, path } of manifests) {
    // What is only needed to test or format would be installed for nothing.
    if (ecosystem !== 'pypi' || /(?:dev|test|lint|docs?)[\w.-]*\.(?:txt|in)$/.test(path)) continue
    for (const { name, specifier, extras, kind, source, marker } of declarations) {
      if (source !== 'registry' || kind === 'dev' || wanted.has(name)) continue
      if (marker !== undefined && /win32|python_version\s*<|Windows|darwin/.test(marker)) continue
      wanted.set(name, { name, specifier: specifier.replace(/^\^|^~(?!=)/, '>='), extras: extras ?? [] })
    }
  }
  return [...wanted.values()]
}

/**
 * Packages of Python, installed in a sandbox or kept from an earlier time. `note` says why they are wanted when the app does not
 * say so itself.
 */
export async function provisionPip(
  wanted: readonly Wanted[],
  note: string | undefined,
  options: LaunchOptions,
): Promise<Provisioned> {
  if (wanted.length === 0) return { provisions: [], mounts: [], environment: {}, links: [] }
  const source = pipSource()
  const digest = createHash('sha256')
    .update(JSON.stringify([version, process.platform, process.arch, source, wanted]))
    .digest('hex')
  const kept = await keptPackages(options.cache, digest, options.now)
  if (kept !== undefined) return provided(kept, 'cache', note)
  const state: { silence?: string } = {}
  const installed = await install(
    { digest, mounts: [], answer: indexAnswer(options, state), output: 'packages' },
    options,
    (run, write) => installInside(wanted, state, run, write),
  )
  if (!('failure' in installed)) return provided(installed, 'registry', note)
  const instead = `${state.silence ?? installed.failure} What this machine has is used.`
  const unreachable = state.silence === undefined ? {} : { unreachable: state.silence }
  const provision: Provision = { manager: 'pip', from: 'machine', missing: [], note: instead, ...unreachable }
  return { provisions: [provision], mounts: [], environment: {}, links: [] }
}

type Run = (argv: readonly [string, ...string[]]) => Promise<SandboxResult>
type Write = (path: string, text: string) => Promise<void>

/** `pip install`, each time without what turns out not to exist, or without the version that does not. */
async function installInside(
  declared: readonly Wanted[],
  state: { silence?: string },
  run: Run,
  write: Write,
): Promise<InstallRecord | string> {
  let wanted = [...declared]
  const missing: { name: string; reason: string }[] = []
  const relaxed: string[] = []
  let last = ''
  for (let attempt = 0; attempt < attempts; attempt++) {
    await write('wanted.txt', wanted.map(requirementText).join('\n'))
    const result = await run(['/usr/bin/python3', ...pipArguments])
    const unreachable = state.silence === undefined ? {} : { unreachable: state.silence }
    if (result.code === 0) return { missing, ...noteOf(relaxed, result.stdout), ...unreachable }
    last =
      result.stderr.split('\n').findLast((line) => /^ERROR|No module named/.test(line)) ??
      `pip ended with ${result.code}.`
    const name = /No matching distribution found for ([\w.-]+)/.exec(result.stderr)?.[1]
    const unmatched = wanted.find((each) => each.name === normalisePythonName(name ?? ''))
    if (unmatched !== undefined && unmatched.specifier !== '') {
      relaxed.push(unmatched.name)
      wanted = wanted.map((each) => (each === unmatched ? { ...each, specifier: '' } : each))
    } else if (unmatched !== undefined) {
      missing.push({
        name: unmatched.name,
        reason: state.silence ?? 'the registry has no package of that name for this machine',
      })
      wanted = wanted.filter((each) => each !== unmatched)
      if (wanted.length === 0) return state.silence ?? 'None of the declared packages is available.'
    } else if (name !== undefined || /ResolutionImpossible|conflict/.test(result.stderr)) {
      const pinned = wanted.filter(({ specifier }) => specifier !== '')
      if (pinned.length === 0) return last
      relaxed.push(...pinned.map((each) => each.name))
      wanted = wanted.map((each) => ({ ...each, specifier: '' }))
    } else return last
  }
  return last
}

const pipArguments = [
  '-m',
  'pip',
  '--isolated',
  'install',
  '--no-input',
  '--disable-pip-version-check',
  '--no-cache-dir',
  '--no-warn-script-location',
  '--no-compile',
  '--only-binary=:all:',
  '--retries=0',
  '--timeout=60',
  '--index-url',
  `http://127.0.0.1:${gatePort}/simple/`,
  '--target',
  'packages',
  '--upgrade',
  '-r',
  'wanted.txt',
]

function requirementText({ name, specifier, extras }: Wanted): string {
  const range = specifier === '' || /^[=<>!~]/.test(specifier) ? specifier : `==${specifier}`
  return `${name}${extras.length === 0 ? '' : `[${extras.join(',')}]`}${range.replaceAll(';', '')}`
}

/** `Successfully installed flask-3.0.2 …` tells what took the place of the declared versions. */
function noteOf(relaxed: readonly string[], output: string): Pick<InstallRecord, 'note'> {
  if (relaxed.length === 0) return {}
  const installed = /Successfully installed (.*)/.exec(output)?.[1]?.split(' ') ?? []
  const used = [...new Set(relaxed)].map((name) => {
    const exact = installed.find((each) => normalisePythonName(each.replace(/-[\d][^-]*$/, '')) === name)
    return exact === undefined ? name : exact.replace(/-([\d][^-]*)$/, ' $1')
  })
  return { note: `The declared versions are not available here; used instead: ${used.join(', ')}.` }
}

/** A package index of what the machine's own indexes and folders have. */
function indexAnswer(options: LaunchOptions, state: { silence?: string }): Answer {
  const { indexes, folders } = pipSource()
  const addresses = new Map<string, string>()
  return async (request, response) => {
    const path = request.url ?? '/'
    const name = /^\/simple\/([\w.-]+)\/$/.exec(path)?.[1]
    const key = /^\/file\/(\w+)\//.exec(path)?.[1]
    if (request.method !== 'GET') response.writeHead(405).end()
    else if (name !== undefined) {
      const links = [
        ...(await Promise.all(indexes.map((index) => linksOf(index, name, options, state)))).flat(),
        ...(await Promise.all(folders.map((folder) => filesOf(folder, name)))).flat(),
      ]
      const anchors = links.map(({ url, attributes }) => {
        const id = createHash('sha256').update(url).digest('hex').slice(0, 16)
        addresses.set(id, url.replace(/#.*$/, ''))
        const file = new URL(url).pathname.split('/').at(-1) ?? ''
        return `<a href="/file/${id}/${file}${new URL(url).hash}"${attributes}>${file}</a>`
      })
      if (anchors.length === 0) response.writeHead(404).end()
      else
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(`<!DOCTYPE html><body>${anchors.join('\n')}</body>`)
    } else if (key !== undefined && addresses.has(key)) {
      const url = addresses.get(key) ?? ''
      const content = url.startsWith('file:')
        ? await readFile(fileURLToPath(url))
        : await fetched(url, 'package', {}, options)
      if (content === undefined) response.writeHead(404).end()
      else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(content)
    } else response.writeHead(404).end()
  }
}

interface PackageLink {
  readonly url: string
  /** Of the anchor, which installers read: `data-requires-python`, `data-yanked`. */
  readonly attributes: string
}

async function linksOf(
  index: string,
  name: string,
  options: LaunchOptions,
  state: { silence?: string },
): Promise<PackageLink[]> {
  const address = `${index}/${normalisePythonName(name)}/`
  const page = address.startsWith('file:') ? await localPage(address) : await remotePage(address, options, state)
  if (page === undefined) return []
  const base = address.startsWith('file:') ? `${address}index.html` : address
  return [...page.matchAll(/<a\s([^>]*)>/gi)].flatMap((match): PackageLink[] => {
    const href = /\bhref\s*=\s*["']([^"']+)["']/i.exec(match[1] ?? '')?.[1]
    if (href === undefined) return []
    const attributes = [
      ...(match[1] ?? '').matchAll(/\sdata-(?:requires-python|yanked)(?:\s*=\s*(?:"[^"]*"|'[^']*'))?/gi),
    ]
    return [
      { url: new URL(href.replaceAll('&amp;', '&'), base).href, attributes: attributes.map(([text]) => text).join('') },
    ]
  })
}

async function localPage(address: string): Promise<string | undefined> {
  return readFile(fileURLToPath(`${address}index.html`), 'utf8').catch(() => undefined)
}

async function remotePage(
  address: string,
  options: LaunchOptions,
  state: { silence?: string },
): Promise<string | undefined> {
  try {
    return (await fetched(address, 'list', { accept: 'text/html' }, options))?.toString()
  } catch (error) {
    if (!(error instanceof RegistrySilent)) throw error
    state.silence ??= error.message
    return undefined
  }
}

async function filesOf(folder: string, name: string): Promise<PackageLink[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter(
      (file) => file.endsWith('.whl') && normalisePythonName(file.split('-')[0] ?? '') === normalisePythonName(name),
    )
    .map((file) => ({ url: new URL(`file://${join(folder, file)}`).href, attributes: '' }))
}

function provided(packages: PackageFolder, from: Provision['from'], note: string | undefined): Provisioned {
  const notes = [note, packages.record.note].filter((each) => each !== undefined)
  return {
    provisions: [
      {
        manager: 'pip',
        from,
        missing: packages.record.missing,
        ...(packages.record.unreachable === undefined ? {} : { unreachable: packages.record.unreachable }),
        ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
      },
    ],
    mounts: [{ from: packages.path, to: inside }],
    environment: { PYTHONPATH: inside },
    links: [],
  }
}
