import { analysisTools } from './bench/analyze.ts'
import { describeTool } from './bench/describe.ts'
import { fileTools } from './bench/files.ts'
import type { BenchServices } from './bench/services.ts'
import type { Tool } from './contract.ts'

export { analysisSchema, type ToolAnalysis } from './bench/analyze.ts'
export { appDescriptionSchema } from './bench/describe.ts'
export type { BenchServices } from './bench/services.ts'
export { callTool } from './call.ts'
export * from './contract.ts'

/** Every tool there is, on these services. */
export function builtInTools(services: BenchServices): readonly Tool[] {
  return [describeTool(services), ...fileTools(services), ...analysisTools(services)]
}
