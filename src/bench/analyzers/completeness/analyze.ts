import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import { scriptsIn } from '#bench/interfaces'
import { codeTree, syntaxLanguageOf } from '#bench/syntax'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { judgeCharacters } from './characters.ts'
import { judgeComments } from './comments.ts'
import { code, pages, targets } from './files.ts'
import { functionsOf } from './functions.ts'
import { judgeHandlers } from './handlers.ts'
import { judgeLeftovers, judgeModules } from './leftovers.ts'
import { judgeParsing } from './parsing.ts'
import { judgeResidue } from './residue.ts'
import { scan } from './scan.ts'
import { hierarchyOf, judgeStubs } from './stubs.ts'
import { type View, viewOf } from './view.ts'

/** Files larger than this hold data, not code. Bytes. */
const largestFile = 1024 * 1024

/** Judges every file, then what only all of them together show. */
export async function analyze(app: AppSnapshot, { signal }: AnalysisContext): Promise<AnalysisResult> {
  const views: View[] = []
  const gaps: { readonly path: string; readonly reason: string }[] = []
  const files = targets(app)
  for (const file of files) {
    signal.throwIfAborted()
    if (file.size > largestFile) gaps.push({ path: file.path, reason: 'larger than 1 MB' })
    else views.push(await readView(app, file))
  }
  const hierarchy = hierarchyOf(views)
  const functions = functionsOf(views)
  const findings: RawFinding[] = []
  for (const view of views) {
    signal.throwIfAborted()
    findings.push(...judge(view, hierarchy, functions))
  }
  findings.push(...judgeModules(views, app))
  const count = (rule: string) => findings.filter((finding) => finding.rule === rule).length
  return {
    findings,
    metrics: {
      stubs: count('stub'),
      'code.elided': count('elided-code'),
      'files.truncated': count('truncated-file'),
      'handlers.dead': count('dead-handler'),
    },
    coverage: { analysed: views.length, total: files.length, gaps },
  }
}

async function readView(app: AppSnapshot, file: SnapshotFile): Promise<View> {
  const text = await readText(app, file)
  if (code.has(file.language)) {
    const language = syntaxLanguageOf(file.language)
    if (language !== undefined)
      return viewOf(
        file,
        text,
        await codeTree(language, text, file.digest),
        language === 'python' ? 'python' : 'javascript',
      )
  }
  const scripts = pages.has(file.language) ? scriptsIn(text) : undefined
  if (scripts === undefined) return viewOf(file, text, undefined, undefined)
  return viewOf(file, text, await codeTree(scripts.language, scripts.text, `script ${file.digest}`), 'javascript')
}

function judge(
  view: View,
  hierarchy: ReturnType<typeof hierarchyOf>,
  functions: ReturnType<typeof functionsOf>,
): RawFinding[] {
  const whole = code.has(view.file.language) && view.grammar !== undefined
  const isStyle = view.file.language === 'css' || view.file.language === 'scss'
  const scanned = whole ? scan(view.text, view.grammar ?? 'javascript') : isStyle ? scan(view.text, 'css') : undefined
  const residue = judgeResidue(view, scanned)
  return [
    ...residue,
    // What the residue of a chat or merge breaks is one defect, not two.
    ...(residue.length > 0 ? [] : judgeParsing(view, scanned)),
    ...judgeCharacters(view),
    ...onePerPlace([...judgeHandlers(view, functions), ...judgeStubs(view, hierarchy), ...judgeComments(view)]),
    ...judgeLeftovers(view),
  ]
}

/** Rules that speak about the same missing code: the first to see it says so. */
const sameGap: ReadonlySet<string> = new Set(['dead-handler', 'stub', 'implement-me', 'todo'])

/** A handler that is an empty function with a TODO in it is one gap, not three. */
function onePerPlace(findings: readonly RawFinding[]): RawFinding[] {
  const told: { readonly from: number; readonly to: number }[] = []
  return findings.filter(({ rule, location }) => {
    if (!sameGap.has(rule) || location.kind !== 'file' || location.region === undefined) return true
    const { startLine, endLine = startLine } = location.region
    const known = told.some(({ from, to }) => startLine >= from && startLine <= to)
    if (!known || rule === 'dead-handler') told.push({ from: startLine, to: endLine })
    return !known || rule === 'dead-handler'
  })
}
