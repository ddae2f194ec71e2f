export * from './finding-resources.ts'
export { type FindingRouteServices, findingRoutes } from './finding-routes.ts'
export * from './resources.ts'
export { type ExportFormat, exportFormats, type RetryOutcome, type StudyRouteServices, studyRoutes } from './routes.ts'
