import { z } from 'zod'
import { Unavailable } from '#platform/errors'
import { definePublicRoute, defineRoute, type Route } from '#platform/http'

const count = z.int().min(0)

export const analyzerSchema = z
  .object({
    id: z.string(),
    version: z.string(),
    title: z.string(),
    description: z.string(),
    category: z.string(),
    needs: z.record(z.string(), z.boolean()).describe('`network`, `running`, `browser`, `exclusive`, `llm`.'),
    canary: z.object({
      state: z.enum(['passed', 'failed', 'not_run']).describe('Whether it found its planted defect on this machine.'),
      reason: z.string().optional(),
      at: z.iso.datetime().optional(),
    }),
    available: z.boolean(),
    reason: z.string().optional(),
    install: z.string().optional(),
  })
  .meta({ id: 'Analyzer' })
export type AnalyzerResource = z.infer<typeof analyzerSchema>

export const systemSchema = z
  .object({
    version: z.string(),
    node: z.string(),
    platform: z.string(),
    uptimeSeconds: z.number().min(0),
    memoryMb: z.number().min(0),
    database: z.object({ kind: z.enum(['pglite', 'postgres']), version: z.string(), sizeBytes: count }),
    queue: z.object({
      queued: count,
      active: count,
      failed: count,
      deadLetters: z.array(
        z.object({
          id: z.string(),
          queue: z.string(),
          error: z.string(),
          failedAt: z.iso.datetime(),
          data: z.unknown(),
        }),
      ),
    }),
    workers: z.array(
      z.object({ id: z.string(), host: z.string(), pid: z.int(), lastSeen: z.iso.datetime(), active: count }),
    ),
    analyzers: z.array(analyzerSchema),
    tools: z.array(
      z.object({
        name: z.string(),
        found: z.boolean(),
        version: z.string().optional(),
        neededFor: z.string(),
        install: z.string(),
      }),
    ),
  })
  .meta({ id: 'System' })
export type SystemResource = z.infer<typeof systemSchema>

const checksSchema = z.record(z.string(), z.enum(['ok', 'failing']))

export interface SystemServices {
  /** What depends on the machine: database, queue, workers, analyzers, tools. */
  describe(): Promise<Omit<SystemResource, 'version' | 'node' | 'platform' | 'uptimeSeconds' | 'memoryMb'>>
  analyzers(): Promise<readonly AnalyzerResource[]>
  /** What must work before requests are useful; never throws. */
  checks(): Promise<Readonly<Record<string, 'ok' | 'failing'>>>
}

/** @param version of Assay */
export function systemRoutes(system: SystemServices, version: string): Route[] {
  const tags = ['system'] as const
  return [
    definePublicRoute({
      method: 'GET',
      path: '/health',
      summary: 'Tell whether the process answers',
      tags,
      response: z.object({ status: z.literal('ok') }),
      handle: () => ({ status: 'ok' as const }),
    }),
    definePublicRoute({
      method: 'GET',
      path: '/ready',
      summary: 'Tell whether everything a request needs works',
      tags,
      response: z.object({ status: z.literal('ready'), checks: checksSchema }),
      async handle() {
        const checks = await system.checks()
        const failing = Object.keys(checks).filter((name) => checks[name] !== 'ok')
        if (failing.length === 0) return { status: 'ready' as const, checks: { ...checks } }
        throw new Unavailable(`Not ready: ${failing.join(', ')}.`, { next: 'Look at the log of the server.' })
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/system',
      role: 'viewer',
      summary: 'Show the health of the installation',
      tags,
      response: systemSchema,
      handle: async () => ({
        version,
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
        uptimeSeconds: Math.round(process.uptime()),
        memoryMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
        ...(await system.describe()),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/analyzers',
      role: 'viewer',
      summary: 'List analyzers and what they need here',
      tags,
      response: z.object({ items: z.array(analyzerSchema).readonly() }),
      handle: async () => ({ items: await system.analyzers() }),
    }),
  ]
}
