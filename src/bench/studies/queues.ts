import type { Analyzer } from '#bench/analyzers'
import type { QueueDefinition } from '#platform/queue'

/** Queues by the resource that bounds them. */
export const analysisQueues = ['analysis-cpu', 'analysis-network'] as const
export type AnalysisQueue = (typeof analysisQueues)[number]

/** Tries after the first, for analyses that could not even be carried out: the database was gone, the disk was full. */
const retries = 3
/** Analyzers that wait for others' servers; more of them would only be impolite. */
const networkConcurrency = 2

/** The queues of a process that runs `workers` analyses of its own processors at once. */
export function queueDefinitions(workers: number): readonly QueueDefinition[] {
  return [
    { name: 'analysis-cpu', concurrency: Math.max(1, workers), retries },
    { name: 'analysis-network', concurrency: networkConcurrency, retries },
  ]
}

export function queueOf(analyzer: Pick<Analyzer, 'needs'>): AnalysisQueue {
  return analyzer.needs.network ? 'analysis-network' : 'analysis-cpu'
}
