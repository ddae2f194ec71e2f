export { type DeadLetter, type Job, openQueue, type Queue, type QueueCounts, type QueueDefinition } from './queue.ts'
