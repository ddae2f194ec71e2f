import type { AppSnapshot } from '#bench/apps'
import type { AnalysisContext, AnalysisResult, Analyzer } from '../contract.ts'
import { canary } from './canary.ts'
import { loadRule } from './rules.ts'

/** How a running app does under load. */
export const load: Analyzer = {
  id: 'load',
  version: '1',
  title: 'Load',
  description:
    'Latency from the intended start, errors by kind, processor and memory of the running app under a load of arrivals or users; the highest rate it holds.',
  category: 'performance',
  needs: { running: true, exclusive: true },
  canary,
  // The longest profile and warm-up, the start of the app, and what is measured around the profile.
  timeout: 15 * 60_000,
  // Of the whole tree of processes, and the app may take what its sandbox allows before it is the app that ends.
  memory: 2560,
  rule: loadRule,
  applies: (app) =>
    app.files.some(({ kind }) => kind === 'text') ? { applies: true } : { applies: false, reason: 'No source files.' },
  analyze,
}

async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const { analyzeLoad } = await import('./load-app.ts')
  return analyzeLoad(app, context)
}
