import type { Rule } from '#bench/findings'

/** What counts as slow, as little load, as growth: every threshold of the findings. docs/load.md says why. */
export const thresholds = {
  /** Milliseconds of one request on its own: beyond them people notice that they wait, and lose their train of thought. */
  slow: 500,
  verySlow: 1000,
  /** Share of failed requests, and how many there have to be. */
  errors: 0.01,
  fewestErrors: 3,
  manyErrors: 0.1,
  /** Requests a second up to which a load is small: what a page with a few dozen visitors asks for. */
  smallRate: 50,
  /** Of the time that serving one by one would take: a crowd that takes more was served one by one. */
  serial: 0.75,
  /** Shares of that time on the processor above which the app computes, and below which it waits. */
  computing: 0.7,
  waiting: 0.1,
  /** MiB of growth over the time watched. */
  memoryGrowth: 32,
} as const

const catalogue: readonly Rule[] = [
  {
    id: 'slow-endpoint',
    title: 'Slow address',
    category: 'performance',
    severity: 'medium',
    confidence: 'high',
    why: 'It is slow even when nobody else uses the app. From about a second on people lose the thread, and under load it gets worse.',
    fix: 'Profile this handler: ask the database once instead of in a loop, add the missing index, cache what does not change, and do slow work outside the request.',
  },
  {
    id: 'serial-handling',
    title: 'Requests served one by one',
    category: 'performance',
    severity: 'medium',
    confidence: 'high',
    why: 'While one request is served, all others wait: a handful of visitors at a time is enough to make the app slow for everybody.',
    fix: 'Do not wait or compute synchronously in the handler: await asynchronous calls, move computing to a worker, and run the app with more than one worker or thread.',
  },
  {
    id: 'errors-under-load',
    title: 'Requests failing under a small load',
    category: 'performance',
    severity: 'medium',
    confidence: 'high',
    why: 'Addresses that answer a single request fail when a few dozen visitors use the app at once.',
    fix: 'Look at the log for these requests: shared state changed by two requests at once, a connection to the database shared by threads, or a pool that is too small.',
  },
  {
    id: 'app-dies-under-load',
    title: 'App ending under load',
    category: 'performance',
    severity: 'high',
    confidence: 'high',
    why: 'Anybody can take the app down by asking often enough.',
    fix: 'Catch errors of single requests, bound what a request may take, and limit how many are served at a time.',
  },
  {
    id: 'memory-growth',
    title: 'Memory growing under load',
    category: 'performance',
    severity: 'low',
    confidence: 'low',
    why: 'What grows with every request ends in the app being killed. In a short load it may also be garbage that was not collected yet.',
    fix: 'Run a longer load to be sure; then look for lists, maps and caches that only grow, and for listeners added by every request.',
  },
]

const rules = new Map(catalogue.map((rule) => [rule.id, rule]))

/** The rule of that id. */
export function loadRule(id: string): Rule | undefined {
  return rules.get(id)
}
