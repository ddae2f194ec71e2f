import type { Analyzer } from './contract.ts'

/**
 * Every analyzer Assay has, in the order tables show them. Modules are light: an analyzer loads its tool when it first
 * analyses.
 */
export const analyzers: readonly Analyzer[] = []

/** The analyzer of that id. */
export function analyzerById(id: string): Analyzer | undefined {
  return analyzers.find((analyzer) => analyzer.id === id)
}
