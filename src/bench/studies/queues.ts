import type { Analyzer } from '#bench/analyzers'
import type { QueueDefinition } from '#platform/queue'

/** Queues by the resource that bounds them. */
export const analysisQueues = ['analysis-cpu', 'analysis-network', 'analysis-running'] as const
export type AnalysisQueue = (typeof analysisQueues)[number]

/** Tries after the first, for analyses that could not even be carried out: the database was gone, the disk was full. */
const retries = 3
/** Analyzers that wait for others' servers; more of them would only be impolite. */
const networkConcurrency = 2

/** Apps running at once: each may take a processor and a gibibyte. */
const runningConcurrency = 2

/** The queues of a process that runs `workers` analyses of its own processors at once. */
export function queueDefinitions(workers: number): readonly QueueDefinition[] {
  return [
    { name: 'analysis-cpu', concurrency: Math.max(1, workers), retries },
    { name: 'analysis-network', concurrency: networkConcurrency, retries },
    { name: 'analysis-running', concurrency: Math.max(1, Math.min(runningConcurrency, workers)), retries },
  ]
}

export function queueOf(analyzer: Pick<Analyzer, 'needs'>): AnalysisQueue {
  if (analyzer.needs.running) return 'analysis-running'
  return analyzer.needs.network ? 'analysis-network' : 'analysis-cpu'
}
