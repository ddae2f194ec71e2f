export { type Application, migrations, openApplication } from './application.ts'
export { describeApi } from './describe.ts'
export { type ApiServices, apiRoutes } from './routes.ts'
export { type RunningServer, type ServedApplication, type ServerOptions, startServer } from './server.ts'
export {
  type AnalyzerResource,
  analyzerSchema,
  type SystemResource,
  type SystemServices,
} from './system-routes.ts'
