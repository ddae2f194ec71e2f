import type { AppSnapshot } from '#bench/apps'
import type { RunningApp } from '#bench/launch'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { NotApplicable } from '../errors.ts'
import { startApp } from '../running-app.ts'
import { latencyChart } from './chart.ts'
import { allChecks } from './checks.ts'
import { type Measurement, runCourse, type Subject } from './course.ts'
import { chooseEndpoints } from './endpoints.ts'
import { findingsOf } from './judge.ts'
import { metricsOf } from './metrics.ts'
import { type LoadPlan, readOptions } from './options.ts'

/** A profile and what is measured around it take longer than the sandbox gives an app by itself. */
const limits = { wallSeconds: 1800, cpuSeconds: 3600 }

/** Starts the app and loads it. */
export async function analyzeLoad(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const plan = readOptions(context.options)
  await using running = await startApp(app, context, { limits })
  return await loadRunning(app, subjectOf(running), plan, context)
}

/** What is loaded is the backend: pages built once are served by Assay itself. */
function subjectOf(running: RunningApp): Subject {
  const { origin, socket } = running.backend ?? running
  let end: string | undefined
  void running.sandbox.ended.then(({ message }) => {
    end = message
  })
  return {
    origin,
    socket,
    alive: () => running.alive(),
    usage: () => running.sandbox.usage(),
    ending: () => [
      ...(end === undefined ? [] : [end]),
      ...lastWords(running.logs().map(({ text }) => text)).map((line) => `It printed last: ${line}`),
    ],
  }
}

/** What is worth reading of the end of a log: not where each frame of a stack was. */
function lastWords(lines: readonly string[]): readonly string[] {
  return lines
    .slice(-30)
    .filter((line) => line.trim() !== '' && !/^\s+(?:at |File |\^)/.test(line))
    .slice(-5)
}

/** Loads an app that runs already. @throws NotApplicable when it has no address to load */
export async function loadRunning(
  app: AppSnapshot,
  subject: Subject,
  plan: LoadPlan,
  context: AnalysisContext,
): Promise<AnalysisResult> {
  const { signal, log } = context
  const { chosen, left } = await chooseEndpoints(app, subject, plan.paths, signal)
  if (chosen.length === 0) {
    const why = left.map(({ path, reason }) => `${path}: ${reason}`).join('; ')
    throw new NotApplicable(`No address of the app answers a plain GET with 2xx (${why}).`, {
      next: 'Name addresses with the option paths.',
    })
  }
  const measured = await runCourse(subject, chosen, plan, signal, (message) => log(message))
  await keepSeries(measured, plan, context)
  return {
    findings: findingsOf(measured, chosen, subject, plan),
    metrics: metricsOf(measured),
    coverage: { analysed: chosen.length, total: chosen.length + left.length, gaps: left },
    checks: allChecks(measured, plan),
  }
}

async function keepSeries(measured: Measurement, plan: LoadPlan, { keep }: AnalysisContext): Promise<void> {
  const { alone, concurrency, ...rest } = measured
  const series = {
    profile: plan.model,
    alone: alone.map(({ endpoint, milliseconds }) => ({ path: endpoint.path, milliseconds })),
    concurrency: concurrency.map(({ endpoint, ...figures }) => ({ path: endpoint.path, ...figures })),
    ...rest,
  }
  await keep(
    { name: 'load.json', title: 'All figures of the load, second by second', mediaType: 'application/json' },
    JSON.stringify(series, null, 1),
  )
  if (measured.main === undefined) return
  await keep(
    { name: 'latency.svg', title: 'Latency during the load profile', mediaType: 'image/svg+xml' },
    latencyChart(measured.main.seconds),
  )
}
