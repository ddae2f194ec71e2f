import { type Framework, packageFrameworks, pythonFrameworks } from './frameworks.ts'
import type { Component, SnapshotFile } from './snapshot.ts'

/** Reads the text of one file of the app being detected. */
export type TextReader = (file: SnapshotFile) => Promise<string>

/** One reason to believe that a framework is used: a manifest that names it or a source file that imports it. */
interface Signal {
  readonly folder: string
  readonly framework: Framework
  readonly evidence: string
  readonly from: 'manifest' | 'source'
  /** The source creates the app object, or the framework has none. */
  readonly entry: boolean
}

/** Sources larger than this are data or bundles, not entry points. Bytes. */
const largestSource = 512 * 1024
/** Sources read per language when no manifest answers the question. */
const sourcesRead = 400

/**
 * The parts of an app with a stack of their own, from manifests and from what entry points import: an `app.py` with
 * `from flask import Flask` counts without any `requirements.txt`. Reads manifests and candidate sources only.
 * Sorted by path, then framework.
 */
export async function detectComponents(
  files: readonly SnapshotFile[],
  readText: TextReader,
): Promise<readonly Component[]> {
  const own = files.filter(
    (file) => file.kind === 'text' && !foreignRoles.has(file.role) && !foreignPath.test(file.path),
  )
  const packages = own.filter((file) => nameOf(file.path) === 'package.json')
  const packageFolders = packages.map((file) => folderOf(file.path))
  const signals = [
    ...(await packageSignals(own, packages, packageFolders, readText)),
    ...(await pythonManifestSignals(own, readText)),
  ]
  signals.push(...(await javascriptSourceSignals(own, packageFolders, signals, readText)))
  signals.push(...(await pythonSourceSignals(own, signals, readText)))

  const components = withoutImplied(withoutNested(signals)).map((signal) => componentOf(signal, own))
  components.push(...(await staticComponents(own, components, readText)))
  if (components.length === 0) components.push(...libraries(own, packages))
  return components.sort(
    (one, other) =>
      compare(one.path, other.path) || compare(one.framework, other.framework) || compare(one.evidence, other.evidence),
  )
}

const foreignRoles = new Set<SnapshotFile['role']>(['lock', 'generated', 'vendored', 'asset', 'test'])
const foreignPath =
  /(?:^|\/)(?:node_modules|dist|build|\.next|venv|\.venv|site-packages|__tests__|tests?|e2e|cypress)\//

async function packageSignals(
  files: readonly SnapshotFile[],
  packages: readonly SnapshotFile[],
  folders: readonly string[],
  readText: TextReader,
): Promise<Signal[]> {
  const signals: Signal[] = []
  for (const file of packages) {
    const folder = folderOf(file.path)
    const declared = dependencyNames(await readText(file))
    if (!files.some((source) => isJavaScript(source) && nearest(folders, source.path) === folder)) continue
    for (const [dependency, framework] of packageFrameworks) {
      if (declared.has(dependency)) signals.push(manifestSignal(folder, framework, file.path))
    }
  }
  return signals
}

async function pythonManifestSignals(files: readonly SnapshotFile[], readText: TextReader): Promise<Signal[]> {
  const signals: Signal[] = []
  for (const file of files) {
    const name = nameOf(file.path).toLowerCase()
    if (name === 'manage.py') {
      const django = pythonFrameworks.get('django')
      if (django !== undefined && (await readText(file)).includes('django')) {
        signals.push(manifestSignal(folderOf(file.path), django, file.path))
      }
    }
    if (!pythonManifest.test(name)) continue
    const declared = requirementNames(await readText(file))
    const folder = folderOf(file.path).replace(/(?:^|\/)requirements$/, '')
    if (!files.some((source) => source.language === 'python' && inside(folder, source.path))) continue
    for (const [module, framework] of pythonFrameworks) {
      if (declared.has(module)) signals.push(manifestSignal(folder, framework, file.path))
    }
  }
  return signals
}

const pythonManifest =
  /^(?:requirements[^/]*\.(?:txt|in)|pyproject\.toml|pipfile|setup\.py|setup\.cfg|environment\.ya?ml)$/

