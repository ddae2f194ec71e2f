import { settled } from '../checks/settled.ts'
import type { Model } from './model.ts'

/** What other models noted as wrong, reported when nothing put it in order. */
export const settledModel: Model = { observers: [settled] }
