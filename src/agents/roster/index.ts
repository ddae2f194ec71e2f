import type { Agent } from '#agents/engine'
import { infosec } from './infosec.ts'
import { inspector } from './inspector.ts'

export { type AgentReport, type Point, reportSchema } from './report.ts'

/** Every agent Assay has, in the order tables show them. */
export const roster: readonly Agent[] = [inspector, infosec]
