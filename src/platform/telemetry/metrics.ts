/** Numbers for Prometheus. Rooms add their own by {@link Metrics.observe}. */
export interface Metrics {
  /** `route` is the pattern, never the path: the number of series stays bounded. */
  request(measured: {
    readonly method: string
    readonly route: string
    readonly status: number
    readonly seconds: number
  }): void
  /** One finished analysis. */
  analysis(measured: { readonly analyzer: string; readonly outcome: string; readonly seconds: number }): void
  /** A gauge read when the page is asked for. */
  observe(name: string, help: string, read: () => Promise<number> | number): void
  /** The page in Prometheus' text format. */
  page(): Promise<{ readonly type: string; readonly text: string }>
}

/** Loads the client (60 ms) and registers the process's own numbers. */
export async function openMetrics(): Promise<Metrics> {
  const { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'assay_' })
  const registers = [registry]
  const series = {
    requests: new Histogram({
      name: 'assay_http_request_duration_seconds',
      help: 'How long requests took.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
    analyses: new Counter({
      name: 'assay_analyses_total',
      help: 'Finished analyses by analyzer and outcome.',
      labelNames: ['analyzer', 'outcome'],
      registers,
    }),
    durations: new Histogram({
      name: 'assay_analysis_duration_seconds',
      help: 'How long analyses took.',
      labelNames: ['analyzer'],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60],
      registers,
    }),
  }
  return {
    request: ({ method, route, status, seconds }) =>
      series.requests.observe({ method, route, status: String(status) }, seconds),
    analysis({ analyzer, outcome, seconds }) {
      series.analyses.inc({ analyzer, outcome })
      series.durations.observe({ analyzer }, seconds)
    },
    observe(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read())
        },
      })
    },
    page: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  }
}