async function javascriptSourceSignals(
  files: readonly SnapshotFile[],
  packageFolders: readonly string[],
  known: readonly Signal[],
  readText: TextReader,
): Promise<Signal[]> {
  const answered = new Set(
    known.filter(({ framework }) => framework.language === 'javascript').map(({ folder }) => folder),
  )
  const candidates = files.filter((file) => {
    const owner = nearest(packageFolders, file.path)
    return isJavaScript(file) && file.size <= largestSource && (owner === undefined || !answered.has(owner))
  })
  const signals: Signal[] = []
  for (const file of firstByDepth(candidates)) {
    if (file.language === 'vue' || file.language === 'svelte') {
      const framework = packageFrameworks.get(file.language)
      if (framework !== undefined) signals.push(sourceSignal(sourceFolder(file.path), framework, file.path, ''))
      continue
    }
    const text = await readText(file)
    for (const [module, framework] of packageFrameworks) {
      if (!importsModule(text, module)) continue
      signals.push(sourceSignal(sourceFolder(file.path), framework, file.path, text))
    }
  }
  return entriesFirst(signals)
}

async function pythonSourceSignals(
  files: readonly SnapshotFile[],
  known: readonly Signal[],
  readText: TextReader,
): Promise<Signal[]> {
  const answered = known.filter(({ framework }) => framework.language === 'python').map(({ folder }) => folder)
  const candidates = files.filter(
    (file) =>
      file.language === 'python' && file.size <= largestSource && !answered.some((folder) => inside(folder, file.path)),
  )
  const packages = new Set(files.filter(({ path }) => nameOf(path) === '__init__.py').map(({ path }) => folderOf(path)))
  const signals: Signal[] = []
  for (const file of firstByDepth(candidates)) {
    const text = await readText(file)
    for (const match of text.matchAll(pythonImport)) {
      const framework = pythonFrameworks.get(match[1] ?? match[2] ?? '')
      if (framework === undefined) continue
      let folder = folderOf(file.path)
      while (folder !== '' && packages.has(folder)) folder = folderOf(folder)
      signals.push(sourceSignal(folder, framework, file.path, text))
    }
  }
  return entriesFirst(signals)
}

const pythonImport = /^[ \t]*(?:from[ \t]+(\w+)[\w.]*[ \t]+import\b|import[ \t]+(\w+))/gm

/** Where some source creates the app, those that only import the framework belong to it. */
function entriesFirst(signals: readonly Signal[]): Signal[] {
  return signals.filter(
    ({ entry, framework }) => entry || !signals.some((other) => other.entry && other.framework === framework),
  )
}

function manifestSignal(folder: string, framework: Framework, evidence: string): Signal {
  return { folder, framework, evidence, from: 'manifest', entry: true }
}

function sourceSignal(folder: string, framework: Framework, evidence: string, text: string): Signal {
  const entry = framework.creates === undefined || text.includes(framework.creates)
  return { folder, framework, evidence, from: 'source', entry }
}

/** HTML pages no frontend component accounts for; a page that loads React or Vue from a CDN is that framework's. */
async function staticComponents(
  files: readonly SnapshotFile[],
  components: readonly Component[],
  readText: TextReader,
): Promise<Component[]> {
  const frontends = components.filter(({ role }) => role === 'frontend' || role === 'fullstack').map(({ path }) => path)
  const pages = files.filter(
    (file) =>
      file.language === 'html' &&
      file.role !== 'template' &&
      file.role !== 'documentation' &&
      !templateFolder.test(file.path),
  )
  const found = new Map<string, Component>()
  for (const page of firstByDepth(pages)) {
    const folder = folderOf(page.path)
    if (frontends.some((path) => inside(path, page.path))) continue
    if ([...found.keys()].some((path) => inside(path, page.path))) continue
    const library = cdnLibrary.exec(await readText(page))?.[1]?.toLowerCase()
    const framework = library === 'react-dom' || library === 'react' ? 'react' : (library ?? 'static')
    found.set(folder, {
      path: folder,
      role: framework === 'static' ? 'static' : 'frontend',
      framework,
      language: framework === 'static' ? 'html' : 'javascript',
      evidence: page.path,
    })
  }
  return [...found.values()]
}

