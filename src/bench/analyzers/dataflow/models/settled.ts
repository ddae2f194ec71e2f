import { classViews } from '../checks/class-views.ts'
import { settled } from '../checks/settled.ts'
import type { Model } from './model.ts'

/** What other models noted as wrong, reported when nothing put it in order; and views that are classes. */
export const settledModel: Model = { observers: [classViews, settled] }
