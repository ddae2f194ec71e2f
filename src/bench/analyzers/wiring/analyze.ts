import type { AppSnapshot } from '#bench/apps'
import { interfacesIn, readSources } from '#bench/interfaces'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { judgeAddresses } from './addresses.ts'
import { judgeAssets } from './assets.ts'
import { judgeFields } from './fields.ts'
import { codeFiles } from './files.ts'
import type { Wiring } from './finding.ts'
import { judgeRequests } from './requests.ts'
import { judgeRoutes } from './routes.ts'
import { judgeSettings } from './settings.ts'
import { judgeTemplates } from './templates.ts'
import { judgeVocabulary } from './vocabulary.ts'

/** Reads the whole app and compares its parts. */
export async function analyze(app: AppSnapshot, { signal }: AnalysisContext): Promise<AnalysisResult> {
  const sources = await readSources(app, signal)
  const interfaces = interfacesIn(sources)
  signal.throwIfAborted()
  const texts = new Map([
    ...sources.other,
    ...[...sources.scripts, ...sources.python, ...sources.markup].map(({ path, text }) => [path, text] as const),
  ])
  const all: Wiring = {
    ...interfaces,
    sources,
    texts,
    paths: [...app.files, ...app.excluded].map(({ path }) => path),
  }
  const judged = judgeRequests(all)
  const findings = [
    ...judged.findings,
    ...judgeFields(all, judged.matches),
    ...judgeVocabulary(all),
    ...judgeRoutes(all, judged),
    ...judgeAddresses(all),
    ...judgeSettings(all),
    ...judgeTemplates(all),
    ...judgeAssets(all),
  ]
  const files = codeFiles(app)
  const gaps = files.filter(({ path }) => !texts.has(path)).map(({ path }) => ({ path, reason: 'larger than 1 MB' }))
  return {
    findings,
    metrics: {
      routes: interfaces.routes.length,
      calls: interfaces.calls.filter(({ server }) => !server).length,
      'calls.matched': new Set(judged.matches.map(({ call }) => call)).size,
      'calls.unmatched': judged.unmatched,
      'calls.unresolved': judged.unresolved,
      'calls.external': judged.external,
      'environment.variables': new Set(interfaces.environment.map(({ name }) => name)).size,
    },
    coverage: { analysed: files.length - gaps.length, total: files.length, gaps },
  }
}
