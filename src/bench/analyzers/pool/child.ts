/** Entry of an analyzing process. */
import { dieWithParent } from './watch.ts'

dieWithParent()
const [{ serveAnalyses }, { analyzerById }] = await Promise.all([import('./serve.ts'), import('../registry.ts')])
serveAnalyses(analyzerById)