const templateFolder = /(?:^|\/)(?:templates|views|layouts|partials|emails?)\//
const cdnLibrary = /<script\b[^>]{0,400}?\bsrc\s{0,5}=\s{0,5}["'][^"'>]{0,300}?\/(react-dom|react|vue)(?=[@./-])/i

/** What is left when no framework was found: a package or a Python project without one. */
function libraries(files: readonly SnapshotFile[], packages: readonly SnapshotFile[]): Component[] {
  const manifest = packages[0]
  if (manifest !== undefined && files.some(isJavaScript)) {
    const path = folderOf(manifest.path)
    return [
      { path, role: 'library', framework: 'node', language: javascriptLanguage(path, files), evidence: manifest.path },
    ]
  }
  const python = firstByDepth(files.filter((file) => file.language === 'python'))[0]
  if (python === undefined) return []
  return [
    { path: folderOf(python.path), role: 'library', framework: 'python', language: 'python', evidence: python.path },
  ]
}

/** One signal a framework and folder, manifests first; sources inside a folder already known to use it say nothing new. */
function withoutNested(signals: readonly Signal[]): Signal[] {
  const ranked = signals.toSorted(
    (one, other) =>
      Number(one.from === 'source') - Number(other.from === 'source') ||
      depthOf(one.folder) - depthOf(other.folder) ||
      compare(one.evidence, other.evidence),
  )
  const kept: Signal[] = []
  for (const signal of ranked) {
    const twin = kept.some(
      ({ framework, folder }) =>
        framework.name === signal.framework.name &&
        (signal.from === 'source' ? inside(folder, `${signal.folder}/`) : folder === signal.folder),
    )
    if (!twin) kept.push(signal)
  }
  return kept
}

/** Next is built on React, Nest on Express: only the outer framework is named. */
function withoutImplied(signals: readonly Signal[]): Signal[] {
  return signals.filter(
    (signal) =>
      !signals.some(
        ({ framework, folder }) =>
          framework.implies?.includes(signal.framework.name) && inside(folder, `${signal.folder}/`),
      ),
  )
}

function componentOf({ folder, framework, evidence }: Signal, files: readonly SnapshotFile[]): Component {
  const language = framework.language === 'python' ? 'python' : javascriptLanguage(folder, files)
  return { path: folder, role: framework.role, framework: framework.name, language, evidence }
}

function javascriptLanguage(folder: string, files: readonly SnapshotFile[]): 'javascript' | 'typescript' {
  let balance = 0
  for (const file of files) {
    if (file.role !== 'source' || !inside(folder, file.path) || configName.test(nameOf(file.path))) continue
    if (file.language === 'typescript' || file.language === 'tsx') balance += 1
    if (file.language === 'javascript' || file.language === 'jsx') balance -= 1
  }
  return balance > 0 ? 'typescript' : 'javascript'
}

const configName = /\.config\.[cm]?[jt]s$/

function dependencyNames(manifest: string): Set<string> {
  let parsed: unknown
  try {
    parsed = JSON.parse(manifest)
  } catch (error) {
    // A broken manifest is a finding of other analyzers; detection falls back to the sources.
    if (error instanceof SyntaxError) return new Set()
    throw error
  }
  if (typeof parsed !== 'object' || parsed === null) return new Set()
  const fields = Object.entries(parsed).filter(([key]) => key === 'dependencies' || key === 'devDependencies')
  return new Set(fields.flatMap(([, value]) => (typeof value === 'object' && value !== null ? Object.keys(value) : [])))
}

/** Every distribution a Python manifest may name, in lower case: the first word of each line and each quoted string. */
function requirementNames(manifest: string): Set<string> {
  const names = new Set<string>()
  for (const line of manifest.split('\n')) {
    if (/^\s*#/.test(line)) continue
    for (const match of line.matchAll(/(?:^|["'[,-])\s{0,20}([A-Za-z][\w.-]{0,80})/g))
      names.add((match[1] ?? '').toLowerCase())
  }
  return names
}

function importsModule(text: string, module: string): boolean {
  for (let at = text.indexOf(module); at !== -1; at = text.indexOf(module, at + 1)) {
    const quote = text[at - 1]
    if (quote !== '"' && quote !== "'") continue
    const after = text[at + module.length]
    if (after !== quote && after !== '/') continue
    if (/(?:from|require\s{0,3}\(|import|import\s{0,3}\()\s{0,3}$/.test(text.slice(Math.max(0, at - 16), at - 1)))
      return true
  }
  return false
}

/** Shallow files first: entry points lie at the top. */
function firstByDepth(files: readonly SnapshotFile[]): SnapshotFile[] {
  return files
    .toSorted((one, other) => depthOf(one.path) - depthOf(other.path) || compare(one.path, other.path))
    .slice(0, sourcesRead)
}

/** The folder of the part a JavaScript source belongs to: `frontend/src/App.jsx` speaks for `frontend`. */
function sourceFolder(path: string): string {
  return folderOf(path).replace(/(?:^|\/)(?:src|components|pages|routes|app|lib)(?:\/.*)?$/, '')
}

function isJavaScript({ language, path }: SnapshotFile): boolean {
  if (configName.test(path)) return false
  return (
    language === 'javascript' ||
    language === 'jsx' ||
    language === 'typescript' ||
    language === 'tsx' ||
    language === 'vue' ||
    language === 'svelte'
  )
}

function nearest(folders: readonly string[], path: string): string | undefined {
  return folders
    .filter((folder) => inside(folder, path))
    .sort((one, other) => other.length - one.length)
    .at(0)
}

function inside(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`)
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function depthOf(path: string): number {
  return path === '' ? 0 : path.split('/').length
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
