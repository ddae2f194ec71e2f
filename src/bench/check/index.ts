export { type CheckOptions, type CheckProgress, checkProject, selectAnalyzers } from './check.ts'
