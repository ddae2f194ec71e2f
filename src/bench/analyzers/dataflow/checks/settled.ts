import type { Observer } from '../analysis/observer.ts'
import { reportSettled } from '../analysis/pending.ts'

/** Reports what was left wrong when a module is loaded, a request is answered or a function nobody calls has run. */
export const settled: Observer = {
  finished(frame, engine) {
    if (frame.depth <= 1) reportSettled(frame, engine)
  },
}
