import { writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { z } from 'zod'
import { runChild } from '../child-process.ts'
import { AnalyzerUnavailable } from '../errors.ts'
import { installedTool, toolFile } from '../installed-tool.ts'
import type { Complaint } from './complaint.ts'
import { pythonRules } from './python-rules.ts'
import type { WorkingCopy } from './working-copy.ts'

const positionSchema = z.object({ line: z.int(), character: z.int() })
const outputSchema = z.object({
  generalDiagnostics: z.array(
    z.object({
      file: z.string(),
      severity: z.string(),
      message: z.string(),
      rule: z.string().optional(),
      range: z.object({ start: positionSchema, end: positionSchema }).optional(),
    }),
  ),
  summary: z.object({ filesAnalyzed: z.int() }),
})

/** Exit codes of pyright: 0 no errors, 1 errors found; 2 and more mean that it could not work. */
const worked = new Set([0, 1])

/**
 * What pyright says about the Python files of a working copy. It sees no interpreter and no packages: its search path
 * is the copy and the stubs it brings along, and nothing of the app is run.
 * @throws AnalyzerUnavailable when pyright is not installed
 */
export async function pyright(copy: WorkingCopy, scratch: string, signal: AbortSignal): Promise<Complaint[]> {
  const tool = installedTool('pyright')
  if (tool === undefined) {
    throw new AnalyzerUnavailable('pyright is not installed: Python types cannot be checked.', {
      next: 'Run `npm install pyright` in the folder of Assay.',
    })
  }
  const configuration = join(scratch, 'pyrightconfig.json')
  await writeFile(configuration, JSON.stringify(settings(relative(scratch, copy.folder), tool.folder)))
  const program = toolFile(tool, 'index.js')
  const result = await runChild(
    process.execPath,
    ['--max-old-space-size=1024', program, '--outputjson', '--project', configuration],
    { cwd: scratch, env: { PATH: '/nonexistent', HOME: scratch, TMPDIR: scratch }, signal },
  )
  if (result.code === null || !worked.has(result.code)) {
    const said = (result.stderr || result.stdout).trim().slice(0, 300)
    throw new Error(`pyright ended with ${result.signal ?? `code ${result.code}`}: ${said}`)
  }
  const { generalDiagnostics, summary } = outputSchema.parse(JSON.parse(result.stdout))
  if (summary.filesAnalyzed !== copy.byPath.size) {
    throw new Error(`pyright looked at ${summary.filesAnalyzed} of ${copy.byPath.size} files.`)
  }
  return generalDiagnostics.flatMap(({ file, message, rule, range }) => {
    // A comment in the code (`# pyright: basic`) can ask for more than we do.
    if (rule !== undefined && !(rule in pythonRules)) return []
    const start = range?.start ?? { line: 0, character: 0 }
    const end = range?.end ?? start
    return [
      {
        rule,
        path: relative(copy.folder, file).split(sep).join('/'),
        message: message.split('\n')[0] ?? message,
        region: {
          startLine: start.line + 1,
          startColumn: start.character + 1,
          endLine: end.line + 1,
          endColumn: end.character + 1,
        },
      },
    ]
  })
}

function settings(folder: string, tool: string): object {
  return {
    include: [folder],
    exclude: [],
    typeshedPath: join(tool, 'dist/typeshed-fallback'),
    stubPath: 'no-stubs',
    pythonVersion: '3.13',
    pythonPlatform: 'Linux',
    typeCheckingMode: 'off',
    useLibraryCodeForTypes: false,
    reportMissingImports: 'none',
    reportMissingModuleSource: 'none',
    ...Object.fromEntries(Object.keys(pythonRules).map((rule) => [rule, 'error'])),
  }
}
