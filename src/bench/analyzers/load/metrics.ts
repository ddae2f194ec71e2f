import type { Measurement } from './course.ts'
import type { LoadReport } from './generator/generate.ts'
import { memoryTrend } from './memory-trend.ts'
import { busyProcessors } from './usage.ts'

/** The figures of a load, each with its unit in its name. What was not measured is not there. */
export function metricsOf({
  warmUp,
  main,
  saturated,
  knee,
  usage,
  alone,
}: Measurement): Readonly<Record<string, number>> {
  const trend = memoryTrend(usage.main)
  return {
    endpoints: alone.length,
    ...(main === undefined ? {} : reportMetrics(main)),
    ...(main === undefined ? {} : { 'generator.lateness.p99.ms': rounded(main.lateness.p99) }),
    ...(warmUp === undefined
      ? {}
      : { 'warm-up.requests': warmUp.due, 'warm-up.latency.p95.ms': rounded(warmUp.latency.p95) }),
    ...given('saturated.throughput.per-second', saturated?.throughput),
    ...given('knee.held.per-second', knee?.held),
    ...given('knee.failed.per-second', knee?.failed),
    ...given('cpu.mean.processors', busyProcessors(usage.main)),
    ...given(
      'memory.peak.mib',
      usage.all.length === 0 ? undefined : Math.max(...usage.all.map(({ memory }) => memory)),
    ),
    ...given('memory.slope.mib-per-second', trend?.slope),
  }
}

function reportMetrics({ due, succeeded, errorRate, latency, throughput }: LoadReport): Record<string, number> {
  return {
    'requests.due': due,
    'requests.failed': due - succeeded,
    'requests.failed.share': rounded(errorRate),
    'throughput.per-second': rounded(throughput),
    'latency.p50.ms': rounded(latency.p50),
    'latency.p90.ms': rounded(latency.p90),
    'latency.p95.ms': rounded(latency.p95),
    // With fewer requests these would be the slowest one by another name.
    ...(due < 100 ? {} : { 'latency.p99.ms': rounded(latency.p99) }),
    ...(due < 1000 ? {} : { 'latency.p999.ms': rounded(latency.p999) }),
    'latency.max.ms': rounded(latency.max),
  }
}

function given(name: string, value: number | undefined): Record<string, number> {
  return value === undefined ? {} : { [name]: rounded(value) }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
