import type { Analyzer } from './contract.ts'
import { javascriptLint } from './javascript-lint/index.ts'
import { patterns } from './patterns/index.ts'
import { pythonLint } from './python-lint/index.ts'

/**
 * Every analyzer Assay has, in the order tables show them. Modules are light: an analyzer loads its tool when it first
 * analyses.
 */
export const analyzers: readonly Analyzer[] = [pythonLint, javascriptLint, patterns]

/** The analyzer of that id. */
export function analyzerById(id: string): Analyzer | undefined {
  return analyzers.find((analyzer) => analyzer.id === id)
}
