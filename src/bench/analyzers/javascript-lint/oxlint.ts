import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type ChildResult, runChild } from '../child-process.ts'
import { AnalyzerUnavailable } from '../errors.ts'
import { installedTool, toolFile } from '../installed-tool.ts'

const diagnosticSchema = z.object({
  message: z.string(),
  /** `plugin(rule)`; absent where a file does not parse. */
  code: z.string().optional(),
  severity: z.string(),
  filename: z.string(),
  labels: z.array(z.object({ span: z.object({ offset: z.int(), length: z.int() }) })),
})
const reportSchema = z.object({ diagnostics: z.array(diagnosticSchema), number_of_files: z.int() })
/** One thing oxlint reports; offset and length count UTF-8 bytes. */
export type Diagnostic = z.infer<typeof diagnosticSchema>

/** A file to lint: its path under the working folder (`/` separators, plain characters) and its text. */
export interface LintFile {
  readonly path: string
  readonly text: string
}

export interface LintReport {
  readonly diagnostics: readonly Diagnostic[]
  /** Files oxlint broke down on. */
  readonly failed: readonly { readonly path: string; readonly reason: string }[]
}

/** Files named on one command line, far from the limit of the operating system. */
const filesPerRun = 500

/**
 * Lints copies of the files, under our configuration alone: the app's own could load JavaScript plugins, and its
 * ignore files could hide code. Files are named one by one because oxlint obeys every `.gitignore` above a folder.
 * @throws AnalyzerUnavailable when oxlint is not installed
 */
export async function lint(
  files: readonly LintFile[],
  configuration: object,
  folder: string,
  signal: AbortSignal,
): Promise<LintReport> {
  const tool = installedTool('oxlint')
  if (tool === undefined) {
    throw new AnalyzerUnavailable('oxlint is not installed.', { next: 'Run `npm install` in the folder of Assay.' })
  }
  const program = toolFile(tool, 'bin/oxlint')
  const work = join(folder, 'files')
  const settings = join(folder, 'oxlint.json')
  await mkdir(work, { recursive: true })
  await writeFile(settings, JSON.stringify(configuration))
  for (const { path, text } of files) {
    await mkdir(dirname(join(work, path)), { recursive: true })
    await writeFile(join(work, path), text)
  }

  async function run(paths: readonly string[]): Promise<LintReport> {
    const options = [program, '-c', settings, '--disable-nested-config', '--no-ignore', '--format', 'json', '--']
    const result = await runChild(process.execPath, [...options, ...paths], {
      cwd: work,
      env: { HOME: folder, TMPDIR: folder },
      signal,
    })
    const report = reportOf(result)
    if (report !== undefined) {
      if (report.number_of_files !== paths.length) {
        throw new Error(`oxlint looked at ${report.number_of_files} of ${paths.length} files.`)
      }
      return { diagnostics: report.diagnostics, failed: [] }
    }
    const [only] = paths
    if (only !== undefined && paths.length === 1)
      return { diagnostics: [], failed: [{ path: only, reason: failure(result) }] }
    const middle = paths.length >> 1
    return merge([await run(paths.slice(0, middle)), await run(paths.slice(middle))])
  }

  const reports: LintReport[] = []
  for (let start = 0; start < files.length; start += filesPerRun) {
    reports.push(await run(files.slice(start, start + filesPerRun).map((file) => file.path)))
  }
  return merge(reports)
}

/** The report, or undefined when oxlint crashed; 0 and 1 are its exit codes without and with errors in the code. */
function reportOf(result: ChildResult): z.infer<typeof reportSchema> | undefined {
  if (result.code !== 0 && result.code !== 1) return undefined
  if (!result.stdout.startsWith('{')) throw new Error(`oxlint printed no report: ${failure(result)}`)
  return reportSchema.parse(JSON.parse(result.stdout))
}

function failure(result: ChildResult): string {
  const said = (result.stderr || result.stdout).trim().split('\n')[0] ?? ''
  return `oxlint ended with ${result.signal ?? `code ${result.code}`}${said === '' ? '' : `: ${said.slice(0, 200)}`}`
}

function merge(reports: readonly LintReport[]): LintReport {
  return {
    diagnostics: reports.flatMap((report) => report.diagnostics),
    failed: reports.flatMap((report) => report.failed),
  }
}
