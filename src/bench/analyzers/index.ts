export * from './contract.ts'
export { AnalyzerUnavailable } from './errors.ts'
export { analyzerById, analyzers } from './registry.ts'
