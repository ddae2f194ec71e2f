import { writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { runChild } from '../child-process.ts'
import { AnalyzerUnavailable } from '../errors.ts'
import { installedTool, toolFile } from '../installed-tool.ts'
import type { TypeScriptProject } from './compiler-options.ts'
import type { Complaint } from './complaint.ts'
import { typescriptRules } from './typescript-rules.ts'
import type { Copy, WorkingCopy } from './working-copy.ts'

/**
 * What packages would declare, as far as code relies on it without an import: without these, every JSX element and
 * every `process.env` would be an error.
 */
const ambient = `
declare namespace JSX {
  interface IntrinsicElements { [name: string]: any }
  interface ElementChildrenAttribute { children: {} }
  interface IntrinsicAttributes { key?: any; ref?: any }
  type Element = any
}
interface ImportMeta { env: any; hot: any; glob: any; dirname: any; filename: any }
interface Window { [name: string]: any }
declare var process: any
declare var Buffer: any
declare var require: any
declare var module: any
declare var exports: any
declare var global: any
declare var __dirname: string
declare var __filename: string
`
const ambientName = 'assay-ambient.d.ts'
const configurationName = 'assay-tsconfig.json'

/** Names that come from a page, a browser extension, a test runner or another runtime, without an import. */
const foreignNames =
  /^Cannot find name '(?:React|JSX|NodeJS|google|gtag|chrome|browser|Deno|Bun|jest|vi|describe|it|test|expect|beforeEach|afterEach|beforeAll|afterAll|cy|Cypress|define\w+|withDefaults|\$\w*)'/
const browserTypes = /on type '[^']*(?:Element|EventTarget|Node|Event|Document)\b/

/**
 * What TypeScript says about the files of a working copy, project by project, under our configuration: only
 * {@link TypeScriptProject.options} come from the app.
 * @throws AnalyzerUnavailable when TypeScript is not installed
 */
export async function tsc(
  copy: WorkingCopy,
  projects: readonly TypeScriptProject[],
  signal: AbortSignal,
): Promise<Complaint[]> {
  const tool = installedTool('typescript')
  if (tool === undefined) {
    throw new AnalyzerUnavailable('TypeScript is not installed: TypeScript types cannot be checked.', {
      next: 'Run `npm install` in the folder of Assay.',
    })
  }
  const program = toolFile(tool, 'lib/tsc.js')
  const remaining = new Set(copy.byPath.values())
  const complaints: Complaint[] = []
  for (const project of projects) {
    const files = [...remaining].filter(({ path }) => project.folder === '' || path.startsWith(`${project.folder}/`))
    if (files.length === 0) continue
    for (const file of files) remaining.delete(file)
    const folder = join(copy.folder, project.folder)
    await writeFile(join(folder, ambientName), ambient)
    await writeFile(join(folder, configurationName), JSON.stringify(settings(project, files)))
    const result = await runChild(process.execPath, [program, '-p', configurationName, '--pretty', 'false'], {
      cwd: folder,
      env: { HOME: copy.folder, TMPDIR: copy.folder },
      signal,
    })
    // 0 no errors, 1 and 2 errors in the code.
    if (result.code === null || result.code > 2) {
      throw new Error(`tsc ended with ${result.signal ?? `code ${result.code}`}: ${result.stderr.trim().slice(0, 300)}`)
    }
    complaints.push(...relevant(parse(result.stdout, project.folder), files))
  }
  return complaints
}

function settings(project: TypeScriptProject, files: readonly Copy[]): object {
  const prefix = project.folder === '' ? 0 : project.folder.length + 1
  return {
    compilerOptions: {
      ...project.options,
      target: 'es2023',
      lib: ['esnext', 'dom', 'dom.iterable', 'dom.asynciterable'],
      module: 'esnext',
      moduleResolution: 'bundler',
      jsx: 'preserve',
      types: [],
      noEmit: true,
      noImplicitAny: false,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      allowUnreachableCode: true,
      resolveJsonModule: false,
      paths: project.paths,
    },
    files: [ambientName, ...files.map(({ path }) => `./${path.slice(prefix)}`)],
  }
}

/** `src/a.ts(4,7): error TS2322: Type 'string' is not …`, continued by indented lines. */
function parse(output: string, folder: string): Complaint[] {
  return output.split('\n').flatMap((line) => {
    if (line.trim() === '' || /^\s/.test(line)) return []
    const [, path, row, column, rule, message] = /^(.+)\((\d+),(\d+)\): error (TS\d+): (.*)$/.exec(line) ?? []
    if (path === undefined || rule === undefined || message === undefined) throw new Error(`tsc: ${line.slice(0, 300)}`)
    const region = { startLine: Number(row), startColumn: Number(column) }
    return [{ rule, path: posix.join(folder, path), message, region }]
  })
}

/** Drops what follows from packages that are not there. */
function relevant(complaints: readonly Complaint[], files: readonly Copy[]): Complaint[] {
  const inherited = inheritingTypes(files)
  return complaints.flatMap((complaint) => {
    const { rule = '', path, message } = complaint
    if (posix.basename(path) === ambientName) return []
    if (/^TS1\d{3}$/.test(rule) && !(rule in typescriptRules)) return [{ ...complaint, rule: undefined }]
    if (!(rule in typescriptRules) || foreignNames.test(message)) return []
    if ((rule === 'TS2339' || rule === 'TS2551') && browserTypes.test(message)) return []
    const named = [...message.matchAll(/'([^']{1,200})'/g)].flatMap(
      ([, text = '']) => text.match(/[A-Za-z_$][\w$]*/g) ?? [],
    )
    return named.some((name) => inherited.has(name)) ? [] : [complaint]
  })
}

/** Interfaces and classes that extend something: what they inherit from a missing package is unknown. */
function inheritingTypes(files: readonly Copy[]): ReadonlySet<string> {
  const declaration = /\b(?:interface|class)\s{1,8}([A-Za-z_$][\w$]{0,100})(?:<[^{]{0,300}>)?\s{1,8}extends\b/g
  return new Set(files.flatMap(({ text }) => [...text.matchAll(declaration)].map((match) => match[1] ?? '')))
}
