export { type Bus, type BusEvent, createBus, type Subscription } from './bus.ts'
export { connectPostgres } from './postgres.ts'
