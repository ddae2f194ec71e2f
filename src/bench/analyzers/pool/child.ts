/** Entry of an analyzing process. */
import { analyzerById } from '../registry.ts'
import { serveAnalyses } from './serve.ts'

serveAnalyses(analyzerById)
